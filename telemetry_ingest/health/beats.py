"""Signs of life: each process leaves its figures in Valkey every few seconds.

One that stops takes its name away; one that was killed stays, and its silence is seen.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from valkey.asyncio import Valkey

KEY = "tajhiz:telemetry:processes"
SAY_S = 3.0
SILENT_S = 10.0  # three times nothing: it died, or does nothing any more
REMEMBERED_S = 3600.0
INGEST, GATEWAY = "ingest", "gateway"
_STATM = Path("/proc/self/statm")


class Beat(msgspec.Struct, frozen=True):
    """What a process said last; ``at`` is its clock, seconds since 1970."""

    kind: str
    name: str
    at: float
    started_at: float
    memory: int
    figures: dict[str, float]

    def silent_s(self, now: float) -> float:
        """Return for how long it has said nothing."""
        return max(0.0, now - self.at)

    def alive(self, now: float) -> bool:
        """Say whether it still says how it is."""
        return self.silent_s(now) <= SILENT_S


def own_name() -> str:
    """Return what tells this process from all others."""
    return f"{socket.gethostname()}-{os.getpid()}"


def own_memory() -> int:
    """Return the bytes of memory this process holds."""
    with suppress(OSError, ValueError):
        return int(_STATM.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def say(valkey: Any, beat: Beat) -> None:
    """Leave what a process says of itself."""
    await valkey.hset(KEY, f"{beat.kind}:{beat.name}", msgspec.json.encode(beat))


async def forget(valkey: Any, kind: str, name: str) -> None:
    """Take it away: this process ends."""
    await valkey.hdel(KEY, f"{kind}:{name}")


async def beats(valkey: Any, now: float | None = None) -> list[Beat]:
    """Return the processes that were heard of in the last hour, by kind and name."""
    now = time.time() if now is None else now
    found = [msgspec.json.decode(one, type=Beat) for one in await valkey.hvals(KEY)]
    old = [f"{one.kind}:{one.name}" for one in found if one.silent_s(now) > REMEMBERED_S]
    if old:
        await valkey.hdel(KEY, *old)
    recent = [one for one in found if one.silent_s(now) <= REMEMBERED_S]
    return sorted(recent, key=lambda one: (one.kind, one.name))


@asynccontextmanager
async def beating(
    valkey_url: str, kind: str, figures: Callable[[], Mapping[str, float]]
) -> AsyncIterator[None]:
    """Say how this process is while the block runs; nothing depends on whether it is heard."""
    task = asyncio.create_task(_keep_saying(valkey_url, kind, figures))
    try:
        yield
    finally:
        # More than once: in Python 3.11 the client's « wait_for » can swallow a cancellation.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1)


async def _keep_saying(url: str, kind: str, figures: Callable[[], Mapping[str, float]]) -> None:
    name, started = own_name(), time.time()
    valkey = Valkey.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        while True:
            told = {key: float(value) for key, value in figures().items()}
            with suppress(Exception):
                await say(valkey, Beat(kind, name, time.time(), started, own_memory(), told))
            await asyncio.sleep(SAY_S)
    finally:
        with suppress(Exception):
            await forget(valkey, kind, name)
        with suppress(Exception):
            await valkey.aclose()
