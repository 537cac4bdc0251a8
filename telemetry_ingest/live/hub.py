"""From one subscription to everybody who watches, without waiting for the slowest of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from portal.web.errors import UserError
from portal.web.i18n import lazy

QUEUE = 64
MOST_WATCHERS = 5_000
MOST_OF_ONE = 20  # open pages of one person


class TooManyWatch(UserError):
    """As many streams are open as this process, or this person, may have."""

    status = 429
    message = lazy("Too many pages with live values are open. Close some, or reload this page.")


class Watcher:
    """One open stream: what came and was not sent yet, at most ``QUEUE`` events of it."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.skipped = 0  # events given up since the last look, because the reader is slow
        self.ended = False
        self._waiting: deque[bytes] = deque()
        self._something = asyncio.Event()

    def give(self, event: bytes) -> None:
        """Keep an event; the oldest one gives way when there are too many."""
        if len(self._waiting) >= QUEUE:
            self._waiting.popleft()
            self.skipped += 1
        self._waiting.append(event)
        self._something.set()

    def end(self) -> None:
        """Let the stream end, after what it was given."""
        self.ended = True
        self._something.set()

    async def take(self, wait_s: float) -> list[bytes]:
        """Return what came, in order; nothing when ``wait_s`` passed or the stream is to end."""
        try:
            async with asyncio.timeout(wait_s):
                await self._something.wait()
        except TimeoutError:
            return []
        if not self.ended:
            self._something.clear()
        events, self._waiting = list(self._waiting), deque()
        return events

    def take_skipped(self) -> int:
        """Return how many events were given up since this was asked last."""
        skipped, self.skipped = self.skipped, 0
        return skipped


class Hub:
    """Everybody who watches in this process, by the device they watch."""

    def __init__(self) -> None:
        self._by_device: dict[str, set[Watcher]] = {}
        self._watchers: set[Watcher] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._watchers)

    def admit(self, person: UUID) -> None:
        """Ask before a stream begins, while there is still another answer to give.

        Raises:
            TooManyWatch: there are too many.
        """
        mine = sum(one.person == person for one in self._watchers)
        if len(self._watchers) >= MOST_WATCHERS or mine >= MOST_OF_ONE:
            raise TooManyWatch

    @contextmanager
    def watching(self, devices: Collection[str], person: UUID) -> Iterator[Watcher]:
        """Add somebody who watches these devices (their ids in hex), until the block ends."""
        watcher = Watcher(person)
        self._watchers.add(watcher)
        for device in devices:
            self._by_device.setdefault(device, set()).add(watcher)
        if self._closed:
            watcher.end()
        try:
            yield watcher
        finally:
            self._forget(watcher, devices)

    def _forget(self, watcher: Watcher, devices: Collection[str]) -> None:
        self._watchers.discard(watcher)
        for device in devices:
            others = self._by_device.get(device, set())
            others.discard(watcher)
            if not others:
                self._by_device.pop(device, None)

    def watched(self, device: str) -> bool:
        """Say whether anybody watches a device, so that its events need to be written at all."""
        return device in self._by_device

    def tell(self, device: str, event: bytes) -> None:
        """Give an event of a device to all who watch it; never waits."""
        for watcher in self._by_device.get(device, ()):
            watcher.give(event)

    def close(self) -> None:
        """End all streams, also those that open later: the process stops."""
        self._closed = True
        for watcher in self._watchers:
            watcher.end()
