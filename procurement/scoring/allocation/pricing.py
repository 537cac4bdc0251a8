"""Most offers cannot matter: prices of the relaxed programme prove it in integers.

For any price per lot and per limit, L = Σ prices·rights + Σ min(0, reduced cost) is a lower bound
on every allocation (Lagrange), and an allocation that uses column j costs at least L + reduced
cost of j (or L, if that is negative). Prices come from a linear programme in floats; the bound is
computed from them in integers, so a column is left out only when it provably cannot belong to a
cheaper allocation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.allocation.milp import Matrix, Scaled, per_unit, run
from procurement.scoring.allocation.model import Model
from procurement.scoring.allocation.solving import Answer, Effort

FINE = 1 << 16
"""Prices are rounded to this fraction of a unit."""
COARSE = 1 << 32
FINER = FINE * COARSE
"""Prices of limits count single centimes of a share, and need more digits."""
SAFE = 1 << 62
FEWEST = 1500
"""Below this many columns the solver alone is as fast."""
PER_LOT = 6
"""How many columns per lot are tried first, those of the least reduced cost."""


@dataclass(frozen=True)
class Priced:
    """An exact lower bound and reduced costs, both in 1/65536 of a unit.

    ``broken``: how many columns the relaxed programme cuts in pieces.
    """

    bound: int
    reduced: NDArray[np.int64]
    broken: int


def through_core(model: Model, scaled: Scaled, matrix: Matrix, effort: Effort) -> Answer | None:
    """Solve over few columns and prove that the others cannot help; none when it would not pay."""
    few = PER_LOT * len(model.lots)
    if len(model.costs) < max(FEWEST, 2 * few):
        return None
    priced = prices(model, scaled, matrix)
    if priced is None or priced.broken > len(model.lots) // 2:
        return None
    order = np.argsort(priced.reduced, kind="stable")
    core = np.sort(order[:few])
    first = run(model, scaled, matrix, effort, core)
    if first.impossible:
        return None
    if not first.proven or first.total is None:
        # No step is left: what is known is the exact bound, better than the solver's on the core.
        floor = scaled.back(priced.bound / FINE)
        known = floor if first.total is None else min(floor, first.total)
        return Answer(first.chosen, first.total, known, proven=False)
    units = (first.total - scaled.offset) // scaled.unit
    useful = np.flatnonzero(priced.reduced <= (units - 1) * FINE - priced.bound)
    missing = np.setdiff1d(useful, core, assume_unique=True)
    if not len(missing):
        return first
    return run(model, scaled, matrix, effort, np.union1d(core, missing))


def prices(model: Model, scaled: Scaled, matrix: Matrix) -> Priced | None:
    """Return the bound that the relaxed programme's prices give; none if it has no answer."""
    from scipy.optimize import linprog  # noqa: PLC0415 (slow to import)

    lots = len(model.lots)
    rows = matrix.entries.tocsr()
    must = np.isfinite(matrix.low)
    result = linprog(
        scaled.costs,
        A_ub=rows[~must],
        b_ub=matrix.high[~must],
        A_eq=rows[must],
        b_eq=matrix.low[must],
        bounds=(0, 1),
        method="highs-ds",
    )
    if result.status != 0:
        return None
    raw = np.empty(len(matrix.high))
    raw[must] = result.eqlin.marginals
    raw[~must] = np.minimum(result.ineqlin.marginals, 0)
    broken = int(((result.x > 1e-6) & (result.x < 1 - 1e-6)).sum())
    return _exactly(model, scaled, raw, lots, broken)


def _exactly(
    model: Model, scaled: Scaled, raw: NDArray[np.float64], lots: int, broken: int
) -> Priced | None:
    """Repeat the bound in integers, with the prices rounded and every remainder against us."""
    if np.abs(scaled.costs).max(initial=0) * FINE * 8 >= SAFE:
        return None
    lot_price = [round(float(price) * FINE) for price in raw[:lots]]
    reduced = [
        int(cost) * FINE - sum(lot_price[lot] for lot in covered)
        for cost, covered in zip(scaled.costs, model.covers, strict=True)
    ]
    bound = sum(lot_price)
    for row, price in zip(model.rows, raw[lots:], strict=True):
        fine = round(float(price) * per_unit(row) * FINER)
        if not fine:
            continue
        bound += fine * row.most // COARSE
        for column, weight in zip(row.columns, row.weights, strict=True):
            reduced[column] += -fine * weight // COARSE
    bound += sum(cost for cost in reduced if cost < 0)
    return Priced(bound, np.array(reduced, dtype=np.int64), broken)
