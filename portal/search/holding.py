"""The documents of an index as a web process holds them: read at its start, then kept up.

A change is read by one task per index. Who asks waits for it a moment, which a small change does
not even take; a large one (an import) is read in another thread while searches are answered from
the version before it.
"""

import asyncio
import ctypes
import logging
import time
from contextlib import suppress

from portal.search import reading
from portal.search.index import Index
from portal.search.reading import Version
from portal.search.snapshot import Row, Snapshot
from portal.search.writing import committed_at

logger = logging.getLogger(__name__)

# How old an answer may be: a change made in another process is seen after this …
FRESH_FOR_S = 0.5
# … or, when it takes longer than this to read, as soon as it is read.
PATIENCE_S = 0.3
# A process that nobody asks reads changes once they have come to rest, or after this.
LONGEST_BEHIND_S = 60.0
# So many rows are put into the arrays at once; more need more memory for a moment.
AT_ONCE = 4_000
M_MMAP_THRESHOLD = -3  # of malloc.h


class Held:
    """The snapshot of one index in this process, and which version it is."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._snapshot = Snapshot.empty(index)
        self._version = Version()
        self._checked_at = float("-inf")
        self._seen = Version()  # by ``keep_up``, the last time
        self._reading: asyncio.Task[None] | None = None

    async def now(self) -> Snapshot:
        """Return the documents, as fresh as they can be had without waiting for long.

        Who has none yet waits for them, and who wrote some in this process for what was written.
        """
        if self._must_wait:
            await self._read(None)
            if self._must_wait:  # written after that reading had begun
                await self._read(None)
        elif time.monotonic() - self._checked_at >= FRESH_FOR_S:
            await self._read(PATIENCE_S)
        return self._snapshot

    async def keep_up(self) -> None:
        """Read what changed if nothing was read yet, or once the changes have come to rest.

        While an import goes on every process would else read it piece by piece.
        """
        if self._must_wait:
            await self._read(None)
            return
        now = await reading.version_of(self.index.name)
        if now == self._version:
            self._checked_at = time.monotonic()
        elif now == self._seen or time.monotonic() - self._checked_at > LONGEST_BEHIND_S:
            await self._read(None)
        self._seen = now

    @property
    def _must_wait(self) -> bool:
        """Say whether nothing was read yet, or not what this process wrote itself."""
        return committed_at.get(self.index.name, float("-inf")) >= self._checked_at

    async def _read(self, patience: float | None) -> None:
        """Have the changes read, by one task for all who ask, and wait for it a while."""
        task = self._reading
        if task is None or task.done():
            task = self._reading = asyncio.create_task(self._refresh())
            task.add_done_callback(_noted)
        await asyncio.wait({task}, timeout=patience)
        if task.done():
            task.result()

    async def _refresh(self) -> None:
        """Read what changed since the version that is held; everything if that is too long ago."""
        started = time.monotonic()
        now = await reading.version_of(self.index.name)
        old = self._version
        follows = old.incarnation == now.incarnation and now.purged <= old.number <= now.number
        if not follows:
            old = Version()
        if old != now:
            await self._take(self._snapshot if follows else Snapshot.empty(self.index), old, now)
        self._checked_at = started

    async def _take(self, snapshot: Snapshot, old: Version, now: Version) -> None:
        """Put the rows written after a version into a snapshot and hold it."""
        waiting: list[Row] = []
        read = 0
        async for number, rows in reading.changes(self.index.name, old.number):
            waiting += rows
            read += len(rows)
            now = Version(now.incarnation, max(now.number, number), now.purged)
            if len(waiting) >= AT_ONCE:
                snapshot = await asyncio.to_thread(snapshot.changed, waiting)
                waiting = []
        many = read >= AT_ONCE
        self._snapshot = await asyncio.to_thread(_finished, snapshot, waiting, many)
        self._version = now
        if many:  # a moment later, when nothing of the old arrays is held any more
            asyncio.get_running_loop().call_later(1.0, give_memory_back)


def _noted(task: asyncio.Task[None]) -> None:
    """Say why a reading failed: perhaps nobody waits for it any more."""
    if not task.cancelled() and (error := task.exception()):
        logger.warning("the changes of an index could not be read: %r", error)


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
