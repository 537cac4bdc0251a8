"""How storing and asking hold up over many readings: ``python -m bench.telemetry.storage``.

96 devices send 4 metrics once a minute. They are stored day by day, in the order they come, by
binary COPY into the table of the portal, on a PostgreSQL of its own; then one device's availability
is asked for over all days, from the readings and from the roll-ups, by the portal's own queries.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np

from portal.local.places import Places, any_port
from portal.local.postgres import Postgres
from telemetry_ingest.protocol import Protocol, Watched, written

ROOT = Path(__file__).parents[2]
STORAGE = ROOT / "telemetry_ingest/piccolo_migrations/telemetry_storage_1.sql"
STARTS = datetime(2026, 1, 1, tzinfo=UTC)
DEVICES, MINUTES = 96, 1440
METRICS = {
    "MDC_PULS_OXIM_SAT_O2": 150456, "MDC_PULS_OXIM_PULS_RATE": 149530,
    "MDC_RESP_RATE": 151562, "MDC_TEMP_BODY": 150364,
}  # fmt: skip
A_DAY = DEVICES * len(METRICS) * MINUTES
MINIMAL = """
CREATE TABLE pilot (id integer PRIMARY KEY, protocol text NOT NULL);
CREATE TABLE pilot_device (number integer PRIMARY KEY, pilot integer NOT NULL);
"""
# A row of a binary COPY: each field behind its length.
ROW = np.dtype(
    [
        ("fields", ">i2"), ("l1", ">i4"), ("device", ">i4"), ("l2", ">i4"), ("metric", ">i4"),
        ("l3", ">i4"), ("at", ">i8"), ("l4", ">i4"), ("boot", ">i4"), ("l5", ">i4"),
        ("seq", ">i8"), ("l6", ">i4"), ("value", ">f8"),
    ]
)  # fmt: skip
HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def day_of(number: int, chance: np.random.Generator) -> bytes:
    """Return all readings of a day as a binary COPY; each device is silent now and then."""
    per = len(METRICS)
    minute, device, metric = np.meshgrid(
        np.arange(MINUTES), np.arange(1, DEVICES + 1), np.arange(per), indexing="ij"
    )
    rows = np.zeros(minute.size, ROW)
    rows["fields"], rows["l1"], rows["l2"], rows["l4"] = 6, 4, 4, 4
    rows["l3"] = rows["l5"] = rows["l6"] = 8
    rows["device"] = device.ravel()
    rows["metric"] = np.array(list(METRICS.values()))[metric.ravel()]
    begins = (STARTS - POSTGRES_EPOCH) // timedelta(microseconds=1) + number * 86_400_000_000
    rows["at"] = begins + minute.ravel() * 60_000_000 + device.ravel() * 1_000
    rows["boot"] = 1
    rows["seq"] = (number * MINUTES + minute.ravel()) * per + metric.ravel()
    rows["value"] = np.round(chance.normal(80, 5, minute.size), 1)
    silent = (minute.ravel() + device.ravel() * 7 + number * 13) % 500 < 4
    return HEAD + rows[~silent].tobytes() + TAIL


async def load(connection: asyncpg.Connection, days: int) -> tuple[int, list[float], list[float]]:
    """Store day after day; return how many readings, each day's readings a second, and its share.

    Its share: of the rate of the same day in an empty table of the same shape, right after it. So
    other work on the machine slows both.
    """
    chance = np.random.default_rng(1)
    stored, rates, shares = 0, [], []
    for number in range(days):
        day = (STARTS + timedelta(days=number)).date()
        await connection.execute("SELECT telemetry_day($1)", day)
        content = day_of(number, chance)
        many, rate = await _copied(connection, "reading", content)
        await connection.execute("CREATE TABLE empty_one (LIKE reading INCLUDING ALL)")
        _same, beside = await _copied(connection, "empty_one", content)
        await connection.execute("DROP TABLE empty_one")
        rates.append(rate)
        shares.append(rate / beside)
        stored += many
    return stored, rates, shares


async def _copied(connection: asyncpg.Connection, table: str, content: bytes) -> tuple[int, float]:
    """Return how many readings went into the table, and how many a second."""
    begun = time.perf_counter()
    said = await connection.copy_to_table(table, source=_pieces(content), format="binary")
    many = int(said.split()[1])
    return many, many / (time.perf_counter() - begun)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1 << 20):
        yield content[start : start + (1 << 20)]


async def median_ms(ask: Callable[[], Awaitable[Any]], times: int) -> tuple[float, float]:
    """Return the median and the slowest of many askings, in milliseconds."""
    await ask()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        await ask()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found), max(found)


async def measure(url: str, days: int) -> None:
    """Load, count, ask, print."""
    connection = await asyncpg.connect(url)
    await connection.execute(MINIMAL)
    await connection.execute(STORAGE.read_text(encoding="utf-8"))
    protocol = Protocol(
        title="Bench", starts_at=STARTS, ends_at=STARTS + timedelta(days=days),
        watched=tuple(Watched(metric=one, low=0, high=120, every_s=60) for one in METRICS),
    )  # fmt: skip
    await connection.execute("INSERT INTO pilot VALUES (1, $1)", written(protocol).decode())
    await connection.execute("INSERT INTO pilot_device SELECT n, 1 FROM generate_series(1, 96) n")
    stored, rates, shares = await load(connection, days)
    tenth = max(1, days // 10)
    print(f"readings                         {stored:>12,}")
    for name, part in (("first", slice(0, tenth)), ("last", slice(-tenth, None))):
        rate, share = statistics.median(rates[part]), statistics.median(shares[part])
        print(
            f"stored a second, {name:<5} tenth     {rate:>12,.0f}  ({share:.2f} of an empty table)"
        )
    begun = time.perf_counter()
    await connection.execute("VACUUM ANALYZE reading")
    print(f"VACUUM, seconds                  {time.perf_counter() - begun:>12.1f}")
    await connection.close()
    await ask_all(days)


async def ask_all(days: int) -> None:
    """Count the roll-ups of one device, and ask for its availability."""
    from portal import database  # noqa: PLC0415 - it reads the address when it is imported
    from telemetry_ingest.queries import availability  # noqa: PLC0415
    from telemetry_ingest.rollups.conditions import State  # noqa: PLC0415
    from telemetry_ingest.rollups.recompute import recompute_hours  # noqa: PLC0415

    device, ends = 17, STARTS + timedelta(days=days)
    async with database.pool(min_size=1, max_size=2):
        hours = [STARTS + timedelta(hours=hour) for hour in range(days * 24)]
        begun = time.perf_counter()
        for day in range(0, len(hours), 24 * 7):
            await recompute_hours(device, hours[day : day + 24 * 7])
        print(f"its roll-ups counted, seconds    {time.perf_counter() - begun:>12.1f}")
        await database.fetch("VACUUM ANALYZE rollup_day")
        await database.fetch("VACUUM ANALYZE rollup_hour")
        raw = await availability.intervals(device, STARTS, ends)
        rolled = await availability.totals(device, STARTS, ends)
        up = sum(one.seconds for one in raw if one.state == "up")
        print(f"up, seconds: readings, roll-ups  {up:>12,.1f} {rolled[State.UP]:,.1f}")
        for name, ask, times in (
            ("readings", lambda: availability.intervals(device, STARTS, ends), 20),
            ("roll-ups", lambda: availability.totals(device, STARTS, ends), 200),
        ):
            median, most = await median_ms(ask, times)
            print(f"availability from {name}, ms   {median:>12.2f}  (slowest {most:.2f})")
        metric = METRICS["MDC_PULS_OXIM_SAT_O2"]
        median, _ = await median_ms(
            lambda: database.fetch(availability.UP_DAYS, device, metric, STARTS, ends), 200
        )
        print(f"  its statement on roll-ups, ms  {median:>12.2f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a server, measure, remove it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000, help="about how many readings")
    days = max(1, round(parser.parse_args(arguments).rows / A_DAY))
    with tempfile.TemporaryDirectory(prefix="tajhiz-bench-") as folder:
        Path(folder).chmod(0o711)
        places = Places(Path(folder))
        places.make()
        postgres = Postgres(places, any_port(), {"max_wal_size": "8GB", "shared_buffers": "1GB"})
        postgres.prepare()
        child = postgres.child()
        child.start()
        try:
            child.wait_ready()
            os.environ["TAJHIZ_DATABASE_URL"] = postgres.url()
            os.environ.setdefault("TAJHIZ_VALKEY_URL", "redis://127.0.0.1:1/0")
            os.environ.setdefault("TAJHIZ_SECRET_KEY", "only for a measurement, of no value at all")
            asyncio.run(measure(postgres.url(), days))
        finally:
            child.stop(grace_s=30)


if __name__ == "__main__":
    main()
