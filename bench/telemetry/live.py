"""Live values for 1,000 viewers on one process: `python -m bench.telemetry.live [viewers] [rate]`.

One web process on a port of its own, one device that is told of at a rate; the viewers share the
machine with the server. It needs the services of a portal that runs (TAJHIZ_… variables) and its
demonstration's pilot, leaves fictional people behind and starts nothing else.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import nats
import psutil  # type: ignore[import-untyped]
from valkey.asyncio import Valkey

from portal import database
from portal.accounts.sessions import Browser, Sessions
from portal.accounts.tables import MembershipRow, Person
from portal.local.places import any_port
from portal.settings import get_settings
from telemetry_ingest.demo import PILOT, UNIT
from telemetry_ingest.live.hub import MOST_OF_ONE

SECONDS = 6
MARK = b'"readings":[['


async def cookies(needed: int) -> list[str]:
    """Return a session each of new people of the hospital: one person has so many streams only."""
    settings = get_settings()
    async with (
        database.pool(min_size=1, max_size=2),
        Valkey.from_url(settings.valkey_url.get_secret_value()) as valkey,
    ):
        [row] = await database.fetch("SELECT host FROM pilot WHERE id = $1", PILOT)
        sessions, tokens = Sessions.of(valkey, settings), []
        for _ in range(needed):
            person = Person(email=f"{uuid4().hex}@bench.example", name="Bench", password_hash="-")
            await person.save()
            await MembershipRow(person=person.id, organisation=row["host"], role="viewer").save()
            browser, now = Browser("bench", "127.0.0.1"), datetime.now(UTC)
            tokens.append(await sessions.open(person.id, browser, now))
        return tokens


async def watch(port: int, cookie: str, late: list[float], ready: asyncio.Semaphore) -> None:
    """Read one stream and note how old each reading is when it arrives."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = f"/fr/pilots/{PILOT}/live/events"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: session={cookie}\r\n\r\n".encode())
    ready.release()
    while True:
        line = await reader.readline()
        if not line:
            return
        place = line.find(MARK)
        if place >= 0:
            sent = int(line[place + len(MARK) :].split(b",", 1)[0])
            late.append(time.time() * 1e3 - sent / 1e3)


async def measure(port: int, pid: int, viewers: int, rate: float) -> None:
    """Open the streams, tell of readings for some seconds, and print what arrived when."""
    late: list[float] = []
    ready = asyncio.Semaphore(0)
    tokens = await cookies(-(-viewers // MOST_OF_ONE))
    tasks = []
    for number in range(viewers):
        tasks.append(asyncio.create_task(watch(port, tokens[number % len(tokens)], late, ready)))
        await ready.acquire()
    await asyncio.sleep(3)
    server = psutil.Process(pid)
    before = sum(server.cpu_times()[:2]) + sum(sum(c.cpu_times()[:2]) for c in server.children())
    broker = await nats.connect(get_settings().nats_url.get_secret_value())  # type: ignore[union-attr]
    told = int(SECONDS * rate)
    for _ in range(told):
        content = {"device": UNIT.hex, "readings": [[time.time_ns() // 1000, 150456, 97.5]]}
        await broker.publish(f"live.{UNIT.hex}", msgspec.msgpack.encode(content))
        await asyncio.sleep(1 / rate)
    await asyncio.sleep(1)
    after = sum(server.cpu_times()[:2]) + sum(sum(c.cpu_times()[:2]) for c in server.children())
    rss = sum(one.memory_info().rss for one in server.children())
    late.sort()
    print(
        f"viewers {viewers}, {rate}/s: {len(late)} of {told * viewers} arrived, "
        f"p50 {statistics.median(late):.0f} ms, p99 {late[int(len(late) * 0.99)]:.0f} ms, "
        f"max {late[-1]:.0f} ms, server {after - before:.2f} s of CPU in {SECONDS} s, "
        f"{rss / 1e6:.0f} MB"
    )
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await broker.close()


def main() -> None:
    """Start one web process, measure, and end it."""
    viewers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    port = any_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    environment = {**os.environ, "TAJHIZ_RATE_LIMIT_PER_MINUTE": "100000"}
    server = subprocess.Popen(
        [*command, "--log-level", "error", "portal.asgi:app"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(6)
        asyncio.run(measure(port, server.pid, viewers, rate))
        began = time.monotonic()
    finally:
        server.terminate()
        server.wait(timeout=15)
    print(f"stopped in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
