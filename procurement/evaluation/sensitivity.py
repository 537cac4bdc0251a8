"""The part of the report on robustness: what other weights would change. It never decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.evaluation.charts import acceptability, sweep
from procurement.evaluation.contents import Said, Source
from procurement.evaluation.drawing import Chart

if TYPE_CHECKING:
    from procurement.scoring.robustness.report import Robustness

ByLot = Mapping[str, "Robustness"]
"""What the robustness engine found, by lot."""


@dataclass(frozen=True)
class Part:
    """One lot: charts, sentences and what the committee should have seen."""

    lot: str
    charts: tuple[Chart, ...]
    lines: tuple[Said, ...]
    warnings: tuple[Said, ...]


def parts(found: Source, robustness: ByLot | None) -> tuple[Part, ...]:
    """Put what was found into words and charts, lot by lot."""
    asked = robustness or {}
    return tuple(
        _part(found, lot.lot, asked[lot.lot], place)
        for place, lot in enumerate(found.outcome.lots, 1)
        if lot.lot in asked
    )


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
    counts = [[int(draws) for draws in row] for row in given.counts.ranks]
    drawn += acceptability(f"ranks-{place}", given.matrix.bids, counts, label=found.label)
    # The notice stands above all lots, in words that never change.
    lines = tuple(found.said(one) for one in given.lines if one.code != given.notice.code)
    return Part(lot, tuple(drawn), lines, tuple(found.said(one) for one in given.warnings))
