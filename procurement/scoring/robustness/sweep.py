"""Which bid is first when one weight varies and the others keep their proportion: exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from procurement.scoring.matrix import ScoreMatrix

Cut = tuple[Fraction, int, int]
"""From this weight on, the line of this bid; and the bid that wins where both lines meet."""


@dataclass(frozen=True)
class Span:
    """Weights for which one bid is first; at an end that is not included, another one is."""

    bid: str
    low: Fraction
    high: Fraction
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True)
class Sweep:
    """The winner along the weight of one criterion; ``published`` is the weight of the tender."""

    criterion: str
    published: Fraction
    spans: tuple[Span, ...]

    def winner(self, weight: Fraction) -> str:
        """Return the bid that is first for a weight between 0 and 1."""
        return next(
            span.bid
            for span in self.spans
            if (span.low < weight < span.high)
            or (weight == span.low and span.includes_low)
            or (weight == span.high and span.includes_high)
        )


def sweep(matrix: ScoreMatrix, criterion: int) -> Sweep:
    """Vary one weight over its whole range.

    Where all other published weights are 0 they share the rest equally.
    """
    lines = _lines(matrix, criterion)
    order = [int(tie) for tie in matrix.priority]
    spans: list[Span] = []
    low, includes_low = Fraction(0), True
    best = max(range(len(lines)), key=lambda bid: (lines[bid][0], order[bid]))
    bid = _leader_after(lines, order, low)
    if bid != best:
        spans.append(Span(matrix.bids[best], low, low))
        includes_low = False
    while True:
        high = _next_cut(lines, bid, low)
        if high is None or high > 1:
            high = Fraction(1)
        at = _leader_at(lines, order, high)
        spans.append(Span(matrix.bids[bid], low, high, includes_low, at == bid))
        follower = bid if high == 1 else _leader_after(lines, order, high)
        if at not in (bid, follower) or (high == 1 and at != bid):
            spans.append(Span(matrix.bids[at], high, high))
        if high == 1:
            return Sweep(
                matrix.criteria[criterion],
                Fraction(matrix.weights[criterion], 10_000),
                tuple(spans),
            )
        low, includes_low, bid = high, at == follower, follower


def _lines(matrix: ScoreMatrix, criterion: int) -> list[tuple[int, int]]:
    # Value of a bid at weight x, times the sum of the other weights: height + x · slope.
    others = [0 if place == criterion else weight for place, weight in enumerate(matrix.weights)]
    if not any(others):
        others = [int(place != criterion) for place in range(len(others))]
    whole = sum(others) or 1
    found = []
    for row in matrix.scores:
        points = [int(score) for score in row]
        rest = sum(w * s for w, s in zip(others, points, strict=True))
        found.append((rest, whole * points[criterion] - rest))
    return found


def _leader_at(lines: list[tuple[int, int]], order: list[int], x: Fraction) -> int:
    p, q = x.numerator, x.denominator
    return max(range(len(lines)), key=lambda i: (lines[i][0] * q + lines[i][1] * p, order[i]))


def _leader_after(lines: list[tuple[int, int]], order: list[int], x: Fraction) -> int:
    # Just above x: the highest line at x, of these the steepest, of equal lines the preferred one.
    p, q = x.numerator, x.denominator
    return max(
        range(len(lines)),
        key=lambda i: (lines[i][0] * q + lines[i][1] * p, lines[i][1], order[i]),
    )


def _next_cut(lines: list[tuple[int, int]], bid: int, low: Fraction) -> Fraction | None:
    # The first weight above ``low`` at which a steeper line meets the leader's.
    height, slope = lines[bid]
    nearest: tuple[int, int] | None = None
    for other_height, other_slope in lines:
        rise, gap = other_slope - slope, height - other_height
        if rise > 0 and (nearest is None or gap * nearest[1] < nearest[0] * rise):
            nearest = (gap, rise)
    return Fraction(*nearest) if nearest else None
