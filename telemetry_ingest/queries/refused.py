"""What devices of a pilot sent and the portal refused: how often, why, and what of it is kept."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal import database
from telemetry_ingest.states import Refusal

# A reading that is refused alone counts one; so does a message that is refused whole.
COUNTED = """
SELECT u.id AS device_id, u.serial, r.reason, r.field, sum(r.messages)::bigint AS times,
  max(r.day) AS last,
  (SELECT count(*) FROM quarantine q WHERE q.device = u.id AND q.reason = r.reason
    AND q.field = r.field AND q.content IS NOT NULL AND q.replayed_at IS NULL) AS kept,
  (SELECT count(*) FROM quarantine q WHERE q.device = u.id AND q.reason = r.reason
    AND q.field = r.field AND q.replayed_at IS NOT NULL) AS replayed
FROM device_refused r JOIN pilot_device u ON u.number = r.device
WHERE u.pilot = $1
GROUP BY u.id, u.serial, u.number, r.reason, r.field
ORDER BY max(r.day) DESC, u.number, times DESC, r.reason, r.field
LIMIT $2
"""
TRIED = """
SELECT count(*) FILTER (WHERE q.replayed_at IS NOT NULL) AS stored,
  count(*) FILTER (WHERE q.replayed_at IS NULL AND q.tried_at IS NOT NULL) AS refused,
  count(*) FILTER (WHERE q.tried_at IS NULL) AS untried
FROM quarantine q JOIN pilot_device u ON u.id = q.device
WHERE u.pilot = $1 AND q.reason = $2 AND q.content IS NOT NULL
"""


@dataclass(frozen=True)
class Counted:
    """How often something was refused of one device for one reason.

    Attributes:
        field: the place in the message, where one is named.
        last: the latest day (UTC) it happened.
        kept: messages that can be played again.
        replayed: messages that a replay stored.
    """

    device_id: UUID
    serial: str
    reason: Refusal
    field: str
    times: int
    last: date
    kept: int
    replayed: int


@dataclass(frozen=True)
class Tried:
    """What replays did with the messages kept for one reason.

    Attributes:
        stored: by a replay.
        refused: again, by the latest replay.
        untried: nobody replayed them.
    """

    stored: int
    refused: int
    untried: int


async def counted_of(pilot_id: UUID, most: int = 200) -> list[Counted]:
    """Return what was refused of a pilot's devices, the latest first."""
    rows = await database.fetch(COUNTED, pilot_id, most)
    return [Counted(**{**dict(row), "reason": Refusal(row["reason"])}) for row in rows]


async def tried_of(pilot_id: UUID, reason: Refusal) -> Tried:
    """Return what replays did with the messages of a pilot that were refused for one reason."""
    [row] = await database.fetch(TRIED, pilot_id, reason)
    return Tried(**dict(row))
