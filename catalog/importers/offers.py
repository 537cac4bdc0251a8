"""Import a manufacturer's file: look at it first, then write it, batch by batch."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from catalog.importers.columns import KNOWN
from catalog.importers.devices import DraftDevice, read
from catalog.importers.drafting import plans_for, write_plans
from catalog.importers.headings import Unread, unread
from catalog.importers.measured import Measured, too_many_rows
from catalog.importers.opening import parts
from catalog.importers.plans import Outcome, Plan
from catalog.importers.reasons import FileRefused, Mistake, Reason, Refusal
from catalog.importers.seen import fingerprint
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
    refused: int = 0
    plans: list[Plan] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Return how many devices and refused rows the file holds."""
        return self.created + self.changed + self.unchanged + self.refused

    @property
    def writes(self) -> int:
        """Return how many devices would be written."""
        return self.created + self.changed

    def add(self, results: list[Plan | Refusal]) -> None:
        """Count results; keep the first that do something, and the first refusals."""
        for one in results:
            if isinstance(one, Refusal):
                self.refused += 1
                if len(self.refusals) < MOST_SHOWN:
                    self.refusals.append(one)
                continue
            self.created += one.outcome is Outcome.CREATED
            self.changed += one.outcome is Outcome.CHANGED
            self.unchanged += one.outcome is Outcome.UNCHANGED
            if one.outcome is not Outcome.UNCHANGED and len(self.plans) < MOST_SHOWN:
                self.plans.append(one)


@dataclass
class Batch:
    """Some devices of one table of a file, with the rows refused on the way and their heading."""

    part: str
    heading: tuple[object, ...] = ()
    drafts: list[DraftDevice] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.drafts) + len(self.refusals)

    def add(self, one: DraftDevice | Refusal) -> None:
        """Put a device or a refused row in its place."""
        if isinstance(one, Refusal):
            self.refusals.append(one)
        else:
            self.drafts.append(one)


# What is told of each batch: its heading and what was refused; and how far reading has come.
Sink = Callable[[Sequence[object], list[Refusal]], None]
Watch = Callable[[Preview], Awaitable[None]]


def ignored(heading: Sequence[object], refusals: list[Refusal]) -> None:
    """Keep nothing of the refused rows."""


async def batches(path: Path) -> AsyncIterator[Batch]:
    """Yield the devices of a file in batches, read beside the event loop: nobody waits for it."""
    source = read_batches(path)
    count = 0
    while (batch := await asyncio.to_thread(next, source, None)) is not None:
        count += len(batch)
        if count > MOST_ROWS:
            raise too_many_rows(MOST_ROWS)
        yield batch


def read_batches(path: Path) -> Iterator[Batch]:
    """Yield the devices of a file in batches; each is of one table."""
    met, measured = _Met(), Measured()
    for part in parts(path):
        batch = Batch(part.name if "/" in part.name else "")

        def noticed(heading: Sequence[object], batch: Batch = batch) -> None:
            batch.heading = tuple(heading)

        for item in read(replace(part, stream=measured.reading(part)), noticed):
            one = item if isinstance(item, Refusal) else met.checked(item[1])
            batch.add(one)
            if len(batch) >= ROWS:
                yield batch
                batch = Batch(batch.part, batch.heading)
        yield batch


class _Met:
    """The references and identifiers that stood higher up in a file."""

    def __init__(self) -> None:
        self.references: set[int] = set()
        self.identifiers: dict[int, int] = {}

    def checked(self, one: DraftDevice) -> DraftDevice | Refusal:
        """Return the device, with a mistake for each identifier that another one has in the file.

        A row with mistakes is not written: what it holds may stand further down without any.
        """
        if one.mistakes:
            return one
        reference = fingerprint(one.reference.encode())
        if reference in self.references:
            rows = tuple(one.rows)
            return Refusal(one.line, Reason.KEY_REPEATED, one.reference, "reference", rows=rows)
        self.references.add(reference)
        for variant in one.variants:
            mark = fingerprint(variant.udi_di.encode())
            if variant.udi_di and self.identifiers.setdefault(mark, reference) != reference:
                one.mistakes.append(Mistake(Reason.IDENTIFIER_TAKEN, "udi_di", variant.udi_di))
        return one


async def previewed(
    path: Path, organisation_id: UUID, *, sink: Sink = ignored, watch: Watch | None = None
) -> Preview:
    """Return what importing the file would do; nothing is written.

    Raises:
        FileRefused: the file cannot be read as a list of devices.
    """
    preview = Preview()
    async for batch in batches(path):
        results = await _results(batch, organisation_id, hold=False)
        preview.add(results)
        sink(batch.heading, [one for one in results if isinstance(one, Refusal)])
        fresh = unread(batch.heading, KNOWN)
        preview.unread += [one for one in fresh if one not in preview.unread]
        if watch:
            await watch(preview)
    return preview


async def _results(batch: Batch, organisation_id: UUID, *, hold: bool) -> list[Plan | Refusal]:
    """Return what becomes of each device of a batch, and its refused rows."""
    results = [*batch.refusals, *await plans_for(organisation_id, batch.drafts, hold=hold)]
    return [
        replace(one, part=batch.part) if isinstance(one, Refusal) and batch.part else one
        for one in results
    ]


async def imported(
    path: Path, run: UUID, organisation_id: UUID, *, actor: Actor, sink: Sink = ignored
) -> Preview:
    """Import the file, each batch with its position in one transaction; goes on where it stopped.

    Raises:
        FileRefused: the file cannot be read, or the import is done or running already.
    """
    preview, position = Preview(), 0
    async for batch in batches(path):
        position += len(batch)
        async with database.transaction():
            done = await _position(run)
            results = await _results(batch, organisation_id, hold=True)
            preview.add(results)
            sink(batch.heading, [one for one in results if isinstance(one, Refusal)])
            if position <= done:
                # So that nobody takes an import that finds its place again for a dead one.
                await database.fetch("UPDATE import_run SET updated_at = now() WHERE id = $1", run)
            else:
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


async def import_file(path: Path, organisation_id: UUID, *, sink: Sink = ignored) -> Preview:
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
    return await imported(path, run.id, organisation_id, actor=STRANGER, sink=sink)


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
