"""A load generator: connections that stay open and ask one thing after another."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit


@dataclass
class Measured:
    """What one round gave: seconds of every answer, and how long the round took."""

    seconds: list[float] = field(default_factory=list)
    took_s: float = 0.0
    failures: int = 0
    bytes: int = 0

    def percentile(self, share: float) -> float:
        """Return the time that ``share`` of the answers did not exceed, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    @property
    def rate(self) -> float:
        """Return answers per second."""
        return len(self.seconds) / self.took_s if self.took_s else 0.0


class Line:
    """One connection; opened again when the server closes it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Return the status and the size of the answer."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader is not None
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        size = await self._body(head)
        if b"connection: close" in head:
            await self.close()
        return int(head.split(b" ", 2)[1]), size

    async def _body(self, head: bytes) -> int:
        assert self.reader is not None
        if b"content-length:" in head:
            size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            await self.reader.readexactly(size)
            return size
        if b"chunked" not in head:
            return len(await self.reader.read())
        size = 0
        while length := int(await self.reader.readline(), 16):
            await self.reader.readexactly(length + 2)
            size += length
        await self.reader.readline()
        return size

    async def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self.writer is not None:
            self.writer.close()
        self.writer = None


async def round_of(address: str, paths: Sequence[str], *, at_once: int, seconds: float) -> Measured:
    """Ask for the paths in turn over ``at_once`` connections for some seconds."""
    measured, began = Measured(), time.perf_counter()
    turn = iter(range(10**9))

    async def ask() -> None:
        line = Line(address)
        while time.perf_counter() - began < seconds:
            path = paths[next(turn) % len(paths)]
            asked = time.perf_counter()
            try:
                status, size = await line.get(path)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                measured.failures += 1
                await line.close()
                await asyncio.sleep(0.01)  # a server that is gone is not asked a million times
                continue
            if status >= 400:
                measured.failures += 1
                continue
            measured.seconds.append(time.perf_counter() - asked)
            measured.bytes += size
        await line.close()

    await asyncio.gather(*(ask() for _ in range(at_once)))
    measured.took_s = time.perf_counter() - began
    return measured


@dataclass(frozen=True)
class Figures:
    """The medians of several rounds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    rate: float
    failures: int
    size: float
    answers: int  # of all rounds and the warm-up


async def measured(
    address: str, paths: Sequence[str], *, at_once: int, seconds: float = 4, rounds: int = 3
) -> Figures:
    """Return the medians of some rounds, after a warm-up that does not count."""
    warm = await round_of(address, paths, at_once=at_once, seconds=min(seconds, 1.5))
    all_rounds = [
        await round_of(address, paths, at_once=at_once, seconds=seconds) for _ in range(rounds)
    ]
    answers = sum(len(one.seconds) for one in all_rounds)
    return Figures(
        median(one.percentile(0.50) for one in all_rounds),
        median(one.percentile(0.95) for one in all_rounds),
        median(one.percentile(0.99) for one in all_rounds),
        median(one.rate for one in all_rounds),
        sum(one.failures for one in all_rounds),
        sum(one.bytes for one in all_rounds) / max(answers, 1),
        answers + len(warm.seconds),
    )
