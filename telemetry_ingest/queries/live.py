"""Where each device of a pilot stands now: last values, last seen, its state, today's readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from portal import database
from telemetry_ingest.queries.protocols import Range
from telemetry_ingest.states import Condition

HOUR = timedelta(hours=1)

# Readings have topic 1 in the ledger; its ranges are merged, so that a boot's numbers that are
# missing are those between the first and the last that are in none of them.
DEVICES = """
SELECT u.id, u.number, u.serial, u.is_reference, u.revoked_at,
  coalesce(said.firmware, u.firmware) AS firmware, said.state AS condition,
  said.at AS condition_at, heard.at AS seen_at, heard.missing,
  (SELECT jsonb_agg(jsonb_build_object('metric', l.metric, 'at', l.at, 'value', l.value))
    FROM device_last l WHERE l.device = u.number)::text AS last,
  (SELECT count(*) FROM device_alarm a WHERE a.device = u.number AND a.active
    AND a.at >= now() - interval '1 day' AND NOT EXISTS (
      SELECT FROM device_alarm b WHERE b.device = a.device AND b.code = a.code
        AND (b.at, b.boot, b.seq) > (a.at, a.boot, a.seq))) AS alarms,
  (SELECT coalesce(sum(r.messages), 0)::bigint FROM device_refused r
    WHERE r.device = u.number) AS refused,
  coalesce(today.stored, 0)::bigint AS stored
FROM pilot_device u
LEFT JOIN LATERAL (
  SELECT s.state, nullif(s.firmware, '') AS firmware, s.at FROM device_status s
  WHERE s.device = u.number ORDER BY s.at DESC, s.boot DESC, s.seq DESC LIMIT 1
) said ON true
LEFT JOIN LATERAL (
  SELECT greatest(max(g.received_at), (SELECT max(l.received_at) FROM device_last l
      WHERE l.device = u.number)) AS at,
    coalesce(sum(upper(g.stored) - lower(g.stored) - (
      SELECT sum(upper(one) - lower(one)) FROM unnest(g.stored) AS one
    )) FILTER (WHERE g.topic = 1 AND g.last_at >= $2), 0)::bigint AS missing
  FROM device_ledger g WHERE g.device = u.number
) heard ON true
LEFT JOIN LATERAL (
  SELECT sum(coalesce(h.n + h.failed, (SELECT count(*) FROM reading r
      WHERE h.n IS NULL AND r.device = u.number AND r.metric = m.metric AND r.at >= hour.start
        AND r.at < hour.start + interval '1 hour'))) AS stored
  FROM unnest($4::int[]) AS m(metric)
  CROSS JOIN generate_series($2::timestamptz, $3, interval '1 hour') AS hour(start)
  LEFT JOIN rollup_hour h ON h.device = u.number AND h.metric = m.metric AND h.start = hour.start
    AND NOT EXISTS (SELECT FROM dirty_hour d WHERE d.device = u.number AND d.hour = h.start)
) today ON true
WHERE u.pilot = $1 AND ($5::uuid IS NULL OR u.id = $5)
ORDER BY u.number
"""
HOURS = """
SELECT w.device, w.metric, hour.start, coalesce(h.n, raw.n)::int AS n,
  coalesce(h.failed, raw.failed)::int AS failed, coalesce(h.low, raw.low) AS low,
  coalesce(h.high, raw.high) AS high, coalesce(h.sum / nullif(h.n, 0), raw.mean) AS mean
FROM (SELECT device, metric FROM unnest($1::int[]) AS d(device), unnest($2::int[]) AS m(metric)) w
CROSS JOIN generate_series($3::timestamptz, $4, interval '1 hour') AS hour(start)
LEFT JOIN rollup_hour h
  ON h.device = w.device AND h.metric = w.metric AND h.start = hour.start
LEFT JOIN LATERAL (
  SELECT count(r.value) AS n, count(*) - count(r.value) AS failed, min(r.value) AS low,
    max(r.value) AS high, avg(r.value) AS mean
  FROM reading r WHERE h.n IS NULL AND r.device = w.device AND r.metric = w.metric
    AND r.at >= hour.start AND r.at < hour.start + interval '1 hour'
) raw ON true
WHERE h.n + h.failed > 0 OR raw.n + raw.failed > 0
ORDER BY w.device, w.metric, hour.start
"""


class Standing(StrEnum):
    """What can be said of a device now. Silence is unknown, never « down »."""

    REVOKED = "revoked"
    NEVER = "never"
    SILENT = "silent"
    SENDS = "sends"
    UP = "up"
    PARTIAL = "partial"
    DOWN = "down"


@dataclass(frozen=True)
class Last:
    """The latest reading of a metric; without a value it failed, and said so."""

    metric: int
    at: datetime
    value: float | None


@dataclass(frozen=True)
class LiveDevice:
    """One device as it stands now.

    Attributes:
        condition: what it said of itself last.
        seen_at: when something of it came last, by our clock.
        missing: numbers of its sequences that are not stored: they did not arrive, or were refused.
        refused: how often something of it was refused so far.
        alarms: alarms of the last day that have not ended.
        stored: readings of today that are stored.
    """

    id: UUID
    number: int
    serial: str
    firmware: str
    is_reference: bool
    revoked_at: datetime | None
    condition: Condition | None
    condition_at: datetime | None
    seen_at: datetime | None
    missing: int
    refused: int
    alarms: int
    stored: int
    last: dict[int, Last]

    def standing(self, now: datetime, silence_s: float) -> Standing:
        """Return what can be said of it at ``now``."""
        if self.revoked_at is not None:
            return Standing.REVOKED
        if self.seen_at is None:
            return Standing.NEVER
        if (now - self.seen_at).total_seconds() > silence_s:
            return Standing.SILENT
        return Standing(self.condition) if self.condition else Standing.SENDS


@dataclass(frozen=True)
class Bin:
    """What was measured in a stretch of time that begins at ``start``."""

    start: datetime
    n: int
    failed: int
    low: float | None
    high: float | None
    mean: float | None


async def devices(
    pilot_id: UUID,
    ranges: tuple[Range, ...],
    since: datetime,
    now: datetime,
    *,
    only: UUID | None = None,
) -> list[LiveDevice]:
    """Return the devices of a pilot (or one of them) as they stand, in one statement.

    Args:
        pilot_id: the pilot.
        ranges: metrics of its protocol.
        since: whole hour when today began.
        now: the present moment.
        only: the one device that is asked about.
    """
    codes = [one.metric for one in ranges]
    rows = await database.fetch(DEVICES, pilot_id, since, now, codes, only)
    return [_device(row) for row in rows]


async def hours(
    numbers: list[int], codes: list[int], since: datetime, now: datetime
) -> dict[tuple[int, int], list[Bin]]:
    """Return what was measured in each hour, by device and metric, in one statement.

    From the roll-ups; where an hour has none yet, from its readings.
    """
    found: dict[tuple[int, int], list[Bin]] = {}
    for row in await database.fetch(HOURS, numbers, codes, since, now):
        values = dict(row)
        found.setdefault((values.pop("device"), values.pop("metric")), []).append(Bin(**values))
    return found


def _device(row: Any) -> LiveDevice:
    values = dict(row)
    last = msgspec.json.decode(values["last"] or "[]", type=list[Last])
    values["last"] = {one.metric: one for one in last}
    values["condition"] = Condition(values["condition"]) if values["condition"] else None
    return LiveDevice(**values)
