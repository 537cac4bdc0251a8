"""What devices of a pilot sent and the portal refused: how often and why, and the latest kept."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal import database
from telemetry_ingest.states import Refusal

# A reading that is refused alone counts one; so does a message that is refused whole.
COUNTED = """
SELECT u.id AS device_id, u.serial, r.reason, r.field, sum(r.messages)::bigint AS times,
  min(r.day) AS first, max(r.day) AS last
FROM device_refused r JOIN pilot_device u ON u.number = r.device
WHERE u.pilot = $1
GROUP BY u.id, u.serial, u.number, r.reason, r.field
ORDER BY max(r.day) DESC, u.number, times DESC, r.reason, r.field
LIMIT $2
"""
KEPT = """
SELECT u.serial, q.reason, q.field, q.received_at, q.replayed_at, length(q.content) AS bytes
FROM quarantine q JOIN pilot_device u ON u.id = q.device
WHERE u.pilot = $1 ORDER BY q.received_at DESC, q.id LIMIT $2
"""


@dataclass(frozen=True)
class Counted:
    """How often something was refused of one device for one reason.

    Attributes:
        field: the place in the message, where one is named.
        first: the first day (UTC) it happened; ``last`` the latest.
    """

    device_id: UUID
    serial: str
    reason: Refusal
    field: str
    times: int
    first: date
    last: date


@dataclass(frozen=True)
class KeptMessage:
    """A refused message; ``bytes`` is missing where its content was not kept."""

    serial: str
    reason: Refusal
    field: str
    received_at: datetime
    replayed_at: datetime | None
    bytes: int | None


async def counted_of(pilot_id: UUID, most: int = 200) -> list[Counted]:
    """Return what was refused of a pilot's devices, the latest first."""
    rows = await database.fetch(COUNTED, pilot_id, most)
    return [Counted(**{**dict(row), "reason": Refusal(row["reason"])}) for row in rows]


async def kept_of(pilot_id: UUID, most: int = 20) -> list[KeptMessage]:
    """Return the latest refused messages of a pilot's devices that are kept."""
    rows = await database.fetch(KEPT, pilot_id, most)
    return [KeptMessage(**{**dict(row), "reason": Refusal(row["reason"])}) for row in rows]
