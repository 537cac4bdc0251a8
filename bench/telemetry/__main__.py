"""`make bench-telemetry`: publish → committed, beside the database's own limit, in the same run.

Publishers, broker, database and `tajhiz ingest` share this machine. Nothing here asserts a time:
each figure stands beside its target, and the exit status is 0.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import asyncpg
import nats
import numpy as np
from nats.js.errors import NotFoundError

from bench.telemetry.plain import beside_mosquitto
from bench.telemetry.processor import Meter
from bench.telemetry.publishing import CODES
from bench.telemetry.surroundings import Ground, ground
from portal.local.process import Child
from telemetry_ingest.consumer.packing import packed
from telemetry_ingest.wire.subjects import STREAM

TARGETS = {1: 60_000, 10: 300_000}
MESSAGES = {1: 300_000, 10: 160_000, 100: 32_000}
TURNS = 3
ROWS: list[tuple[str, str, str, str]] = []


def told(what: str, figure: str, target: str = "", *, met: bool | None = None) -> None:
    mark = "" if met is None else ("met" if met else "MISSED")
    ROWS.append((what, figure, target, mark))
    print(f"  {what}: {figure}  {f'(target {target}: {mark})' if target else ''}", flush=True)


async def drained(nc: nats.aio.client.Client) -> float:
    """Return the moment at which everything is committed and acknowledged."""
    while True:
        with suppress(NotFoundError):  # « tajhiz ingest » makes it when it starts
            info = await nc.jetstream().consumer_info(STREAM, "ingest")
            if not info.num_pending and not info.num_ack_pending:
                return time.time()
        await asyncio.sleep(0.02)


async def count(on: Ground, boot: int) -> int:
    connection = await asyncpg.connect(on.instance.postgres.url())
    try:
        return int(await connection.fetchval("SELECT count(*) FROM reading WHERE boot = $1", boot))
    finally:
        await connection.close()


def metered(on: Ground, **others: Child) -> Meter:
    """Begin to count the processor time of all that works here."""
    servers = {**others, **on.services}
    return Meter({name: child.process.pid for name, child in servers.items() if child.process})


def told_processor(each: dict[str, float], what: str) -> None:
    parts = ", ".join(f"{name} {took:.0f}" for name, took in each.items() if took >= 1)
    total, load = sum(each.values()), os.getloadavg()[0]
    told(f"  processor time of a {what}", f"{total:.0f} µs: {parts}; load {load:.1f}")


async def throughput(
    on: Ground, nc: nats.aio.client.Client, ingest: Child, per_message: int, boot: int
) -> float:
    meter = metered(on, ingest=ingest)
    process = on.publishing(per_message, MESSAGES[per_message], boot)
    out, _ = await asyncio.to_thread(process.communicate)
    said = json.loads(out)
    seconds = await drained(nc) - said["began_at"]
    readings, stored = said["messages"] * per_message, await count(on, boot)
    target = TARGETS.get(per_message)
    told(
        f"{per_message} a message, publish → committed",
        f"{readings / seconds:,.0f} readings/s; {readings - stored} of {readings:,} lost",
        f"≥ {target:,}/s" if target else "",
        met=readings / seconds >= target if target else None,
    )
    each = meter.each_us(said["messages"]) | {"publisher": said["publisher_us"]}
    told_processor(each, "message")
    return readings / seconds


async def beside_copy(on: Ground, nc: nats.aio.client.Client, ingest: Child) -> None:
    """Take turns with COPY alone: whatever else the machine does slows both."""
    shares = []
    for turn in range(TURNS):
        rate = await throughput(on, nc, ingest, 100, 100 + turn)
        limits = [await copy_limit(on, 1000 + 10 * turn + lanes, lanes) for lanes in (1, 2)]
        shares.append(rate / max(limits))
    share = median(shares)
    told(
        "100 a message beside COPY alone",
        f"{share:.2f}, the median of {', '.join(f'{one:.2f}' for one in shares)}",
        "≥ 0.8", met=share >= 0.8,
    )  # fmt: skip


async def copy_limit(on: Ground, boot: int, connections: int) -> float:
    """COPY prepared rows into the same table, as the worker does, and nothing else."""
    start_us = time.time_ns() // 1000 - 3_600_000_000
    each, total = 50_000 // len(on.numbers) * len(on.numbers), 1_600_000

    def rows(place: int) -> bytes:
        size = each // len(on.numbers)
        turn = np.repeat(np.arange(len(on.numbers)), size)
        seq = (place * len(on.numbers) + turn) * size + np.tile(np.arange(size), len(on.numbers))
        return packed(
            np.repeat(on.numbers, size), np.array(CODES)[seq % 2], start_us + seq * 1000,
            np.full(each, boot), seq, np.full(each, 97.0),
        )  # fmt: skip

    prepared = [rows(place) for place in range(total // each)]

    async def copying() -> None:
        connection = await asyncpg.connect(on.instance.postgres.url())
        while prepared:
            await connection.copy_to_table("reading", source=_once(prepared.pop()), format="binary")
        await connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(copying() for _ in range(connections)))
    rate = total / (time.perf_counter() - began)
    told(f"COPY alone into the same table, {connections} connection(s)", f"{rate:,.0f} readings/s")
    return rate


async def _once(content: bytes):
    yield content


async def latency(on: Ground, nc: nats.aio.client.Client, boot: int) -> None:
    """50,000 readings/s: until the PUBACK, and from the broker's store until the commit's ack."""
    waits: list[int] = []

    async def acknowledged(message) -> None:
        stored_ns = int(message.subject.split(".")[-2])
        waits.append(time.time_ns() - stored_ns)

    watching = await nc.subscribe(f"$JS.ACK.{STREAM}.ingest.>", cb=acknowledged)
    await nc.flush()
    process = on.publishing(10, 100_000, boot, rate=5_000)
    said = json.loads((await asyncio.to_thread(process.communicate))[0])
    await drained(nc)
    await asyncio.sleep(0.5)
    await watching.unsubscribe()
    waits.sort()
    if not waits:
        told("p99 at 50,000 readings/s", "not measured: the acknowledgements were not seen")
        return
    p99 = waits[int(len(waits) * 0.99)] / 1e6
    real = said["messages"] / said["seconds"] * 10
    told(
        f"p99 at {real:,.0f} readings/s, publish → committed",
        f"{said['p99_ms'] + p99:.0f} ms (PUBACK {said['p99_ms']:.0f} + commit {p99:.0f})",
        "≤ 100 ms", met=said["p99_ms"] + p99 <= 100,
    )  # fmt: skip


def high_water_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024


async def backlog(on: Ground, nc: nats.aio.client.Client, ingest, boot: int) -> None:
    """Three million readings wait; then the worker comes back."""
    process = on.publishing(100, 32, boot)  # the devices have to be let in while somebody answers
    await asyncio.to_thread(process.communicate)
    await drained(nc)
    process = on.publishing(100, 32_000, boot + 1)
    await asyncio.sleep(4)
    ingest.process.send_signal(signal.SIGSTOP)
    await asyncio.to_thread(process.communicate)
    ingest.process.send_signal(signal.SIGCONT)
    await drained(nc)
    most = high_water_mb(ingest.process.pid)
    told("worker's memory after a backlog, at most", f"{most:.0f} MB", "≤ 300 MB", met=most <= 300)


async def https(on: Ground, nc: nats.aio.client.Client, ingest: Child, boot: int) -> None:
    gateway = on.child("gateway")
    try:
        for per_message in (1, 10):
            command = [sys.executable, "-m", "bench.telemetry.posting"]
            command += [str(on.instance.gateway_port), str(on.file), "5"]
            command += [str(per_message), str(boot + per_message)]
            meter = metered(on, gateway=gateway, ingest=ingest)
            done = await asyncio.to_thread(
                subprocess.run, command, stdout=subprocess.PIPE, text=True, check=True
            )
            said = json.loads(done.stdout)
            each = meter.each_us(said["kept"] + said["others"]) | {"client": said["client_us"]}
            await drained(nc)
            stored = await count(on, boot + per_message)
            told(
                f"HTTPS gateway, {per_message} a message, 1 process",
                f"{said['rate']:,.0f} requests/s, p99 {said['p99_ms']:.0f} ms; "
                f"{said['kept'] * per_message - stored} lost, {said['others']} not taken",
                "≥ 5,000/s", met=said["rate"] >= 5_000,
            )  # fmt: skip
            told_processor(each, "request")
    finally:
        gateway.stop()


async def measure(on: Ground, only: set[str]) -> None:
    ingest = on.child("ingest")
    nc = await nats.connect(on.instance.nats.url)
    try:
        await drained(nc)
        if "rates" in only:
            for size in TARGETS:
                await throughput(on, nc, ingest, size, 10 + size)
            await beside_copy(on, nc, ingest)
        if "latency" in only:
            await latency(on, nc, 2000)
        if "https" in only:
            await https(on, nc, ingest, 3000)
        if "memory" in only:
            await backlog(on, nc, ingest, 4000)
    finally:
        await nc.close()
        ingest.stop()
    if "mosquitto" in only:
        told("Mosquitto and a plain script", await asyncio.to_thread(beside_mosquitto, on))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.telemetry")
    parts = ["rates", "latency", "https", "memory", "mosquitto"]
    parser.add_argument("--only", nargs="*", choices=parts, default=parts)
    only = set(parser.parse_args().only)
    with tempfile.TemporaryDirectory(prefix="tajhiz-bench-") as folder, ground(Path(folder)) as on:
        asyncio.run(measure(on, only))


if __name__ == "__main__":
    main()
