"""The quarantine: what was refused and may be played again, once the reason is gone.

A message is played through the same check and the same transaction as one that comes; its time of
arrival stays the one it had. Playing it twice changes nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal import database
from portal.settings import get_settings
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.checking import micros
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire.arrived import Arrived

LISTED = """
    SELECT id, subject, reason, field, content, received_at, replayed_at FROM quarantine
    WHERE ($1::uuid IS NULL OR device = $1) AND ($2::text IS NULL OR reason = $2)
        AND (NOT $3 OR (replayed_at IS NULL AND content IS NOT NULL))
    ORDER BY received_at, id LIMIT $4
"""
# What was not played again must not be met again in the same run.
NEXT = LISTED.replace("WHERE", "WHERE (received_at, id) > ($5, $6) AND")
PLAYED = "UPDATE quarantine SET replayed_at = $2 WHERE id = $1"
FORGET = "DELETE FROM quarantine WHERE received_at < $1 RETURNING id"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 200


@dataclass(frozen=True)
class Kept:
    """One refused message; ``content`` only when it is of our shape."""

    id: UUID
    subject: str
    reason: Refusal
    field: str
    content: bytes | None
    received_at: datetime
    replayed_at: datetime | None


@dataclass(frozen=True)
class Which:
    """Which messages are meant; all of them when nothing is said."""

    device: UUID | None = None
    reason: Refusal | None = None


@dataclass
class Replayed:
    """What came of playing messages again."""

    accepted: int = 0
    refused: int = 0
    readings: int = 0


async def kept(which: Which, most: int = 100) -> list[Kept]:
    """Return refused messages, the oldest first."""
    rows = await database.fetch(LISTED, which.device, which.reason, False, most)
    return [_kept(row) for row in rows]


async def replay(which: Which) -> Replayed:
    """Play messages again whose content is kept and that were not accepted yet."""
    found = Replayed()
    catalogue = Catalogue()
    await catalogue.read(database.fetch)
    store = Store(get_settings().database_url.get_secret_value())
    after, last = BEGINNING, UUID(int=0)
    try:
        while page := await database.fetch(
            NEXT, which.device, which.reason, True, AT_ONCE, after, last
        ):
            for row in page:
                await _play(_kept(row), catalogue, store, found)
            after, last = page[-1]["received_at"], page[-1]["id"]
    finally:
        await store.close()
    return found


async def forget_old(now: datetime) -> int:
    """Remove what was kept as long as the policy says; return how much."""
    before = now - timedelta(days=get_settings().quarantine_days)
    return len(await database.fetch(FORGET, before))


async def _play(one: Kept, catalogue: Catalogue, store: Store, found: Replayed) -> None:
    assert one.content is not None
    batch = gather([Arrived(one.subject, one.content, micros(one.received_at))], catalogue.get)
    # A message that is refused in part has its other readings in their place already.
    if batch.held:
        found.refused += 1
        return
    stored = await store.store(batch)
    await database.fetch(PLAYED, one.id, datetime.now(UTC))
    found.accepted += 1
    found.readings += stored.readings


def _kept(row: dict[str, object]) -> Kept:
    values = dict(row)
    return Kept(**values | {"reason": Refusal(str(row["reason"]))})  # type: ignore[arg-type]
