"""What an import would do, looked up once and kept: counts, the first devices and mistakes."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from catalog.importers.offers import Preview, previewed
from catalog.importers.plans import Plan
from catalog.importers.reasons import FileRefused, Reason, Refusal
from catalog.importers.refused import Spool
from catalog.importers.uploads import Run, file_of, spool_of
from portal import database

# Raised when a file is read or compared differently: what was kept before is looked up again.
EDITION = 1
SMALL = 256 * 1024  # bytes of a table that is looked through at once
SMALL_PACKED = 32 * 1024  # of a workbook or an archive
AT_ONCE_S = 3.0  # what takes longer is the worker's
SILENT = timedelta(minutes=1)  # after which a lookup that says nothing is begun again
EVERY_S = 1.0
PACKED = (".xlsx", ".gz", ".zip")

STAMP = """
    SELECT run.digest,
        (SELECT coalesce(sum(created + changed), 0) FROM import_run WHERE source = 'emdn') AS terms,
        (SELECT max(updated_at) FROM device_model
         WHERE organisation_id = run.organisation_id) AS devices
    FROM import_run run WHERE run.id = $1
"""
KEPT = """
    SELECT stamp, is_ready, rows, content, begun_at, updated_at FROM import_preview WHERE run = $1
"""
BEGIN = """
    INSERT INTO import_preview (run, stamp, is_ready, rows, content, begun_at, updated_at)
    SELECT id, $2, false, 0, '', now(), now() FROM import_run
    WHERE id = $1 AND confirmed_at IS NULL
    ON CONFLICT (run) DO UPDATE SET stamp = excluded.stamp, is_ready = false, rows = 0,
        content = '', begun_at = now(), updated_at = now()
    WHERE import_preview.stamp <> excluded.stamp OR import_preview.updated_at < $3
    RETURNING begun_at
"""
MOVE = "UPDATE import_preview SET rows = $2, updated_at = now() WHERE run = $1"
KEEP = """
    INSERT INTO import_preview (run, stamp, is_ready, rows, content, begun_at, updated_at)
    SELECT id, $2, true, $3, $4, now(), now() FROM import_run WHERE id = $1
    ON CONFLICT (run) DO UPDATE SET stamp = excluded.stamp, is_ready = true, rows = excluded.rows,
        content = excluded.content, updated_at = now()
"""


class Change(msgspec.Struct):
    """One field as it is and as it would be."""

    field: str
    before: Any
    after: Any
    place: str = ""


class Variant(msgspec.Struct):
    """A variant that would be added."""

    reference: str
    name: str
    udi_di: str


class Device(msgspec.Struct):
    """What would be done for one device."""

    line: int
    reference: str
    name: str
    outcome: str
    changes: list[Change]
    new_variants: list[Variant]


class Mistake(msgspec.Struct):
    """One thing that is wrong in a refused row."""

    reason: Reason
    field: str
    value: str


class Refused(msgspec.Struct):
    """A row that would be refused."""

    line: int
    key: str
    part: str
    mistakes: list[Mistake]


class Unread(msgspec.Struct):
    """A column that is not read, and the field it may stand for."""

    heading: str
    nearest: str


class Content(msgspec.Struct):
    """What the page shows; ``trouble`` (a msgid) with ``values`` says why the file is refused."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    devices: list[Device] = []
    refusals: list[Refused] = []
    unread: list[Unread] = []
    trouble: str = ""
    values: dict[str, int | str] = {}

    @property
    def writes(self) -> int:
        """Return how many devices would be written."""
        return self.created + self.changed

    @property
    def total(self) -> int:
        """Return how many devices and refused rows the file holds."""
        return self.writes + self.unchanged + self.refused


@dataclass(frozen=True)
class Look:
    """How far a lookup has come; ``content`` is there when it has ended."""

    rows: int
    begun_at: datetime
    updated_at: datetime
    content: Content | None = None


async def _stamp(run: UUID) -> str:
    """Return what a lookup depends on: the file, how it is read, the nomenclature, the devices."""
    rows = await database.fetch(STAMP, run)
    return ":".join(str(value) for value in (EDITION, *rows[0])) if rows else ""


async def look_at(run: Run) -> Look | None:
    """Return what is kept about a run, or ``None`` when there is nothing or it is out of date."""
    rows = await database.fetch(KEPT, run.id)
    if not rows or rows[0]["stamp"] != await _stamp(run.id):
        return None
    row = rows[0]
    content = msgspec.json.decode(row["content"], type=Content) if row["is_ready"] else None
    return Look(row["rows"], row["begun_at"], row["updated_at"], content)


async def begin(run: Run) -> datetime | None:
    """Note that a lookup is wanted; return since when, or ``None`` when one is under way."""
    late = datetime.now(UTC) - SILENT
    rows = await database.fetch(BEGIN, run.id, await _stamp(run.id), late)
    return rows[0]["begun_at"] if rows else None


async def look_up_small(run: Run) -> Look | None:
    """Look through a small file at once; ``None`` when it is the worker's to do."""
    path = file_of(run)
    most = SMALL_PACKED if path.suffix in PACKED else SMALL
    if not path.exists() or path.stat().st_size > most:
        return None
    try:
        async with asyncio.timeout(AT_ONCE_S):
            await look_up(run)
    except TimeoutError:
        return None
    return await look_at(run)


async def look_up(run: Run) -> Content:
    """Look through a file and keep what importing it would do, with its refused rows."""
    stamp, said_at = await _stamp(run.id), time.monotonic()

    async def watch(preview: Preview) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= EVERY_S:
            said_at = time.monotonic()
            await database.fetch(MOVE, run.id, preview.total)

    try:
        with Spool(spool_of(run.id)) as spool:
            preview = await previewed(
                file_of(run), run.organisation_id, sink=spool.add, watch=watch
            )
        content = _content(preview)
    except FileRefused as refused:
        spool_of(run.id).unlink(missing_ok=True)
        plain = {
            name: value if isinstance(value, int) else str(value)
            for name, value in refused.values.items()
        }
        content = Content(trouble=refused.message, values=plain)
    await database.fetch(KEEP, run.id, stamp, content.total, msgspec.json.encode(content).decode())
    return content


def _content(preview: Preview) -> Content:
    return Content(
        preview.created,
        preview.changed,
        preview.unchanged,
        preview.refused,
        [_device(one) for one in preview.plans],
        [_refused(one) for one in preview.refusals],
        [Unread(one.heading, one.nearest) for one in preview.unread],
    )


def _device(plan: Plan) -> Device:
    return Device(
        plan.line,
        plan.reference,
        plan.name,
        plan.outcome.value,
        [Change(one.field, one.before, one.after, one.place) for one in plan.changes],
        [Variant(one.reference, one.name, one.udi_di) for one in plan.new_variants],
    )


def _refused(one: Refusal) -> Refused:
    found = [Mistake(each.reason, each.field, each.value) for each in one.mistakes]
    return Refused(one.line, one.key, one.part, found)
