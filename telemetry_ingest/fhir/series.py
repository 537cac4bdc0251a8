"""The series observations come from, metrics and alarms: one after the other, or by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from telemetry_ingest.fhir.alarms import Alarms
from telemetry_ingest.fhir.dates import Span
from telemetry_ingest.fhir.keys import INT4, INT8, Key, Place
from telemetry_ingest.fhir.observations import Channel, Row
from telemetry_ingest.fhir.terms import ALARM, Json
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.queries.alarms import Alarm, alarms, count_alarms
from telemetry_ingest.queries.readings import Stretch, count_of, piece_of


@dataclass(frozen=True)
class Series:
    """A series of one unit: its alarms, or what it measures of one metric."""

    source: Channel | Alarms

    @property
    def unit(self) -> Unit:
        """Return the unit it is of."""
        return self.source.unit

    @property
    def key(self) -> tuple[int, int]:
        """Return the number of the unit and the code of what is observed."""
        code = self.source.metric.code if isinstance(self.source, Channel) else ALARM[0]
        return self.unit.number, code

    async def rows(
        self, span: Span, most: int, *, after: Place | None = None, from_end: bool = False
    ) -> Sequence[Row | Alarm]:
        """Return what comes next in a stretch, at most so much."""
        if isinstance(self.source, Alarms):
            number = self.unit.number
            return await alarms(number, span, most, after=after, newest_first=from_end)
        asked = Stretch(*self.key, *span)
        found = await piece_of(asked, most, after=after, newest_first=from_end)
        return [Row(*one[2:]) for one in found]

    async def count(self, span: Span) -> int:
        """Return how much there is in a stretch."""
        if isinstance(self.source, Alarms):
            return await count_alarms(self.unit.number, span)
        return await count_of(Stretch(*self.key, *span))

    def written(self, row: Any) -> Json:
        """Return it as Observation."""
        return self.source.observation(row)


# A series, and something of it.
Found = list[tuple[Series, Row | Alarm]]


async def in_turn(every: Sequence[Series], span: Span, most: int, last: Key | None) -> Found:
    """Return what comes after a key, one series after the other."""
    found: Found = []
    for one in every:
        if last and one.key < (last.device, last.metric):
            continue
        begun = last.place if last and one.key == (last.device, last.metric) else None
        found += [(one, row) for row in await one.rows(span, most - len(found), after=begun)]
        if len(found) == most:
            break
    return found


async def by_time(
    every: Sequence[Series], span: Span, most: int, last: Key | None, *, from_end: bool
) -> Found:
    """Return what comes after a key in the order of time, of all series together.

    What happened at one moment stands in the order of the series, from the end in the other one.
    """
    found: list[tuple[tuple[int, ...], Series, Row | Alarm]] = []
    for one in every:
        after = begin(one.key, last)
        for row in await one.rows(span, most, after=after, from_end=from_end):
            found.append(((row.at, *one.key, row.boot, row.seq), one, row))
        found = sorted(found, key=itemgetter(0), reverse=from_end)[:most]
        if len(found) == most:  # nothing beyond the last one is wanted of the others
            at = found[-1][0][0]
            span = (max(span[0], at), span[1]) if from_end else (span[0], min(span[1], at + 1))
    return [(one, row) for _key, one, row in found]


def begin(series: tuple[int, int], last: Key | None) -> Place | None:
    """Return after which place a series goes on, when the page before ended with a key."""
    if last is None or series == (last.device, last.metric):
        return last.place if last else None
    # Of what happened at that very moment, the series before it come before it in both orders.
    edge = (INT4, INT8) if series < (last.device, last.metric) else (-1, -1)
    return last.at, *edge
