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
    expected = 1 if kind.absent == "skip" else max(1, len(evaluators(criterion, pool)))
    low, low_of = kind.low.as_integer_ratio()
    span, span_of = (kind.high - kind.low).as_integer_ratio()
    found: list[Ratio] = []
    for bid in pool.bids:
        marks = given(criterion, bid.id, pool)
        counted = [mark.points for mark in marks if mark.points is not None]
        if len(counted) < expected:
            raise MissingMark(pool.received.field(bid.id), criterion=criterion)
        pairs = [points.as_integer_ratio() for points in counted]
        # 0 ≤ points − low ≤ span, in integers.
        above = [(top * low_of - low * of, of * low_of) for top, of in pairs]
        if any(top < 0 or top * span_of > span * of for top, of in above):
            _refuse(kind, criterion, marks)
        top, of = aggregate(kind, pairs)
        found.append((100 * span_of * (top * low_of - low * of), span * low_of * of))
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


def aggregate(kind: Judged, counted: Sequence[Ratio]) -> Ratio:
    """Return the exact mean or median of marks; the median of an even number is the middle."""
    if kind.aggregate == "median":
        return median([Fraction(*pair) for pair in counted]).as_integer_ratio()
    return mean(counted)


def mean(values: Sequence[Ratio]) -> Ratio:
    """Return the exact mean, in integers as long as there are no fractions."""
    if all(of == 1 for _, of in values):
        return sum(top for top, _ in values), len(values)
    return (sum(Fraction(*pair) for pair in values) / len(values)).as_integer_ratio()


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


def _refuse(kind: Judged, criterion: str, marks: Sequence[Mark]) -> None:
    for mark in marks:
        if mark.points is not None and not kind.low <= mark.points <= kind.high:
            raise MarkOutOfScale(
                f"dossier.marks[{mark.evaluator}, {mark.bid}, {criterion}]",
                value=said(mark.points),
                low=said(kind.low),
                high=said(kind.high),
            )
