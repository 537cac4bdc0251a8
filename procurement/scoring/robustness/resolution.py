"""The order under the published weights, and leads that are smaller than one rounding step."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix

WHOLE = 10_000


@dataclass(frozen=True)
class CloseCall:
    """Two neighbours in the order whose distance, in points, is below one kept decimal."""

    ahead: str
    behind: str
    lead: Fraction


def totals(matrix: ScoreMatrix, scores: NDArray[np.int64] | None = None) -> list[int]:
    """Return each bid's weighted sum: points times ``10 ** decimals`` times 10,000."""
    rows = (matrix.scores if scores is None else scores).tolist()
    return [sum(w * s for w, s in zip(matrix.weights, row, strict=True)) for row in rows]


def published_order(matrix: ScoreMatrix) -> tuple[int, ...]:
    """Return the bids' places in the matrix from first to last; equal bids by their priority."""
    points, priority = totals(matrix), matrix.priority.tolist()
    return tuple(
        sorted(range(len(points)), key=lambda bid: (points[bid], priority[bid]), reverse=True)
    )


def margin(matrix: ScoreMatrix, points: list[int]) -> tuple[int, int | None, int]:
    """Return the first bid, the second (None when alone) and the difference of their sums."""
    priority = matrix.priority.tolist()
    order = sorted(range(len(points)), key=lambda b: (points[b], priority[b]), reverse=True)
    if len(order) == 1:
        return order[0], None, points[order[0]]
    return order[0], order[1], points[order[0]] - points[order[1]]


def close_calls(matrix: ScoreMatrix) -> tuple[CloseCall, ...]:
    """Name the neighbours whose distance is less than one step of the rounding."""
    points, order = totals(matrix), published_order(matrix)
    return tuple(
        CloseCall(
            matrix.bids[ahead],
            matrix.bids[behind],
            Fraction(points[ahead] - points[behind], WHOLE * 10**matrix.decimals),
        )
        for ahead, behind in pairwise(order)
        if points[ahead] - points[behind] < WHOLE
    )
