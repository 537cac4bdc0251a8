"""The quarantine: what was refused, how it is listed and when it is forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal import database
from portal.settings import get_settings
from telemetry_ingest.states import Refusal

LISTED = """
    SELECT q.id, u.serial, q.subject, q.reason, q.field, q.content, q.received_at, q.replayed_at,
        q.tried_at, q.again
    FROM quarantine q LEFT JOIN pilot_device u ON u.id = q.device
    WHERE ($1::uuid IS NULL OR q.device = $1) AND ($2::text IS NULL OR q.reason = $2)
        AND ($3::uuid IS NULL OR u.pilot = $3) AND ($4::uuid IS NULL OR q.id = $4)
        AND (NOT $5 OR q.content IS NOT NULL)
    ORDER BY q.received_at, q.id LIMIT $6 OFFSET $7
"""
FORGET = "DELETE FROM quarantine WHERE received_at < $1 RETURNING id"


@dataclass(frozen=True)
class Kept:
    """One refused message; ``content`` only when it is of our shape.

    Attributes:
        replayed_at: when a replay stored it.
        tried_at: the latest replay, whatever came of it.
        again: why that replay refused it.
    """

    id: UUID
    serial: str | None
    subject: str
    reason: Refusal
    field: str
    content: bytes | None
    received_at: datetime
    replayed_at: datetime | None
    tried_at: datetime | None
    again: Refusal | None


@dataclass(frozen=True)
class Which:
    """Which messages are meant; all of them when nothing is said."""

    device: UUID | None = None
    reason: Refusal | None = None
    pilot: UUID | None = None
    message: UUID | None = None


async def kept(
    which: Which, most: int = 100, skipped: int = 0, *, playable: bool = False
) -> list[Kept]:
    """Return refused messages, the oldest first; only those whose content is kept if asked."""
    rows = await database.fetch(
        LISTED, which.device, which.reason, which.pilot, which.message, playable, most, skipped
    )
    return [_kept(row) for row in rows]


async def forget_old(now: datetime) -> int:
    """Remove what was kept as long as the policy says; return how much."""
    before = now - timedelta(days=get_settings().quarantine_days)
    return len(await database.fetch(FORGET, before))


def _kept(row: dict[str, object]) -> Kept:
    values = dict(row)
    for name in ("reason", "again"):
        values[name] = values[name] and Refusal(str(values[name]))
    return Kept(**values)  # type: ignore[arg-type]
