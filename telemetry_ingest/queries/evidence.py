"""Packs as they were signed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database

PACK = "SELECT id, pilot AS pilot_id, number, head, content, created_at FROM evidence_pack"


@dataclass(frozen=True)
class PackView:
    """A pack of a pilot: its file and when it was made; a later one has a higher number."""

    id: UUID
    pilot_id: UUID
    number: int
    head: str
    content: bytes
    created_at: datetime


async def newest_pack(pilot_id: UUID) -> PackView | None:
    """Return the newest pack of a pilot."""
    return await _one(f"{PACK} WHERE pilot = $1 ORDER BY number DESC LIMIT 1", pilot_id)


async def pack_with(head: str) -> PackView | None:
    """Return the pack with this head."""
    return await _one(f"{PACK} WHERE head = $1", head)


async def _one(sql: str, value: object) -> PackView | None:
    rows = await database.fetch(sql, value)
    return PackView(**dict(rows[0])) if rows else None
