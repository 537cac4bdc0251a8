"""Small linear programs in floats: they only propose, what they propose is checked in integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-9
_MOST_PIVOTS = 2_000

Proposal = tuple[NDArray[np.float64], NDArray[np.float64], float]
"""Weights of the criteria, shares of the rivals, and by how much the bid leads at best."""


def solved(leads: NDArray[np.int64]) -> Proposal:
    """Play the matrix game: weights that make the smallest lead largest, shares that keep it small.

    ``leads``: int64 [rivals, n], points by which the bid is before each rival. The simplex method
    on the dense tableau, started from its slack variables (all entries are made positive first).
    """
    shift = 1.0 - float(leads.min())
    rivals, n = leads.shape
    scale = float(leads.max()) + shift
    table = np.zeros((n + 1, rivals + n + 1))
    table[:n, :rivals] = (leads.T + shift) / scale
    table[:n, rivals:-1] = np.eye(n)
    table[:n, -1] = 1
    table[n, :rivals] = -1
    basis = _pivoted(table)
    shares = np.zeros(rivals + n)
    shares[basis] = table[:n, -1]
    value = 1 / table[n, -1]
    return table[n, rivals:-1] * value, shares[:rivals] * value, value * scale - shift


def _pivoted(table: NDArray[np.float64]) -> NDArray[np.intp]:
    n = len(table) - 1
    basis = np.arange(table.shape[1] - 1 - n, table.shape[1] - 1)
    for _ in range(_MOST_PIVOTS):
        column = int(np.argmin(table[n, :-1]))
        if table[n, column] >= -_TINY:
            break
        entries = table[:n, column]
        ratios = np.full(n, np.inf)
        np.divide(table[:n, -1], entries, out=ratios, where=entries > _TINY)
        row = int(np.argmin(ratios))
        basis[row] = column
        table[row] /= table[row, column]
        factors = table[:, column].copy()
        factors[row] = 0
        table -= np.outer(factors, table[row])
    return basis


def solved_with_ties(leads: NDArray[np.int64], beats_on_tie: NDArray[np.bool_]) -> Proposal | None:
    """Ask HiGHS for weights with the largest lead over the rivals that a tie does not beat.

    Over the others no lead is needed. None when there are no such weights.
    """
    from scipy.optimize import linprog  # noqa: PLC0415  (a third of a second, seldom needed)

    rivals, n = leads.shape
    scale = max(1.0, float(np.abs(leads).max()))
    answer = linprog(
        [0.0] * n + [-1.0],
        A_ub=np.column_stack([-leads / scale, np.where(beats_on_tie, 0.0, 1.0)]),
        b_ub=np.zeros(rivals),
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, 1)],
        method="highs",
    )
    if answer.status != 0:
        return None
    return answer.x[:n], -answer.ineqlin.marginals, float(answer.x[n]) * scale


def exact_solution(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Solve linear equations by Gauss and Jordan's elimination; free unknowns are 0.

    None when the equations contradict each other.
    """
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    unknowns = len(rows[0])
    pivots: list[int] = []
    for column in range(unknowns):
        place = len(pivots)
        row = next((i for i in range(place, len(table)) if table[i][column]), None)
        if row is None:
            continue
        table[place], table[row] = table[row], table[place]
        head = table[place][column]
        table[place] = [value / head for value in table[place]]
        for other, line in enumerate(table):
            if other != place and line[column]:
                factor = line[column]
                table[other] = [a - factor * b for a, b in zip(line, table[place], strict=True)]
        pivots.append(column)
    if any(line[-1] for line in table[len(pivots) :]):
        return None
    found = [Fraction(0)] * unknowns
    for place, column in enumerate(pivots):
        found[column] = table[place][-1]
    return found
