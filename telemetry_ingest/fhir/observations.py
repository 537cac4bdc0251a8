"""Observation: one reading, or a run of regular readings as SampledData. Pure.

There is no ``subject``: a pilot has no data about patients, so none can be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import inf, isfinite, isnan
from typing import NamedTuple

from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.keys import LONGEST_RUN, Key
from telemetry_ingest.fhir.terms import ABSENT, UCUM, Json, coding, mdc, reference
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Watched

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHORTEST_RUN = 3
EXACT = 2**53
REASONS = {
    "error": "Error",
    "not-a-number": "Not a Number (NaN)",
    "positive-infinity": "Positive Infinity (PINF)",
    "negative-infinity": "Negative Infinity (NINF)",
}


class Row(NamedTuple):
    """One reading of a series; ``None`` is a measurement that failed."""

    at: int
    boot: int
    seq: int
    value: float | None


class Channel:
    """A metric of a unit, from whose readings observations are made."""

    def __init__(self, base: str, unit: Unit, watched: Watched) -> None:
        self.base = base
        self.unit = unit
        self.watched = watched
        self.metric = metrics()[watched.metric]
        self.id = keys.metric_written(unit.id, self.metric.code)

    @cached_property
    def _same(self) -> Json:
        metric = self.metric
        return {
            "status": "final",
            "code": {"coding": [mdc(metric.code, metric.refid)], "text": metric.name},
            "focus": [reference("Device", self.unit.id)],
            "device": reference("DeviceMetric", self.id),
        }

    @cached_property
    def _quantity(self) -> Json:
        return {"unit": self.metric.unit, "system": UCUM, "code": self.metric.unit}

    def key(self, row: Row) -> Key:
        """Return the key of a reading."""
        return Key(self.unit.number, self.metric.code, row.at, row.boot, row.seq)

    def _made(self, row: Row, run: int, rest: Json) -> Json:
        id_ = keys.written(self.key(row), run)
        named = {"system": f"{self.base}/sid/observation", "value": id_}
        return {
            "resourceType": "Observation", "id": id_, "identifier": [named], **self._same, **rest,
        }  # fmt: skip

    def observation(self, row: Row) -> Json:
        """Return one reading."""
        return self._made(row, 0, {"effectiveDateTime": instant(row.at), **self._value(row.value)})

    def _value(self, value: float | None) -> Json:
        if value is None or not isfinite(value):
            reason = absent(value)
            return {"dataAbsentReason": {"coding": [coding(ABSENT, reason, REASONS[reason])]}}
        said = {"valueQuantity": {"value": plain(value), **self._quantity}}
        low, high = self.watched.low, self.watched.high
        if low <= value <= high:
            return said
        text = f"outside the plausible range of the protocol: {low:g} to {high:g}"
        return {**said, "interpretation": [{"text": f"{text} {self.metric.unit}"}]}

    def sampled(self, rows: Sequence[Row]) -> Json:
        """Return a run of regular readings as one observation; a failed one is « E »."""
        step = Decimal(rows[1].at - rows[0].at) / 1000
        data = {
            "origin": {"value": 0, **self._quantity},
            "period": plain(float(step)),
            "dimensions": 1,
            "data": " ".join(sample(row.value) for row in rows),
        }
        period = {"start": instant(rows[0].at), "end": instant(rows[-1].at)}
        return self._made(rows[0], len(rows), {"effectivePeriod": period, "valueSampledData": data})

    def cut(self, runs: Iterable[list[Row]]) -> Iterator[Json]:
        """Yield runs of readings and single ones as observations."""
        for run in runs:
            yield self.sampled(run) if len(run) > 1 else self.observation(run[0])


def regular(rows: Sequence[Row]) -> bool:
    """Say whether readings are of one boot and exactly equally far apart."""
    step = rows[1].at - rows[0].at
    return step > 0 and all(
        after.at - before.at == step and after.boot == before.boot and samples(after)
        for before, after in pairwise(rows)
    ) and samples(rows[0])  # fmt: skip


class Cutter:
    """Cuts readings that come piece by piece into runs of at least three, and single ones."""

    def __init__(self) -> None:
        self._run: list[Row] = []

    def take(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """Yield what is finished; what the next reading may prolong is kept."""
        for row in rows:
            run = self._run
            while run and not (len(run) < LONGEST_RUN and regular([*run[-2:], row])):
                # The second of two may begin another run.
                whole = len(run) >= SHORTEST_RUN
                yield run if whole else run[:1]
                run = self._run = [] if whole else run[1:]
            run.append(row)

    def rest(self) -> list[list[Row]]:
        """Return what was kept, when nothing more comes."""
        run, self._run = self._run, []
        return [run] if len(run) >= SHORTEST_RUN else [[one] for one in run]


def samples(row: Row) -> bool:
    """Say whether a value can be written among samples: a number, or nothing."""
    return row.value is None or isfinite(row.value)


def sample(value: float | None) -> str:
    """Return a value as text without exponent."""
    return "E" if value is None else format(Decimal(repr(plain(value))), "f")


def absent(value: float | None) -> str:
    """Return why there is no number."""
    if value is None:
        return "error"
    if isnan(value):
        return "not-a-number"
    return "positive-infinity" if value == inf else "negative-infinity"


def plain(value: float) -> float:
    """Return a whole number without its empty decimal, which FHIR would take for precision."""
    return int(value) if abs(value) < EXACT and value == int(value) else value


def instant(micros: int) -> str:
    """Return a moment in UTC, with as many decimals as it has."""
    text = (EPOCH + timedelta(microseconds=micros)).isoformat()
    head, _dot, rest = text.partition("+")[0].partition(".")
    return f"{head}.{rest.rstrip('0')}Z" if rest else f"{head}Z"
