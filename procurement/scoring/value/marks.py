"""Points from evaluators' marks: the published aggregate, with no mark dropped."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.errors import MarkOutOfScale, MissingMark
from procurement.scoring.offers import Mark
from procurement.scoring.outcome import said
from procurement.scoring.tender import Judged
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Ratio


def judged(kind: Judged, criterion: str, pool: Pool) -> list[Ratio]:
    """Return 100 × (aggregate − low) / (high − low), exactly, bid by bid.

    An evaluator who marked one bid for the criterion is expected to mark all of them.

    Raises:
        MissingMark: a mark is absent and the tender does not say that the others' count, or no
            mark is left at all.
        MarkOutOfScale: a mark is outside the published scale.
    """
    expected = evaluators(criterion, pool)
    span = kind.high - kind.low
    found: list[Ratio] = []
    for bid in pool.bids:
        points = [mark.points for mark in given(criterion, bid.id, pool)]
        counted = [value for value in points if value is not None]
        missing = len(counted) < len(expected) and kind.absent == "error"
        if missing or not counted:
            raise MissingMark(pool.received.field(bid.id), criterion=criterion)
        if min(counted) < kind.low or max(counted) > kind.high:
            _refuse(kind, criterion, bid.id, pool)
        found.append((100 * (aggregate(kind, counted) - kind.low) / span).as_integer_ratio())
    return found


def given(criterion: str, bid: str, pool: Pool) -> list[Mark]:
    """Return the marks of one bid for one criterion, by evaluator."""
    marks = pool.received.marks.get((criterion, bid), [])
    if pool.without is None:
        return marks
    return [mark for mark in marks if mark.evaluator != pool.without]


def evaluators(criterion: str, pool: Pool) -> set[str]:
    """Return who marked any of the bids for a criterion."""
    return {mark.evaluator for bid in pool.bids for mark in given(criterion, bid.id, pool)}


def aggregate(kind: Judged, counted: Sequence[Fraction]) -> Fraction:
    """Return the exact mean or median of marks; the median of an even number is the middle."""
    return median(counted) if kind.aggregate == "median" else mean(counted)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the exact mean, adding integers as long as there are no fractions."""
    if all(value.denominator == 1 for value in values):
        return Fraction(sum(value.numerator for value in values), len(values))
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the exact median."""
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def disputed(kind: Judged, marks: Sequence[Mark]) -> list[tuple[Mark, Fraction]]:
    """Return the marks further from the median than published, with the median; all count."""
    counted = [mark.points for mark in marks if mark.points is not None]
    if kind.dispute is None or not counted:
        return []
    middle = median(counted)
    return [
        (mark, middle)
        for mark in marks
        if mark.points is not None and abs(mark.points - middle) > kind.dispute
    ]


def _refuse(kind: Judged, criterion: str, bid: str, pool: Pool) -> None:
    for mark in given(criterion, bid, pool):
        if mark.points is not None and not kind.low <= mark.points <= kind.high:
            raise MarkOutOfScale(
                f"dossier.marks[{mark.evaluator}, {bid}, {criterion}]",
                value=said(mark.points),
                low=said(kind.low),
                high=said(kind.high),
            )
