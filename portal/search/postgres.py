"""The PostgreSQL adapter: rows in the database, and a snapshot of them in each web process.

Counting the facets of 100,000 documents in SQL costs a hundred times what it costs in numpy, so
each process keeps words and facets in arrays (about 40 MB per 100,000 devices) and asks the
database only what has changed, for identifiers, and for the twenty cards of a page.
"""

import asyncio
import ctypes
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from portal import database
from portal.search import reading, storing
from portal.search.adapter import Status
from portal.search.answering import answer
from portal.search.documents import prepare
from portal.search.index import Document, Index, Query, Result
from portal.search.rebuilding import rewrite
from portal.search.snapshot import Row, Snapshot
from portal.search.writing import committed_at, current_version, writing

# How old an answer may be: a change made in another process is seen after this at the latest.
FRESH_FOR_S = 0.5
# A web process that is not asked for so many versions reads the index again as a whole.
KEPT_VERSIONS = 1_000
M_MMAP_THRESHOLD = -3  # of malloc.h
# So many rows are put into the arrays at once; more need more memory for a moment.
AT_ONCE = 4_000


@dataclass
class _Held:
    """The snapshot of one index in this process, and when it was last compared."""

    snapshot: Snapshot
    version: reading.Version = field(default_factory=reading.Version)
    checked_at: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_fresh(self) -> bool:
        """Say whether it may answer without looking for changes."""
        if committed_at.get(self.snapshot.index.name, float("-inf")) >= self.checked_at:
            return False
        return time.monotonic() - self.checked_at < FRESH_FOR_S


class PostgresAdapter:
    """Keeps documents in PostgreSQL and answers from memory."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        spare_memory()

    async def search(self, index: Index, query: Query) -> Result:
        """Answer a query with one page, the totals and the facets."""
        snapshot = await self._snapshot(index)
        exact, beginnings = await reading.identified(index, query.words)
        found = answer(snapshot, query, exact, beginnings)
        return Result(
            hits=await reading.hits(found.ids, found.exact),
            total=found.total,
            unfiltered_total=found.unfiltered_total,
            facets=found.facets,
            corrected=found.corrected,
            partial=found.partial,
        )

    async def warm(self, index: Index) -> None:
        """Read the documents into this process."""
        await self._snapshot(index)

    async def write(
        self, index: Index, documents: Sequence[Document], gone: Sequence[UUID]
    ) -> None:
        """Put documents in, or in place of older ones, and take away those that are gone."""
        version = await current_version(index)
        prepared = [prepare(one) for one in documents]
        await storing.store(index.name, version, prepared)
        await storing.forget(index.name, version, gone)

    async def rebuild(self, index: Index) -> int:
        """Write every document of the index again while it goes on answering; count them."""
        count = await rewrite(index, self.write)
        async with writing(index) as version:
            await storing.purge(index.name, version - KEPT_VERSIONS)
        return count

    async def status(self, index: Index) -> Status:
        """Say how the index is."""
        rows = await database.fetch(
            "SELECT count(*) FILTER (WHERE NOT deleted) AS documents,"
            " count(*) FILTER (WHERE deleted) AS deleted FROM search_document"
            ' WHERE "index" = $1',
            index.name,
        )
        version = await reading.version_of(index.name)
        details = f"PostgreSQL, version {version.number}, {rows[0]['deleted']} deleted rows kept"
        return Status(rows[0]["documents"], details)

    async def _snapshot(self, index: Index) -> Snapshot:
        """Return the documents as they were at most ``FRESH_FOR_S`` ago.

        One request refreshes; the others go on with what there is, unless there is nothing yet.
        """
        held = self._held.get(index.name)
        if held is None or held.snapshot.index is not index:
            held = self._held[index.name] = _Held(Snapshot.empty(index))
        if held.is_fresh:
            return held.snapshot
        if held.lock.locked() and held.version.incarnation is not None:
            return held.snapshot
        async with held.lock:
            if not held.is_fresh:
                await self._refresh(index, held)
        return held.snapshot

    async def _refresh(self, index: Index, held: _Held) -> None:
        """Read what changed since the version that is held; everything if that is too long ago."""
        started = time.monotonic()
        now = await reading.version_of(index.name)
        old = held.version
        follows = old.incarnation == now.incarnation and now.purged <= old.number <= now.number
        if not follows:
            old = reading.Version()
        if old != now:
            snapshot = held.snapshot if follows else Snapshot.empty(index)
            waiting: list[Row] = []
            read = 0
            async for number, rows in reading.changes(index.name, old.number):
                waiting += rows
                read += len(rows)
                now = reading.Version(now.incarnation, max(now.number, number), now.purged)
                if len(waiting) >= AT_ONCE:
                    snapshot = await asyncio.to_thread(snapshot.changed, waiting)
                    waiting = []
            many = read >= AT_ONCE
            held.snapshot = await asyncio.to_thread(_finished, snapshot, waiting, many)
            held.version = now
            if many:  # a moment later, when nothing of the old arrays is held any more
                asyncio.get_running_loop().call_later(1.0, give_memory_back)
        held.checked_at = started


def _finished(snapshot: Snapshot, waiting: list[Row], many: bool) -> Snapshot:
    """Return the snapshot with the last rows in it, ready to be asked."""
    if waiting:
        snapshot = snapshot.changed(waiting)
    return (snapshot.merged() if many else snapshot).prepared()


def spare_memory() -> None:
    """Have glibc give large arrays back to the system as soon as they are free.

    Left to itself it raises the size from which it does, and keeps what loading needed for a
    moment: 60 MB per process.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, 256 * 1024)


def give_memory_back() -> None:
    """Return to the system what building the arrays needed; glibc keeps it otherwise."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
