"""Readings for tests, generated: a pulse oximeter with gaps, failures, absurd and equal moments."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import database
from telemetry_ingest.consumer.checking import micros
from telemetry_ingest.queries.protocols import Range
from telemetry_ingest.rollups.summing import Rollup, Stretch, summed
from tests.telemetry_ingest.consumer.devices import PULSE, SPO2
from tests.telemetry_ingest.protocols import STARTS

Reading = tuple[int, int, datetime, int, int, float | None]
RANGES = (Range(SPO2, 50, 100), Range(PULSE, 20, 250))
SILENCE_S = 150


def generated(
    device: int,
    start: datetime,
    hours: float,
    *,
    every_s: float = 20,
    seed: int = 1,
    first: int = 0,
) -> list[Reading]:
    """Return readings of both metrics with all that happens to them."""
    chance = random.Random(seed)
    made: list[Reading] = []
    at, end, seq = start, start + timedelta(hours=hours), first
    while at < end:
        for metric, usual in ((SPO2, 97), (PULSE, 80)):
            value = chance.choices(
                [round(chance.gauss(usual, 2), 2), None, 300.0, -1e300, 100.0], [90, 3, 2, 0.2, 5]
            )[0]
            made.append((device, metric, at, 1, seq, value))
            seq += 1
        kind = chance.random()
        if kind < 0.01:
            at += timedelta(seconds=chance.uniform(100, 4000))
        elif kind > 0.03:  # else the next reading has the same moment
            at += timedelta(seconds=chance.uniform(0.5, 2) * every_s)
    return made


async def put(readings: Sequence[Reading]) -> None:
    """Store readings as the consumer does: readings first, then the dirty hours."""
    days = sorted({one[2].date() for one in readings})
    await database.fetch("SELECT telemetry_day(day) FROM unnest($1::date[]) AS day", days)
    async with database.transaction():
        await database.fetch(
            "INSERT INTO reading SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[], "
            "$4::int[], $5::bigint[], $6::float8[]) ON CONFLICT DO NOTHING",
            *map(list, zip(*readings, strict=True)),
        )
        await database.fetch(
            "INSERT INTO dirty_hour SELECT DISTINCT $1::int, date_bin('1 hour', at, 'epoch') "
            "FROM unnest($2::timestamptz[]) AS at ON CONFLICT DO NOTHING",
            readings[0][0], [one[2] for one in readings],
        )  # fmt: skip


def expected(
    readings: Sequence[Reading], range_: Range, start: datetime, length: timedelta
) -> Rollup:
    """Return the roll-up that the pure kernel sums up."""
    silence = SILENCE_S * 1_000_000
    own = [(micros(one[2]), one[5]) for one in readings if one[1] == range_.metric]
    begins, ends = micros(start), micros(start + length)
    return summed(own, Stretch(begins, ends, silence, range_.low, range_.high))


async def rollups(table: str, device: int, metric: int) -> dict[datetime, Rollup]:
    """Return the roll-ups of a metric as the database has them."""
    rows = await database.fetch(
        f"SELECT * FROM {table} WHERE device = $1 AND metric = $2 ORDER BY start", device, metric
    )
    names = ("n", "failed", "implausible", "low", "high", "sum", "squares", "up_s")
    return {
        row["start"]: Rollup(
            **{name: row[name] for name in names},
            bins=tuple(row["bins"]) if "bins" in row.keys() else (),  # noqa: SIM118
        )
        for row in rows
    }


__all__ = ["RANGES", "STARTS", "expected", "generated", "put", "rollups"]
