"""Points from evaluators' marks: the published aggregate, with no mark dropped."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from procurement.scoring.errors import MarkOutOfScale, MissingMark
from procurement.scoring.offers import Mark
from procurement.scoring.outcome import said
from procurement.scoring.tender import Judged
from procurement.scoring.value.pool import Panel, Pool, Sheet
from procurement.scoring.value.ratios import Ratio


def judged(kind: Judged, criterion: str, pool: Pool) -> list[Ratio]:
    """Return 100 × (aggregate − low) / (high − low), exactly, bid by bid.

    An evaluator who marked one bid for the criterion is expected to mark all of them.

    Raises:
        MissingMark: a mark is absent and the tender does not say that the others' count, or no
            mark is left at all.
        MarkOutOfScale: a mark is outside the published scale.
    """
    panel, gone = panel_of(criterion, pool), pool.without
    expected = len(panel.evaluators) - (gone in panel.evaluators)
    least = 1 if kind.absent == "skip" else max(1, expected)
    low, low_of = kind.low.as_integer_ratio()
    high, high_of = kind.high.as_integer_ratio()
    span, span_of = (kind.high - kind.low).as_integer_ratio()
    found: list[Ratio] = []
    for bid, sheet in zip(pool.bids, panel.sheets, strict=True):
        if len(sheet.ordered) - (gone in sheet.own) < least:
            raise MissingMark(pool.received.field(bid.id), criterion=criterion)
        within = low * sheet.of <= sheet.ordered[0] * low_of
        if not within or sheet.ordered[-1] * high_of > high * sheet.of:
            _refuse(kind, criterion, given(criterion, bid.id, pool))
        top, of = aggregate(kind, sheet, gone)
        found.append((100 * span_of * (top * low_of - low * of), span * low_of * of))
    return found


def panel_of(criterion: str, pool: Pool) -> Panel:
    """Return, and keep, everybody's marks for a criterion, bid by bid."""
    if criterion not in pool.panels:
        sheets = [given(criterion, bid.id, pool) for bid in pool.bids]
        evaluators = frozenset([mark.evaluator for marks in sheets for mark in marks])
        pool.panels[criterion] = Panel(evaluators, [_sheet(marks) for marks in sheets])
    return pool.panels[criterion]


def given(criterion: str, bid: str, pool: Pool) -> list[Mark]:
    """Return the marks of one bid for one criterion, by evaluator."""
    return pool.received.marks.get((criterion, bid), [])


def aggregate(kind: Judged, sheet: Sheet, gone: str | None = None) -> Ratio:
    """Return the exact mean or median of one bid's marks, without those of whoever is ``gone``.

    The median of an even number is the middle of the two in the middle. Neither walks through the
    marks again, so that each evaluator can be left out in turn.
    """
    out = sheet.own.get(gone) if gone is not None else None
    count = len(sheet.ordered) - (out is not None)
    if kind.aggregate == "mean":
        return sheet.total - (out or 0), sheet.of * count
    hole = count if out is None else bisect_left(sheet.ordered, out)
    below, above = (count - 1) // 2, count // 2
    middle = sheet.ordered[below + (below >= hole)] + sheet.ordered[above + (above >= hole)]
    return middle, 2 * sheet.of


def disputed(kind: Judged, marks: Sequence[Mark], sheet: Sheet) -> list[tuple[Mark, Fraction]]:
    """Return the marks further from the median than published, with the median; all count."""
    if kind.dispute is None or not sheet.ordered:
        return []
    count = len(sheet.ordered)
    middle = Fraction(sheet.ordered[(count - 1) // 2] + sheet.ordered[count // 2], 2 * sheet.of)
    return [
        (mark, middle)
        for mark in marks
        if mark.points is not None and abs(mark.points - middle) > kind.dispute
    ]


def _sheet(marks: Sequence[Mark]) -> Sheet:
    pairs = [
        (mark.evaluator, *mark.points.as_integer_ratio())
        for mark in marks
        if mark.points is not None
    ]
    of = lcm(*[bottom for _, _, bottom in pairs])
    own = {name: top * (of // bottom) for name, top, bottom in pairs}
    return Sheet(own, sorted(own.values()), sum(own.values()), of)


def _refuse(kind: Judged, criterion: str, marks: Sequence[Mark]) -> None:
    for mark in marks:
        if mark.points is not None and not kind.low <= mark.points <= kind.high:
            raise MarkOutOfScale(
                f"dossier.marks[{mark.evaluator}, {mark.bid}, {criterion}]",
                value=said(mark.points),
                low=said(kind.low),
                high=said(kind.high),
            )
