"""Import a manufacturer's file: look at it first, then write it, batch by batch."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from catalog.importers.devices import DraftDevice, read
from catalog.importers.drafting import plans_for, write_plans
from catalog.importers.measured import Measured, too_many_rows
from catalog.importers.opening import parts
from catalog.importers.plans import Outcome, Plan
from catalog.importers.reasons import FileRefused, Reason, Refusal
from catalog.importers.seen import Seen
from catalog.tables import ImportRun
from portal import database
from portal.permissions import STRANGER, Actor
from portal.web.i18n import lazy

ROWS = 200
MOST_ROWS = 200_000  # of one file: more devices than all manufacturers of the country have
MOST_SHOWN = 300


@dataclass
class Preview:
    """What an import would do, or did: counts of all, and the first plans and refusals in full."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    plans: list[Plan] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Return how many devices of the file can be taken over."""
        return self.created + self.changed + self.unchanged

    @property
    def writes(self) -> int:
        """Return how many devices would be written."""
        return self.created + self.changed

    def add(self, results: list[Plan | Refusal]) -> None:
        """Count results; keep those that do something, up to a limit, and every refusal."""
        for one in results:
            if isinstance(one, Refusal):
                self.refusals.append(one)
                continue
            self.created += one.outcome is Outcome.CREATED
            self.changed += one.outcome is Outcome.CHANGED
            self.unchanged += one.outcome is Outcome.UNCHANGED
            if one.outcome is not Outcome.UNCHANGED and len(self.plans) < MOST_SHOWN:
                self.plans.append(one)


Watch = Callable[[Preview, int], None]


Batch = tuple[list[DraftDevice], list[Refusal]]


async def batches(path: Path) -> AsyncIterator[Batch]:
    """Yield the devices of a file in batches, read beside the event loop: nobody waits for it."""
    source = read_batches(path)
    count = 0
    while (batch := await asyncio.to_thread(next, source, None)) is not None:
        count += len(batch[0]) + len(batch[1])
        if count > MOST_ROWS:
            raise too_many_rows(MOST_ROWS)
        yield batch


def read_batches(path: Path) -> Iterator[Batch]:
    """Yield the devices of a file in batches, with the refusals met on the way."""
    seen = Seen()
    drafts: list[DraftDevice] = []
    refusals: list[Refusal] = []
    measured = Measured()
    for part in parts(path):
        for item in read(replace(part, stream=measured.reading(part))):
            if isinstance(item, Refusal):
                refusals.append(item)
            elif seen.first_time([item[1].reference])[0]:
                drafts.append(item[1])
            else:
                line, one = item
                refusals.append(Refusal(line, Reason.KEY_REPEATED, one.reference))
            if len(drafts) + len(refusals) >= ROWS:
                yield drafts, refusals
                drafts, refusals = [], []
    yield drafts, refusals


async def previewed(path: Path, organisation_id: UUID) -> Preview:
    """Return what importing the file would do; nothing is written.

    Raises:
        FileRefused: the file cannot be read as a list of devices.
    """
    preview = Preview()
    async for drafts, refusals in batches(path):
        preview.add([*refusals, *await plans_for(organisation_id, drafts)])
    return preview


async def imported(path: Path, run: UUID, organisation_id: UUID, *, actor: Actor) -> Preview:
    """Import the file, each batch with its position in one transaction; goes on where it stopped.

    Raises:
        FileRefused: the file cannot be read, or the import is done or running already.
    """
    preview, position = Preview(), 0
    async for drafts, refusals in batches(path):
        position += len(drafts) + len(refusals)
        async with database.transaction():
            done = await _position(run)
            results: list[Plan | Refusal] = [
                *refusals, *await plans_for(organisation_id, drafts, hold=True),
            ]  # fmt: skip
            preview.add(results)
            if position > done:
                plans = [one for one in results if isinstance(one, Plan)]
                written = await write_plans(organisation_id, plans, run, actor=actor)
                await database.fetch(
                    "UPDATE import_run SET position = $2, created = created + $3,"
                    " changed = changed + $4, unchanged = unchanged + $5, refused = refused + $6,"
                    " updated_at = now() WHERE id = $1",
                    run, position, written.created, written.changed, written.unchanged,
                    len(results) - len(plans),
                )  # fmt: skip
    await database.fetch(
        "UPDATE import_run SET is_finished = true, updated_at = now() WHERE id = $1", run
    )
    return preview


async def import_file(path: Path, organisation_id: UUID) -> Preview:
    """Import a file at once, without the page: for the command line.

    Raises:
        FileRefused: the file cannot be read.
    """
    run = ImportRun(
        source="devices", organisation_id=organisation_id, file_name=path.name,
        digest=digest_of(path), confirmed_at=datetime.now(UTC),
    )  # fmt: skip
    await previewed(path, organisation_id)  # a file that breaks off is refused before any writing
    await run.save()
    return await imported(path, run.id, organisation_id, actor=STRANGER)


async def organisation_with(name: str) -> UUID:
    """Return the organisation with this id or ICE.

    Raises:
        FileRefused: there is none.
    """
    rows = await database.fetch(
        "SELECT id FROM organisation WHERE id::text = $1 OR ice = $1", name.strip().lower()
    )
    if len(rows) != 1:
        raise FileRefused(lazy("There is no organisation with the id or ICE %(name)s."), name=name)
    return UUID(int=rows[0]["id"].int)


async def _position(run: UUID) -> int:
    """Return how far the import has come, holding it for this transaction."""
    rows = await database.fetch(
        "SELECT position, is_finished FROM import_run WHERE id = $1 FOR UPDATE", run
    )
    if not rows or rows[0]["is_finished"]:
        raise FileRefused(lazy("This import is done already."))
    return int(rows[0]["position"])


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
