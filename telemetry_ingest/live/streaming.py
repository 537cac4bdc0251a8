"""One open stream: what it sends, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from uuid import UUID

from telemetry_ingest.live.events import HEARTBEAT, HELLO, event
from telemetry_ingest.live.hub import Hub

HEARTBEAT_S = 15.0
CHECK_S = 30.0


async def stream(
    hub: Hub,
    devices: Collection[str],
    person: UUID,
    allowed: Callable[[], Awaitable[bool]],
    *,
    heartbeat_s: float = HEARTBEAT_S,
    check_s: float = CHECK_S,
) -> AsyncGenerator[bytes, None]:
    """Yield events of these devices until the reader goes, may not read, or the process stops.

    A reader who is slow gets the latest events, and « skipped » with how many were left out.
    """
    clock = asyncio.get_running_loop().time
    checked = clock()
    with hub.watching(devices, person) as watcher:
        yield HELLO
        while True:
            events = await watcher.take(heartbeat_s)
            if clock() - checked >= check_s:
                if not await allowed():
                    yield event("ended", {})
                    return
                checked = clock()
            skipped = watcher.take_skipped()
            if skipped:
                events.insert(0, event("skipped", {"events": skipped}))
            if watcher.ended and not events:
                return
            yield b"".join(events) or HEARTBEAT
