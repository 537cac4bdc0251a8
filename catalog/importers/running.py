"""Run an import: batch by batch, each in one transaction; goes on where a killed one broke off."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from catalog.importers.batches import Batch, batches
from catalog.importers.opening import parts
from catalog.importers.reasons import FileRefused
from catalog.importers.records import Reader
from catalog.importers.reports import Report
from catalog.importers.writing import Written
from catalog.tables import ImportRun
from portal import database
from portal.web.i18n import lazy

# Raised when a source is read differently: an import broken off before starts afresh.
EDITION = b"2"

MOVE = """
    UPDATE import_run SET position = $2, created = created + $3, changed = changed + $4,
        unchanged = unchanged + $5, refused = refused + $6, updated_at = now()
    WHERE id = $1
"""
COUNTS = "SELECT position, created, changed, unchanged, refused FROM import_run WHERE id = $1"


@dataclass(frozen=True)
class Importer:
    """A kind of import: how a file is read, how a batch is written, what follows the last one."""

    source: str
    read: Reader
    write: Callable[[Any, UUID], Awaitable[Written]]
    finish: Callable[[], Awaitable[object]] | None = None
    options: str = ""


@dataclass(frozen=True)
class Progress:
    """How far an import has come; ``resumed_at`` rows were done by an earlier, broken-off run."""

    run: UUID
    position: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    resumed_at: int = 0
    share: float = 0.0


Watch = Callable[[Progress], None]


async def run_import(
    importer: Importer, path: Path, report: Report, *, watch: Watch = lambda progress: None
) -> Progress:
    """Import a file and return what became of its rows.

    Raises:
        FileRefused: the file cannot be read, or the same source is being imported right now.
    """
    next(iter(parts(path)))  # a file that is not there, or damaged, is said before anything starts
    digest = await asyncio.to_thread(_digest, path, importer)
    async with _alone(importer.source):
        run, start = await _begin(importer, path, digest)
        progress = Progress(run, resumed_at=start)
        async for batch in _prefetched(path, importer.read):
            report.add(batch.refusals)
            if batch.position > start:
                progress = await _write(importer, batch, run, start)
            watch(replace(progress, share=batch.share))
        async with database.transaction():
            if importer.finish:
                await importer.finish()
            await ImportRun.update({ImportRun.is_finished: True}).where(ImportRun.id == run)
        return await _progress(run, start)


def _digest(path: Path, importer: Importer) -> str:
    with path.open("rb") as file:
        marks = hashlib.file_digest(file, "sha256")
    marks.update(EDITION + importer.source.encode() + b"\0" + importer.options.encode())
    return marks.hexdigest()


@asynccontextmanager
async def _alone(source: str) -> AsyncIterator[None]:
    """Let one import of a source run at a time; the lock goes with the connection of a dead one."""
    assert database.DB.pool is not None, "enter database.pool() first"
    async with database.DB.pool.acquire() as connection:
        name = f"tajhiz import {source}"
        free = await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", name)
        if not free:
            raise FileRefused(
                lazy("Another import of « %(source)s » is running; wait until it has ended."),
                source=source,
            )
        try:
            yield
        finally:
            await connection.fetchval("SELECT pg_advisory_unlock(hashtext($1))", name)


async def _begin(importer: Importer, path: Path, digest: str) -> tuple[UUID, int]:
    """Return the run that broke off on this very file and its position, or a new one."""
    rows = await database.fetch(
        "SELECT id, position FROM import_run WHERE digest = $1 AND source = $2"
        " AND NOT is_finished ORDER BY started_at DESC LIMIT 1",
        digest,
        importer.source,
    )
    if rows:
        return rows[0]["id"], rows[0]["position"]
    run = ImportRun(source=importer.source, file_name=path.name, digest=digest)
    await run.save()
    return run.id, 0


async def _prefetched(path: Path, read: Reader) -> AsyncIterator[Batch]:
    """Yield the batches; while one is written the next is already being read."""
    source = batches(path, read)
    ahead = asyncio.ensure_future(asyncio.to_thread(next, source, None))
    try:
        while (batch := await ahead) is not None:
            ahead = asyncio.ensure_future(asyncio.to_thread(next, source, None))
            yield batch
    finally:
        ahead.cancel()


async def _write(importer: Importer, batch: Batch, run: UUID, start: int) -> Progress:
    async with database.transaction():
        records: Sequence[Any] = batch.records
        written = await importer.write(records, run) if records else Written()
        await database.fetch(
            MOVE,
            run,
            batch.position,
            written.created,
            written.changed,
            written.unchanged,
            len(batch.refusals),
        )
    return await _progress(run, start)


async def _progress(run: UUID, start: int) -> Progress:
    counts = dict((await database.fetch(COUNTS, run))[0])
    return Progress(run=run, resumed_at=start, **counts)
