"""Packs as they were signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.queries.hidden import of_shown
from telemetry_ingest.evidence.observed import Unit

LEDGERS = """
SELECT d.number, sum((SELECT sum(upper(one) - lower(one)) FROM unnest(l.stored) one))::bigint
  AS stored
FROM device_ledger l JOIN pilot_device d ON d.number = l.device WHERE d.pilot = $1
GROUP BY d.number
"""
PACK = "SELECT id, pilot AS pilot_id, number, head, content, created_at FROM evidence_pack"
# It names both sides: as long as the public is spared one of them, it is spared this as well.
PUBLISHED = (
    f"{PACK} WHERE pilot = (SELECT id FROM pilot p WHERE id = $1"  # noqa: S608 — constants
    f" AND {of_shown('p.owner')} AND {of_shown('p.host')}) ORDER BY number DESC LIMIT 1"
)


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


async def published_pack(pilot_id: UUID) -> PackView | None:
    """Return the newest pack of a pilot if everybody may see it."""
    return await _one(PUBLISHED, pilot_id)


async def pack_with(head: str) -> PackView | None:
    """Return the pack with this head."""
    return await _one(f"{PACK} WHERE head = $1", head)


async def _one(sql: str, value: object) -> PackView | None:
    rows = await database.fetch(sql, value)
    return PackView(**dict(rows[0])) if rows else None


def held(units: Iterable[Unit]) -> dict[int, int]:
    """Return how many readings and messages of each device there were when a pack was made."""
    return {
        one.number: sum(after - first for boot in one.ledger for first, after in boot.stored)
        for one in units
    }


async def come_since(pilot_id: UUID, then: Mapping[int, int]) -> int:
    """Return how many readings and messages of a pilot's devices came after a pack was made.

    Args:
        pilot_id: the pilot.
        then: what ``held`` says of the pack.
    """
    return sum(
        max((row["stored"] or 0) - then.get(row["number"], 0), 0)
        for row in await database.fetch(LEDGERS, pilot_id)
    )
