"""When a device was up, partly up, down or unknown, in the covered hours of its protocol.

`intervals` says it from the readings, to the microsecond; `totals` adds seconds up from roll-ups,
and reads readings only where the device said it was not up, and in broken hours at the ends. A
device is heard by its leading metric, the one that comes most often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from portal import database
from telemetry_ingest.cold.parquet import micros
from telemetry_ingest.cold.reading import readings
from telemetry_ingest.cold.thawing import cold_files
from telemetry_ingest.protocol import Protocol
from telemetry_ingest.queries.protocols import code_of, leading, protocol_of
from telemetry_ingest.rollups.conditions import Piece, State, pieces, said, seconds, service
from telemetry_ingest.rollups.recompute import DAY, HOUR, days_of, floor
from telemetry_ingest.rollups.uptime import SECOND, Span, length, within
from telemetry_ingest.states import Condition

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
# The moments before a gap, with the one after it; the last one of all has none after it.
GAPS = """
SELECT at, next FROM (
  SELECT at, lead(at) OVER (ORDER BY at) AS next FROM reading
  WHERE device = $1 AND metric = $2 AND at >= $3 AND at <= $4
) AS pairs WHERE next IS NULL OR next - at > $5 ORDER BY at
"""
FIRST = """
SELECT min(at) AS at FROM reading WHERE device = $1 AND metric = $2 AND at >= $3 AND at <= $4
"""
STATUSES = """
(SELECT at, state FROM device_status WHERE device = $1 AND at <= $2
  ORDER BY at DESC, boot DESC, seq DESC LIMIT 1)
UNION ALL
(SELECT at, state FROM device_status WHERE device = $1 AND at > $2 AND at < $3
  ORDER BY at, boot, seq)
"""
UP_HOURS = """
SELECT coalesce(sum(up_s), 0) AS up FROM rollup_hour
WHERE device = $1 AND metric = $2 AND start >= $3 AND start < $4
  AND date_part('hour', start AT TIME ZONE 'UTC') >= $5
  AND date_part('hour', start AT TIME ZONE 'UTC') < $6
"""
UP_DAYS = """
SELECT coalesce(sum(up_s), 0) AS up FROM rollup_day
WHERE device = $1 AND metric = $2 AND start >= $3 AND start < $4
"""


@dataclass(frozen=True)
class Interval:
    """A stretch of covered hours in one state."""

    start: datetime
    end: datetime
    state: State

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return (self.end - self.start).total_seconds()


async def intervals(device: int, frm: datetime, to: datetime) -> list[Interval]:
    """Return the states of a device between two moments, from its readings; none if unknown."""
    protocol = await protocol_of(device)
    if protocol is None:
        return []
    return [
        Interval(_moment(one.start), _moment(one.end), one.state)
        for one in await _pieces(device, protocol, micros(frm), micros(to))
    ]


async def totals(device: int, frm: datetime, to: datetime) -> dict[State, float]:
    """Return the seconds of each state between two moments, from roll-ups wherever they suffice."""
    protocol = await protocol_of(device)
    found = dict.fromkeys(State, 0.0)
    if protocol is None:
        return found
    start, end = max(frm, protocol.starts_at), min(to, protocol.ends_at)
    first, last = floor(start + HOUR - timedelta(microseconds=1), HOUR), floor(end, HOUR)
    if first >= last:
        parts = [(start, end)]
    else:
        parts = [(start, first), (last, end)]
        found = await _rolled_up(device, protocol, first, last)
    for begins, ends in parts:
        if begins < ends:
            edge = seconds(await _pieces(device, protocol, micros(begins), micros(ends)))
            found = {state: found[state] + edge[state] for state in State}
    return found


async def _rolled_up(
    device: int, protocol: Protocol, first: datetime, last: datetime
) -> dict[State, float]:
    """Return the seconds of each state in whole hours."""
    start, end = micros(first), micros(last)
    served = list(service(protocol, start, end))
    found = dict.fromkeys(State, 0.0)
    up = await _up(device, protocol, first, last)
    for claim in said(await _statuses(device, start, end), start, end):
        spans = list(within(served, claim.start, claim.end))
        if claim.state is State.UP or not spans:
            continue
        heard = await _heard(device, protocol, spans[0][0], spans[-1][1])
        covered = sum(length(within(heard, *span)) for span in spans) / SECOND
        up -= covered
        found[claim.state] += length(spans) / SECOND if claim.state is State.DOWN else covered
    found[State.UP] = up
    found[State.UNKNOWN] = length(served) / SECOND - sum(found.values())
    return found


async def _up(device: int, protocol: Protocol, first: datetime, last: datetime) -> float:
    """Return the seconds covered by readings in whole hours of service."""
    metric = code_of(leading(protocol.watched))
    hours = protocol.daily_from, protocol.daily_to
    begins, ends = floor(first + DAY - timedelta(microseconds=1), DAY), floor(last, DAY)
    parts = [(first, last)]
    up = 0.0
    if hours == (0, 24) and begins < ends:
        rows = await database.fetch(UP_DAYS, device, metric, begins, ends)
        up = rows[0]["up"]
        parts = [(first, begins), (ends, last)]
    for start, end in parts:
        if start < end:
            rows = await database.fetch(UP_HOURS, device, metric, start, end, *map(float, hours))
            up += rows[0]["up"]
    return up


async def _pieces(device: int, protocol: Protocol, start: int, end: int) -> list[Piece]:
    served = list(service(protocol, start, end))
    if not served:
        return []
    heard = await _heard(device, protocol, served[0][0], served[-1][1])
    return pieces(said(await _statuses(device, start, end), start, end), heard, served)


async def _statuses(device: int, start: int, end: int) -> list[tuple[int, Condition]]:
    rows = await database.fetch(STATUSES, device, _moment(start), _moment(end))
    return [(micros(row["at"]), Condition(row["state"])) for row in rows]


async def _heard(device: int, protocol: Protocol, start: int, end: int) -> Sequence[Span]:
    """Return when the leading metric was heard, as far as the silence beyond both ends."""
    silence = timedelta(seconds=protocol.silence_s)
    frm, to = _moment(start) - silence, _moment(end) + silence
    metric = code_of(leading(protocol.watched))
    if await cold_files(list(days_of(frm, to))):
        found = await readings(device, metric, frm, to + timedelta(microseconds=1))
        return _spans(found.times, protocol.silence_s * SECOND)
    first = (await database.fetch(FIRST, device, metric, frm, to))[0]["at"]
    if first is None:
        return []
    spans, begins = [], micros(first)
    for row in await database.fetch(GAPS, device, metric, frm, to, silence):
        spans.append((begins, micros(row["at"])))
        begins = micros(row["next"]) if row["next"] else 0
    return spans


def _spans(times: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", silence: int) -> list[Span]:
    if not len(times):
        return []
    after = np.flatnonzero(np.diff(times) > silence)
    starts, ends = np.r_[times[0], times[after + 1]], np.r_[times[after], times[-1]]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)
