"""What devices tried and may not: counted once, with how far the broker's log was read."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from portal import database
from telemetry_ingest.states import Refusal


@dataclass
class Place:
    """How far a log was read; who reads on changes it."""

    inode: int
    read_to: int


@asynccontextmanager
async def reading_from(file: str) -> AsyncIterator[Place | None]:
    """Give the place in a log in a transaction that keeps it with what is counted.

    ``None`` when another process has it at the moment.
    """
    async with database.transaction():
        await database.fetch(
            "INSERT INTO broker_log (file, inode, read_to) VALUES ($1, 0, 0)"
            " ON CONFLICT DO NOTHING",
            file,
        )
        rows = await database.fetch(
            "SELECT inode, read_to FROM broker_log WHERE file = $1 FOR UPDATE SKIP LOCKED", file
        )
        place = Place(rows[0]["inode"], rows[0]["read_to"]) if rows else None
        yield place
        if place is not None:
            await database.fetch(
                "UPDATE broker_log SET inode = $2, read_to = $3 WHERE file = $1"
                " AND (inode, read_to) <> ($2, $3)",
                file,
                place.inode,
                place.read_to,
            )


async def count_violations(found: Mapping[tuple[UUID, str], int]) -> None:
    """Add to the refusals of today: by device, and whether it published or subscribed."""
    if not found:
        return
    await database.fetch(
        "INSERT INTO device_refused (device, day, reason, field, messages)"
        " SELECT d.number, (now() AT TIME ZONE 'UTC')::date, $1, said.field, said.messages"
        " FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS said (device, field, messages)"
        " JOIN pilot_device d ON d.id = said.device"
        " ON CONFLICT (device, day, reason, field)"
        " DO UPDATE SET messages = device_refused.messages + excluded.messages",
        Refusal.WRONG_TOPIC,
        [device for device, _field in found],
        [field for _device, field in found],
        list(found.values()),
    )
