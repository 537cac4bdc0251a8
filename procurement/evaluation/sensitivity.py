"""The part of the report on robustness: what other weights would change. It never decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.evaluation import central, extent, hindsight, reversal
from procurement.evaluation.charts import acceptability, sweep
from procurement.evaluation.contents import Said, Source
from procurement.evaluation.drawing import Chart, Table

if TYPE_CHECKING:
    from procurement.scoring.robustness.report import Robustness

ByLot = Mapping[str, "Robustness"]
"""What the robustness engine found, by lot."""


@dataclass(frozen=True)
class Part:
    """One lot: charts, sentences and what the committee should have seen.

    ``told``: the withdrawals that turn the order, each as who goes, who was expected, who wins.
    """

    lot: str
    charts: tuple[Chart, ...]
    lines: tuple[Said, ...]
    warnings: tuple[Said, ...]
    boxes: tuple[reversal.Box, ...] = ()
    needed: Table | None = None
    central: tuple[Table, ...] = ()
    told: extent.Told = frozenset()


def parts(found: Source, robustness: ByLot | None) -> tuple[Part, ...]:
    """Put what was found into words and charts, lot by lot; the decree's lots are asked here."""
    if found.outcome.engine == "statutory":
        return tuple(_statutory(found))
    asked = robustness or {}
    return tuple(
        _part(found, lot.lot, asked[lot.lot], place)
        for place, lot in enumerate(found.outcome.lots, 1)
        if lot.lot in asked
    )


def _statutory(found: Source) -> Iterator[Part]:
    full = extent.full_lots(found.outcome)
    for lot in found.outcome.lots:
        if lot.lot not in full:
            continue
        given = hindsight.asked(found.file, lot.lot, pairs=True)
        if given is not None and (given.needed or given.many):
            boxes = hindsight.boxes(found, lot.lot, given)
            lines = hindsight.lines(found, given, boxes)
            prices = hindsight.table(found, given) if given.needed else None
            yield Part(lot.lot, (), lines, (), boxes, prices)


def _part(found: Source, lot: str, given: Robustness, place: int) -> Part:
    titles = found.titles()
    drawn = [
        sweep(
            f"sweep-{place}-{number}",
            one,
            criterion=titles.get(one.criterion, one.criterion),
            label=found.label,
        )
        for number, one in enumerate(given.sweeps, 1)
    ]
    rows = [place for place, bid in enumerate(given.matrix.bids) if bid in given.foremost]
    counts = given.counts.ranks[rows].tolist()
    bids = [given.matrix.bids[place] for place in rows]
    drawn += acceptability(f"ranks-{place}", bids, counts, label=found.label)
    # The notice stands above all lots, in words that never change.
    lines = tuple(found.said(one) for one in given.lines if one.code != given.notice.code)
    turns = given.withdrawals.reversals if given.withdrawals else ()
    boxes = reversal.boxes_of_value(found, lot, turns)
    shown = {one.sentence for one in boxes}
    warnings = tuple(one for one in map(found.said, given.warnings) if one not in shown)
    told = frozenset(
        (str(one.values["withdrawn"]), str(one.values["expected"]), one.subject)
        for one in given.warnings
        if one.code == "robustness.reversal"
    )
    return Part(
        lot, tuple(drawn), lines, warnings, boxes,
        central=central.tables(found, given), told=told,
    )  # fmt: skip
