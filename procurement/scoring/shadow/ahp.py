"""AHP: weights from comparisons of criteria in pairs, before they are published and never after.

Saaty, International Journal of Services Sciences 1 (2008) 83-98. Bids are not compared this way:
a copy of one can turn the order round (Belton, Gear 1983).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from procurement.scoring.errors import ComparisonMissing, NotComparable
from procurement.scoring.outcome import Line
from procurement.scoring.shadow.decision import Floats

RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip
"""Saaty's mean consistency index of random matrices of 1 to 15 criteria."""

CONSISTENT = 0.1
"""A consistency ratio above this asks for the comparisons to be made again (Saaty)."""

WHOLE = 10_000

Prioritised = Literal["eigenvector", "geometric_mean"]


@dataclass(frozen=True)
class Ahp:
    """Weights that comparisons amount to.

    Attributes:
        weights: shares of sum 1 [n], by ``by``.
        basis_points: the same in hundredths of a percent, together exactly 10,000.
        lambda_max: principal eigenvalue; n when the comparisons agree with each other.
        consistency_index: (lambda_max - n) / (n - 1).
        consistency_ratio: the index over that of random comparisons; 0 for one or two criteria.
        warnings: says so when the ratio is above 0.1.
    """

    weights: Floats
    basis_points: tuple[int, ...]
    by: Prioritised
    lambda_max: float
    consistency_index: float
    consistency_ratio: float
    warnings: tuple[Line, ...] = ()
    decides: Literal[False] = False


def ahp(comparisons: ArrayLike, *, by: Prioritised = "eigenvector") -> Ahp:
    """Return the weights of n criteria from their reciprocal comparisons [n, n].

    ``comparisons[i][j]``: how many times more criterion i matters than criterion j; NaN or 0 when
    nobody compared them.

    Raises:
        ComparisonMissing: a pair was not compared.
        NotComparable: not square, not positive, not reciprocal, or more than 15 criteria.
    """
    matrix = _reciprocal(np.asarray(comparisons, dtype=np.float64))
    n = len(matrix)
    principal, largest = _principal(matrix)
    weights = principal if by == "eigenvector" else _geometric(matrix)
    index = max(0.0, (largest - n) / (n - 1)) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    warnings = (_inconsistent(ratio),) if ratio > CONSISTENT else ()
    return Ahp(weights, shared_out(weights), by, largest, index, ratio, warnings)


def compared(
    elements: Sequence[str], comparisons: Mapping[tuple[str, str], Fraction | int]
) -> Floats:
    """Return the reciprocal matrix [n, n] of « the first matters so many times more ».

    Raises:
        ComparisonMissing: a pair was not compared, either way round.
        NotComparable: a pair is unknown or there twice, or its judgement is not positive.
    """
    place = {name: number for number, name in enumerate(elements)}
    matrix = np.eye(len(elements))
    for (left, right), times in comparisons.items():
        if left not in place or right not in place or left == right or (right, left) in comparisons:
            raise NotComparable(f"{left}/{right}", why="each pair of criteria is compared once")
        if times <= 0:
            raise NotComparable(f"{left}/{right}", why="a judgement is a positive number")
        matrix[place[left], place[right]] = float(times)
        matrix[place[right], place[left]] = float(1 / Fraction(times))
    missing = [
        (left, right)
        for left in elements
        for right in elements
        if place[left] < place[right] and not {(left, right), (right, left)} & set(comparisons)
    ]
    if missing:
        raise ComparisonMissing(left=missing[0][0], right=missing[0][1])
    return matrix


def shared_out(weights: Floats, whole: int = WHOLE) -> tuple[int, ...]:
    """Share ``whole`` out by largest remainder: the parts add up to it exactly."""
    # A binary float is an exact rational: from here on nothing is rounded but the parts themselves.
    exact = [Fraction(float(one)) for one in weights]
    total = sum(exact)
    quotas = [one * whole / total for one in exact]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda n: (parts[n] - quotas[n], n))
    for n in by_remainder[: whole - sum(parts)]:
        parts[n] += 1
    return tuple(parts)


def _reciprocal(matrix: Floats) -> Floats:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise NotComparable("comparisons", why="as many rows as columns are needed")
    if len(matrix) > len(RANDOM_INDEX):
        raise NotComparable("comparisons", why="more than 15 criteria cannot be compared in pairs")
    missing = np.argwhere(np.isnan(matrix) | (matrix == 0))
    if missing.size:
        left, right = missing[0].tolist()
        raise ComparisonMissing(left=left + 1, right=right + 1)
    if not (np.isfinite(matrix) & (matrix > 0)).all():
        raise NotComparable("comparisons", why="a judgement is a positive number")
    if not np.allclose(matrix * matrix.T, 1.0, rtol=1e-6, atol=0):
        raise NotComparable("comparisons", why="« i over j » and « j over i » are reciprocal")
    return matrix


def _principal(matrix: Floats) -> tuple[Floats, float]:
    """Return the principal eigenvector with sum 1 and its eigenvalue (real: Perron)."""
    values, vectors = np.linalg.eig(matrix)
    first = int(values.real.argmax())
    vector: Floats = np.abs(vectors[:, first].real)
    total = float(vector.sum())
    return vector / total, float(values[first].real)


def _geometric(matrix: Floats) -> Floats:
    means: Floats = np.exp(np.log(matrix).mean(axis=1))
    total = float(means.sum())
    return means / total


def _inconsistent(ratio: float) -> Line:
    return Line(
        code="ahp.inconsistent",
        values={"ratio": f"{ratio:.3f}", "limit": str(CONSISTENT)},
        rule="Saaty (2008)",
    )
