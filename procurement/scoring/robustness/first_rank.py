"""How much of all weights makes a bid first, exactly, for two or three criteria."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.pairwise import exact_confidence

MOST_CRITERIA = 3
Point = tuple[Fraction, Fraction]


def first_rank(matrix: ScoreMatrix) -> tuple[Fraction, ...]:
    """Return the share of the weights for which each bid is first; together exactly 1.

    Equal bids: the preferred one takes the share of all of them.

    Raises:
        ValueError: more than three criteria (the draws answer then).
    """
    rows = [tuple(int(score) for score in row) for row in matrix.scores]
    if not rows or len(rows[0]) > MOST_CRITERIA:
        raise ValueError("exact shares are for one to three criteria")
    heads: dict[tuple[int, ...], int] = {}
    for bid in sorted(range(len(rows)), key=lambda bid: -int(matrix.priority[bid])):
        heads.setdefault(rows[bid], bid)
    share = _share_of_triangle if len(rows[0]) == MOST_CRITERIA else _share_of_line
    return tuple(
        share(
            [
                tuple(a - b for a, b in zip(row, other, strict=True))
                for other in heads
                if other != row
            ]
        )
        if heads[row] == bid
        else Fraction(0)
        for bid, row in enumerate(rows)
    )


def _share_of_line(against: Sequence[tuple[int, ...]]) -> Fraction:
    # With two criteria the weights are a line, and a bid wins on one stretch of it.
    low, high = Fraction(0), Fraction(1)
    for difference in against:
        at_zero, at_one = difference[-1], difference[0]
        if at_zero == at_one:
            high = high if at_one > 0 else low
        elif at_one > at_zero:
            low = max(low, Fraction(-at_zero, at_one - at_zero))
        else:
            high = min(high, Fraction(at_zero, at_zero - at_one))
    return max(high - low, Fraction(0))


def _share_of_triangle(against: Sequence[tuple[int, ...]]) -> Fraction:
    polygon: list[Point] = [
        (Fraction(0), Fraction(0)),
        (Fraction(1), Fraction(0)),
        (Fraction(0), Fraction(1)),
    ]
    for difference in sorted(against, key=_hardest_first):
        polygon = _clipped(polygon, difference)
        if not polygon:
            return Fraction(0)
    return _twice_area(polygon)


def _hardest_first(difference: tuple[int, ...]) -> Fraction:
    return exact_confidence(difference)


def _clipped(polygon: list[Point], difference: tuple[int, ...]) -> list[Point]:
    # Sutherland and Hodgman's clipping by d·w ≥ 0 with w = (x, y, 1 − x − y).
    a, b, c = difference[0] - difference[2], difference[1] - difference[2], difference[2]
    heights = [a * x + b * y + c for x, y in polygon]
    found: list[Point] = []
    for place, (point, height) in enumerate(zip(polygon, heights, strict=True)):
        before, height_before = polygon[place - 1], heights[place - 1]
        if (height > 0 > height_before) or (height < 0 < height_before):
            at = height_before / (height_before - height)
            found.append(
                (
                    before[0] + at * (point[0] - before[0]),
                    before[1] + at * (point[1] - before[1]),
                )
            )
        if height >= 0:
            found.append(point)
    return found


def _twice_area(polygon: list[Point]) -> Fraction:
    return abs(
        sum(
            (
                polygon[place - 1][0] * point[1] - point[0] * polygon[place - 1][1]
                for place, point in enumerate(polygon)
            ),
            Fraction(0),
        )
    )
