"""What the database says of telemetry as a whole, for those who run it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from telemetry_ingest.health.snapshot import Kept
from telemetry_ingest.states import Refusal

RUNNING = """
FROM pilot_device u JOIN pilot p ON p.id = u.pilot AND p.state = 'running'
"""
LEDGER = f"""
SELECT coalesce(sum(upper(g.stored) - lower(g.stored)), 0)::bigint AS expected,
  coalesce(sum((SELECT sum(upper(one) - lower(one)) FROM unnest(g.stored) AS one)), 0)::bigint
    AS stored
{RUNNING} JOIN device_ledger g ON g.device = u.number AND g.topic = 1
"""  # noqa: S608 - constants of this file
HEARD = f"""
SELECT count(*) AS devices, max(heard.at) AS last_at,
  count(*) FILTER (WHERE heard.at IS NULL OR heard.at < now() - interval '1 hour') AS silent
{RUNNING} LEFT JOIN LATERAL (
  SELECT max(l.received_at) AS at FROM device_last l WHERE l.device = u.number
) heard ON true
WHERE u.revoked_at IS NULL
"""  # noqa: S608
REFUSED = """
SELECT reason, sum(messages)::bigint AS messages,
  coalesce(sum(messages) FILTER (WHERE day >= (now() AT TIME ZONE 'UTC')::date - 1), 0)::bigint
    AS lately
FROM device_refused GROUP BY reason
"""
# A partition is named by its day; `AHEAD` are the days after today that the worker makes.
COUNTS = """
SELECT
  (SELECT count(*) FROM quarantine WHERE replayed_at IS NULL) AS quarantined,
  (SELECT count(*) FROM quarantine WHERE replayed_at IS NULL AND content IS NOT NULL) AS playable,
  (SELECT count(*) FROM dirty_hour) AS dirty_hours,
  (SELECT count(*) FROM taken_hour) AS taken_hours,
  (SELECT coalesce(extract(epoch FROM now() - min(taken_at)), 0)::float8 FROM taken_hour)
    AS taken_s,
  (SELECT count(*) FROM generate_series(1, 3) AS ahead WHERE to_regclass('reading_' || to_char(
      (now() AT TIME ZONE 'UTC')::date + ahead::int, 'YYYYMMDD')) IS NOT NULL) AS days_ahead,
  (SELECT coalesce(sum(messages), 0)::bigint FROM device_refused WHERE reason = 'wrong_topic'
    AND field = 'publish' AND day >= (now() AT TIME ZONE 'UTC')::date - 1) AS thrown_away,
  (SELECT coalesce(sum(messages), 0)::bigint FROM device_refused WHERE reason = 'wrong_topic'
    AND field IN ('publish', 'subscribe')) AS violations,
  (SELECT count(*) FROM cold_day) AS cold_days,
  (SELECT coalesce(sum(readings), 0)::bigint FROM cold_day) AS cold_readings,
  (SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'reading'::regclass AND c.relname ~ '^reading_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD')
        < (now() AT TIME ZONE 'UTC')::date - $1::int - 2) AS overdue_days
"""
DEVICES = f"""
SELECT u.id, u.serial, u.pilot AS pilot_id, p.protocol::jsonb ->> 'title' AS title,
  (SELECT max(l.received_at) FROM device_last l WHERE l.device = u.number) AS last_at,
  ledger.expected, ledger.expected - ledger.stored AS missing,
  (SELECT coalesce(sum(r.messages), 0)::bigint FROM device_refused r WHERE r.device = u.number
    AND r.day >= (now() AT TIME ZONE 'UTC')::date - 1) AS refused,
  (SELECT coalesce(sum(r.messages), 0)::bigint FROM device_refused r WHERE r.device = u.number
    AND r.day >= (now() AT TIME ZONE 'UTC')::date - 1 AND r.reason = 'wrong_topic'
    AND r.field = 'publish') AS thrown_away
{RUNNING} CROSS JOIN LATERAL (
  SELECT coalesce(sum(upper(g.stored) - lower(g.stored)), 0)::bigint AS expected,
    coalesce(sum((SELECT sum(upper(one) - lower(one)) FROM unnest(g.stored) AS one)), 0)::bigint
      AS stored
  FROM device_ledger g WHERE g.device = u.number AND g.topic = 1
) ledger
WHERE u.revoked_at IS NULL
ORDER BY thrown_away DESC, missing DESC, refused DESC, last_at NULLS FIRST, u.serial
LIMIT $1 OFFSET $2
"""  # noqa: S608
QUARANTINED = """
SELECT q.received_at, q.subject, q.reason, q.field, octet_length(q.content) AS bytes,
  u.id AS device_id, u.serial, u.pilot AS pilot_id
FROM quarantine q LEFT JOIN pilot_device u ON u.id = q.device
WHERE q.replayed_at IS NULL AND ($1::text IS NULL OR q.reason = $1)
ORDER BY q.received_at DESC, q.id LIMIT $2 OFFSET $3
"""
BY_REASON = """
SELECT reason, count(*) AS messages FROM quarantine WHERE replayed_at IS NULL
GROUP BY reason ORDER BY messages DESC, reason
"""


@dataclass(frozen=True)
class FleetDevice:
    """A device of a running pilot, as those who run the portal look at it."""

    id: UUID
    serial: str
    pilot_id: UUID
    title: str
    last_at: datetime | None
    expected: int
    missing: int
    refused: int
    thrown_away: int


@dataclass(frozen=True)
class Quarantined:
    """A refused message that was not played again; ``bytes`` is missing where nothing is kept."""

    received_at: datetime
    subject: str
    reason: Refusal
    field: str
    bytes: int | None
    device_id: UUID | None
    serial: str | None
    pilot_id: UUID | None


async def kept_now(raw_days: int) -> Kept:
    """Return what the database says at this moment."""
    [ledger] = await database.fetch(LEDGER)
    [heard] = await database.fetch(HEARD)
    refused = await database.fetch(REFUSED)
    [counts] = await database.fetch(COUNTS, raw_days)
    return Kept(
        expected=ledger["expected"],
        missing=ledger["expected"] - ledger["stored"],
        refused={Refusal(one["reason"]): one["messages"] for one in refused},
        lately={Refusal(one["reason"]): one["lately"] for one in refused if one["lately"]},
        devices=heard["devices"],
        silent_devices=heard["silent"],
        last_at=heard["last_at"],
        **dict(counts),
    )


async def fleet(most: int, skipped: int = 0) -> list[FleetDevice]:
    """Return devices of running pilots, those with something to look at first."""
    return [FleetDevice(**dict(row)) for row in await database.fetch(DEVICES, most, skipped)]


async def quarantined(reason: Refusal | None, most: int, skipped: int = 0) -> list[Quarantined]:
    """Return refused messages that were not played again, the newest first."""
    rows = await database.fetch(QUARANTINED, reason, most, skipped)
    return [Quarantined(**{**dict(row), "reason": Refusal(row["reason"])}) for row in rows]


async def quarantined_by_reason() -> dict[Refusal, int]:
    """Return how many refused messages wait, by reason, the most frequent first."""
    rows = await database.fetch(BY_REASON)
    return {Refusal(row["reason"]): row["messages"] for row in rows}
