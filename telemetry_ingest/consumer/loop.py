"""One lane of the pipeline: fetch, decode, check, store, commit, acknowledge, tell who watches.

Nothing is acknowledged before it is committed. When the broker or the database is away, a lane
waits and goes on; what it held comes again. Memory is bounded: a lane holds one answer of the
broker and one batch, and asks for more only when they are done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import TypeVar

import asyncpg

from telemetry_ingest.broker.pull import Message, Puller
from telemetry_ingest.consumer.batch import Batch
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.figures import Figures
from telemetry_ingest.consumer.reading import (
    MOST_READINGS,
    gather,
    hold,
    refuses_what_may_change,
)
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.states import Refusal

log = logging.getLogger(__name__)

MOST_MESSAGES = 10_000
# Until we know how many readings a message has.
FIRST_MESSAGES = 1_000
WAIT_S = 1.0
# A lane asks no more often than this. A transaction costs as much as some hundred messages: what
# trickles in is gathered, and nothing waits longer than a reader notices.
PACE_S = 0.025
PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
# A message that came so often may be what ends the worker: it is stored alone, after the others.
SUSPECT = 5
# After so many deliveries it is not tried again. A message is delivered once more each time its
# worker is killed, so that this has to be far more than an unlucky one sees.
HOPELESS = 50
# The database says that a value is wrong (classes 21 to 23) or too much for it (54).
FAULTS = ("21", "22", "23", "54")
NO_PARTITION = "23514"

T = TypeVar("T")
Tell = Callable[[Batch], Awaitable[None]]


class Lane:
    """One puller, one connection; several lanes, in any number of processes, share the work."""

    def __init__(
        self,
        puller: Puller,
        store: Store,
        catalogue: Catalogue,
        figures: Figures,
        *,
        tell: Tell | None = None,
        stopping: asyncio.Event | None = None,
    ) -> None:
        self._puller = puller
        self._store = store
        self._catalogue = catalogue
        self.figures = figures
        self._tell = tell
        self._stopping = stopping or asyncio.Event()
        self._most = FIRST_MESSAGES

    async def run(self) -> None:
        """Work until told to stop; what is not acknowledged then comes again."""
        try:
            while not self._stopping.is_set():
                again_at = monotonic() + PACE_S
                await self.step()
                await asyncio.sleep(again_at - monotonic())
        finally:
            await self.close()

    async def close(self) -> None:
        """End both connections."""
        await self._puller.close()
        await self._store.close()

    async def step(self, wait_s: float = WAIT_S) -> int:
        """Fetch once and bring all of it home; return how many messages are done."""
        messages = await self._puller.fetch(self._most, wait_s)
        if not messages:
            return 0
        self.figures.pending = messages[-1].pending
        if self._catalogue.stale:
            await self._patiently(lambda: self._catalogue.read(self._store.fetch))
        done = 0
        usual = [one for one in messages if one.delivered <= SUSPECT]
        suspects = [one for one in messages if one.delivered > SUSPECT]
        for part in (usual, *([one] for one in suspects)):
            done += await self._bring_home(part)
        return done

    async def _bring_home(self, messages: list[Message]) -> int:
        """Store messages and acknowledge them, in several transactions if one is too large."""
        done = 0
        while messages and not self._stopping.is_set():
            batch = await self._batch_of(messages)
            if self._stopping.is_set():
                break  # perhaps before the catalogue was read: an old one refuses nothing
            await self._keep(messages[: batch.messages], batch)
            done += batch.messages
            messages = messages[batch.messages :]
        return done

    async def _batch_of(self, messages: Sequence[Message]) -> Batch:
        batch = gather(messages, self._catalogue.get)
        # Next time as many as fill one batch: what waits here longer than the broker's patience
        # would come again.
        self._most = min(MOST_MESSAGES, MOST_READINGS * batch.messages // (batch.readings or 1) + 1)
        if refuses_what_may_change(batch):
            newest = max(one.received_us for one in messages[: batch.messages])
            if newest >= self._catalogue.read_us:
                await self._patiently(lambda: self._catalogue.read(self._store.fetch))
                batch = gather(messages, self._catalogue.get)
        return batch

    async def _keep(self, messages: Sequence[Message], batch: Batch) -> None:
        """Commit, then acknowledge; halve what the database refuses until one message is left."""
        if len(messages) == 1 and messages[0].delivered > HOPELESS:
            batch = self._held(messages[0])
        try:
            stored = await self._patiently(lambda: self._store.store(batch))
        except asyncpg.PostgresError as error:
            await self._divide(messages, error)
            return
        if stored is None:
            return  # told to stop while the database was away
        await self._puller.ack([one.reply for one in messages])
        self.figures.stored(len(messages), batch, stored, messages[0].received_us)
        if self._tell is not None:
            with suppress(Exception):  # who watches misses something; nothing stored depends on it
                await self._tell(batch)

    async def _divide(self, messages: Sequence[Message], error: asyncpg.PostgresError) -> None:
        if len(messages) > 1:
            middle = len(messages) // 2
            for part in (messages[:middle], messages[middle:]):
                await self._keep(part, gather(part, self._catalogue.get))
            return
        [one] = messages
        log.error(
            "The database refuses one message (%s): it is in the quarantine.",
            error.sqlstate,
            extra={"subject": one.subject},
        )
        if await self._patiently(lambda: self._store.store(self._held(one))) is not None:
            await self._puller.ack([one.reply])

    def _held(self, one: Message) -> Batch:
        return hold(one, self._catalogue.get, Refusal.NOT_STORABLE)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do it until it works; ``None`` when we are told to stop before.

        Raises:
            asyncpg.PostgresError: the database found a fault in what it was given.
        """
        pause_s = PAUSE_S
        while True:
            try:
                return await work()
            except Exception as error:
                if is_fault(error):
                    raise
                self.figures.waits += 1
                log.warning(
                    "The database does not take a batch (%s: %s); trying again in %.1f s.",
                    type(error).__name__, error, pause_s,
                )  # fmt: skip
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)
            if self._stopping.is_set():
                return None
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def is_fault(error: Exception) -> bool:
    """Say whether the database will never take this: what it was given is wrong."""
    return (
        isinstance(error, asyncpg.PostgresError)
        and str(error.sqlstate).startswith(FAULTS)
        and not is_missing_day(error)
    )


def is_missing_day(error: asyncpg.PostgresError) -> bool:
    """Say whether the partition was taken away between two batches; it is made again."""
    return error.sqlstate == NO_PARTITION and "no partition" in str(error)
