"""Playing refused messages again, once the reason is gone.

A message is played through the same check and the same transaction as one that comes; its time of
arrival stays the one it had. Playing it twice, or by two people at once, changes nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from portal.settings import get_settings
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.checking import micros
from telemetry_ingest.consumer.loop import is_fault
from telemetry_ingest.consumer.quarantine import Kept, Which
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire.arrived import Arrived

# One replay at a time: a second one waits for the page of the first, and takes what is left.
TURN = "SELECT pg_advisory_xact_lock(20260201, 2)"
# What was tried since this replay began, by itself or by somebody else, is not met again in it.
NEXT = """
    SELECT q.id, q.subject, q.content, q.received_at, p.id AS pilot, p.host
    FROM quarantine q LEFT JOIN pilot_device u ON u.id = q.device
        LEFT JOIN pilot p ON p.id = u.pilot
    WHERE q.replayed_at IS NULL AND q.content IS NOT NULL
        AND (q.tried_at IS NULL OR q.tried_at < $1)
        AND ($2::uuid IS NULL OR q.device = $2) AND ($3::text IS NULL OR q.reason = $3)
        AND ($4::uuid IS NULL OR u.pilot = $4) AND ($5::uuid IS NULL OR q.id = $5)
    ORDER BY q.tried_at NULLS FIRST, q.received_at, q.id LIMIT $6
"""
TRIED = """
    UPDATE quarantine q SET tried_at = statement_timestamp(), again = came.again,
        replayed_at = CASE WHEN came.again IS NULL THEN statement_timestamp() END
    FROM unnest($1::uuid[], $2::text[]) AS came(id, again) WHERE q.id = came.id
"""
AT_ONCE = 200


@dataclass
class Replayed:
    """What came of playing messages again; ``unfinished`` when time ran out before the last."""

    accepted: int = 0
    refused: int = 0
    readings: int = 0
    unfinished: bool = False


async def replay(which: Which, actor: Actor, *, patience_s: float = float("inf")) -> Replayed:
    """Play messages again whose content is kept and that were not accepted yet.

    Those that were never tried come first, so that a replay that had to stop goes on with them.
    """
    found = Replayed()
    catalogue = Catalogue(pilot=which.pilot)
    await catalogue.read(database.fetch)
    store = Store(get_settings().database_url.get_secret_value())
    [clock] = await database.fetch("SELECT clock_timestamp() AS begun")
    last = time.monotonic() + patience_s
    try:
        while await _page(which, clock["begun"], catalogue, store, actor, found):
            if time.monotonic() > last:
                found.unfinished = True
                break
    finally:
        await store.close()
    return found


async def outlooks(pilot: UUID, messages: Sequence[Kept]) -> list[Refusal | None]:
    """Return why a replay would refuse messages of a pilot now; ``None``: it would not."""
    catalogue = Catalogue(pilot=pilot)
    await catalogue.read(database.fetch)
    return [
        _refusal(Arrived(one.subject, one.content or b"", micros(one.received_at)), catalogue)
        for one in messages
    ]


async def _page(
    which: Which, begun: Any, catalogue: Catalogue, store: Store, actor: Actor, found: Replayed
) -> bool:
    """Play some messages and write down what came of each; say whether there may be more."""
    async with database.transaction():
        await database.fetch(TURN)
        rows = await database.fetch(
            NEXT, begun, which.device, which.reason, which.pilot, which.message, AT_ONCE
        )
        came = [Arrived(row["subject"], row["content"], micros(row["received_at"])) for row in rows]
        refusals = [_refusal(one, catalogue) for one in came]
        readings, faulty = await _bring_in(came, catalogue, store)
        again = [
            Refusal.NOT_STORABLE if id(one) in faulty else refusal
            for one, refusal in zip(came, refusals, strict=True)
        ]
        await database.fetch(TRIED, [row["id"] for row in rows], again)
        await _record(rows, again, actor)
    found.readings += readings
    found.accepted += again.count(None)
    found.refused += len(again) - again.count(None)
    return len(rows) == AT_ONCE


async def _bring_in(
    came: Sequence[Arrived], catalogue: Catalogue, store: Store
) -> tuple[int, set[int]]:
    """Store what is accepted now; return how many readings are new, and what cannot be stored.

    Of a message that is refused in part the rest is stored, or was when it came.
    """
    if not came:
        return 0, set()
    batch = gather(came, catalogue.get)
    batch.held = []
    rest = came[batch.messages :]
    try:
        readings, faulty = (await store.store(batch)).readings, set[int]()
    except asyncpg.PostgresError as error:
        if not is_fault(error):
            raise
        if len(came) == 1:
            return 0, {id(came[0])}
        middle = len(came) // 2
        readings, faulty = await _bring_in(came[:middle], catalogue, store)
        rest = came[middle:]
    more, worse = await _bring_in(rest, catalogue, store)
    return readings + more, faulty | worse


def _refusal(one: Arrived, catalogue: Catalogue) -> Refusal | None:
    held = gather([one], catalogue.get).held
    return held[0].reason if held else None


async def _record(rows: Sequence[Any], again: Sequence[Refusal | None], actor: Actor) -> None:
    tried = Counter((row["pilot"], row["host"]) for row in rows)
    stored = Counter(
        (row["pilot"], row["host"]) for row, why in zip(rows, again, strict=True) if why is None
    )
    for (pilot, host), messages in tried.items():
        await record(
            "quarantine.replayed",
            subject=("pilot", pilot or ""),
            actor=actor,
            organisation_id=host,
            stored=stored[pilot, host],
            refused=messages - stored[pilot, host],
        )
