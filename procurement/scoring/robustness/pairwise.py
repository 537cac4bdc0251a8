"""How sure one bid is before another over all weights: exact, no draw is made.

The share of the simplex where d·w ≤ 0 follows from the recurrence of Varsi (1973, Pacific J. Math.
46(1) 303-314) and Ali (1973, ibid. 48(2) 313-322); all its terms are positive, so floats lose
nothing to cancellation (error below 1e-15 for any number of criteria met here).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix


def exact_confidence(differences: Sequence[int | Fraction]) -> Fraction:
    """Return P(d·w > 0) for w uniform on the simplex; 0 when every difference is 0."""
    below = [Fraction(d) for d in differences if d < 0]
    above = [Fraction(d) for d in differences if d >= 0]
    if not below and not any(above):
        return Fraction(0)
    shares = [Fraction(1)] + [Fraction(0)] * len(above)
    for x in below:
        for place, y in enumerate(above, 1):
            shares[place] = (y * shares[place] - x * shares[place - 1]) / (y - x)
    return 1 - shares[-1]


def exact_pairwise(matrix: ScoreMatrix, bid: int) -> tuple[Fraction, ...]:
    """Return for one bid how sure it is before each other; equal bids by their priority."""
    scores = [[int(points) for points in row] for row in matrix.scores]
    mine = scores[bid]
    return tuple(
        Fraction(int(matrix.priority[bid] > matrix.priority[other]))
        if theirs == mine
        else exact_confidence([a - b for a, b in zip(mine, theirs, strict=True)])
        for other, theirs in enumerate(scores)
    )


def pairwise(matrix: ScoreMatrix, among: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return float64 [m, m]: how sure the bid of the row is before the bid of the column.

    Both directions add up to 1; the diagonal is 0. ``among``: places of the bids that are
    compared, by default all; every other pair is not a number.
    """
    m = len(matrix.bids)
    asked = np.array(range(m) if among is None else sorted(among), np.intp)
    first, second = (asked[places] for places in np.triu_indices(len(asked), 1))
    found = np.full((m, m), np.nan)
    np.fill_diagonal(found, 0)
    below = _share_not_above((matrix.scores[first] - matrix.scores[second]).T)
    same = (matrix.scores[first] == matrix.scores[second]).all(axis=1)
    below[same] = matrix.priority[first[same]] < matrix.priority[second[same]]
    found[first, second], found[second, first] = 1 - below, below
    return found


def _share_not_above(differences: NDArray[np.int64]) -> NDArray[np.float64]:
    # [n, pairs]. A criterion on the other side enters with 0, which leaves the recurrence alone:
    # as y = 0 it hands its neighbour's share on, as x = 0 it changes nothing.
    x = np.maximum(-differences, 0).astype(np.float64)
    y = np.maximum(differences, 0).astype(np.float64)
    shares = np.zeros((len(x) + 1, x.shape[1]))
    shares[0] = 1
    for h in range(len(x)):
        whole = y + x[h]
        np.copyto(whole, 1, where=whole == 0)
        kept, moved = y / whole, x[h] / whole
        np.copyto(kept, 1, where=(x[h] == 0))
        for place in range(1, len(x) + 1):
            shares[place] *= kept[place - 1]
            shares[place] += moved[place - 1] * shares[place - 1]
    last: NDArray[np.float64] = shares[-1]
    return last
