"""Packages, capacities and shares: a mixed-integer programme through HiGHS, checked in integers.

What makes a float solver's answer an exact one:
costs are shifted per lot and divided by their common divisor, so that one unit is at least one
centime; rows keep half a unit of air, so that no tolerance can cut off an allowed choice; every
answer is checked in integers, and one that breaks a row by less than the tolerance is forbidden
and the search goes on; « proven » asks that the solver's bound is less than one unit away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, gcd
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.allocation.model import Model, Row, forbidding
from procurement.scoring.allocation.solving import IMPOSSIBLE, Answer, Effort
from procurement.scoring.errors import PrecisionExceeded

if TYPE_CHECKING:
    from scipy.sparse import csc_array

BITS = 44
"""Totals up to 2^44 units leave a double 8 bits below the unit: enough to tell one unit apart."""
ROW_BITS = 20
"""Rows are scaled down by a power of two until their weights fit."""
ROW_REACH = 52
"""All weights of a row together, in bits: their sums stay exact in a double."""
REFUSED_AT_MOST = 50
"""How many near-feasible answers of the solver are forbidden before the numbers are refused."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Scaled:
    """A model's costs in small units: ``cost = offset of its lots + unit · scaled``."""

    costs: Vector
    unit: int
    offset: int

    def back(self, scaled: float) -> int:
        """Return the least whole total that a lower bound in units still allows."""
        return self.offset + self.unit * max(ceil(scaled - 0.5), self.least)

    @property
    def least(self) -> int:
        """No choice costs less than the sum of the negative costs."""
        return int(np.minimum(self.costs, 0).sum())


@dataclass(frozen=True)
class Matrix:
    """The rows of a programme: lots first, then limits."""

    entries: csc_array
    low: Vector
    high: Vector


def solve_milp(model: Model, effort: Effort) -> Answer:
    """Return the cheapest choice that covers the lots and keeps the rows.

    Raises:
        PrecisionExceeded: the amounts are too large or too close for the solver's arithmetic.
    """
    scaled = scale(model)
    for _ in range(REFUSED_AT_MOST):
        answer = _solved(model, scaled, effort)
        if answer.chosen is None or model.kept(answer.chosen):
            return answer
        model = replace(model, rows=(*model.rows, forbidding(model, answer.chosen)))
    raise PrecisionExceeded("limits", needed=BITS + 1, available=BITS)


def scale(model: Model) -> Scaled:
    """Shift the costs by a price per lot that must be awarded, then divide by what they share.

    Raises:
        PrecisionExceeded: a total could need more than 44 bits.
    """
    price = _prices(model)
    costs = [
        cost - sum(price[lot] for lot in lots)
        for cost, lots in zip(model.costs, model.covers, strict=True)
    ]
    unit = gcd(*costs) or 1
    units = [cost // unit for cost in costs]
    reach = [0] * len(model.lots)
    alone = 0
    for cost, lots in zip(units, model.covers, strict=True):
        for lot in lots:
            reach[lot] = max(reach[lot], abs(cost))
        alone += 0 if lots else abs(cost)
    needed = (sum(reach) + alone).bit_length()
    if needed > BITS:
        raise PrecisionExceeded("offers", needed=needed, available=BITS)
    return Scaled(np.array(units, dtype=np.float64), unit, sum(price))


def _prices(model: Model) -> list[int]:
    """Return per lot the least share of an offer's cost; 0 where the lot may stay uncovered."""
    least: dict[int, int] = {}
    for cost, lots in zip(model.costs, model.covers, strict=True):
        for lot in lots:
            share = cost // len(lots)
            if lot not in least or share < least[lot]:
                least[lot] = share
    return [0 if lot in model.optional else least.get(lot, 0) for lot in model.lots]


def matrix_of(model: Model) -> Matrix:
    """Return the rows as one sparse matrix, with half a unit of air above each limit."""
    from scipy.sparse import csc_array  # noqa: PLC0415 (slow to import)

    rows = [np.array([lot for lots in model.covers for lot in lots], dtype=np.int64)]
    columns = [np.repeat(np.arange(len(model.costs)), [len(lots) for lots in model.covers])]
    values = [np.ones(len(rows[0]))]
    high = [1.0] * len(model.lots)
    for place, row in enumerate(model.rows, start=len(model.lots)):
        weights, most = _scaled_row(row)
        rows.append(np.full(len(weights), place))
        columns.append(np.array(row.columns, dtype=np.int64))
        values.append(weights)
        high.append(most)
    low = np.full(len(high), -np.inf)
    low[[lot for lot in model.lots if lot not in model.optional]] = 1.0
    shape = (len(high), len(model.costs))
    where = (np.concatenate(rows), np.concatenate(columns))
    entries = csc_array((np.concatenate(values), where), shape=shape)
    return Matrix(entries, low, np.array(high))


def per_unit(row: Row) -> float:
    """Return by how much a row is scaled down for the solver; its shared divisor is taken out."""
    shared = gcd(*row.weights) or 1
    largest = max((abs(weight) for weight in row.weights), default=shared) // shared
    return float(2.0 ** -max(0, largest.bit_length() - ROW_BITS) / shared)


def _scaled_row(row: Row) -> tuple[Vector, float]:
    shared = gcd(*row.weights) or 1
    weights = [weight // shared for weight in row.weights]
    needed = sum(abs(weight) for weight in weights).bit_length()
    if needed > ROW_REACH:
        raise PrecisionExceeded(str(row.limit or "limits"), needed=needed, available=ROW_REACH)
    power = per_unit(row) * shared
    return np.array(weights, dtype=np.float64) * power, (row.most // shared + 0.5) * power


def _solved(model: Model, scaled: Scaled, effort: Effort) -> Answer:
    if not model.costs:
        return Answer((), 0, 0, proven=True) if model.kept(()) else IMPOSSIBLE
    from procurement.scoring.allocation.pricing import through_core  # noqa: PLC0415 (a circle)

    matrix = matrix_of(model)
    answer = through_core(model, scaled, matrix, effort)
    return answer or run(model, scaled, matrix, effort)


def run(
    model: Model,
    scaled: Scaled,
    matrix: Matrix,
    effort: Effort,
    columns: NDArray[np.int64] | None = None,
) -> Answer:
    """Let HiGHS solve the programme, over some ``columns`` only if they are given."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (slow to import)

    if not effort.left:
        return Answer(None, None, scaled.offset + scaled.unit * scaled.least, proven=False)
    kept = np.arange(len(model.costs)) if columns is None else columns
    result = milp(
        scaled.costs[kept],
        integrality=np.ones(len(kept)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix.entries[:, kept], matrix.low, matrix.high),
        options={"mip_rel_gap": 0, "presolve": True, "node_limit": effort.left},
    )
    effort.spend(result.mip_node_count or 0)
    return read(model, scaled, result, kept)


def read(model: Model, scaled: Scaled, result: Any, kept: NDArray[np.int64]) -> Answer:
    """Turn the solver's floats into whole columns and an exact total; believe no status alone."""
    if result.status == 2:
        return IMPOSSIBLE
    bound = result.mip_dual_bound
    known = bound is not None and np.isfinite(bound)
    floor = scaled.back(bound) if known else scaled.offset + scaled.unit * scaled.least
    if result.x is None:
        return Answer(None, None, floor, proven=False)
    chosen = tuple(int(column) for column in kept[result.x > 0.5])
    total = model.total(chosen)
    if result.status == 0 and floor >= total:
        return Answer(chosen, total, total, proven=True)
    return Answer(chosen, total, min(floor, total), proven=False)
