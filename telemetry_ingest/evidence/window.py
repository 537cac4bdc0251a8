"""What the database holds of a pilot's window: readings in the order of a pack, and all else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from portal import database
from telemetry_ingest.cold import parquet
from telemetry_ingest.cold.thawing import FileMissing, cold_files
from telemetry_ingest.evidence.observed import (
    Numbers,
    Refusals,
    Unit,
    Window,
    micros,
    moment,
    window,
)
from telemetry_ingest.evidence.pack import Contents
from telemetry_ingest.evidence.readings import Readings, Row
from telemetry_ingest.queries.pilots import PilotView, devices_of
from telemetry_ingest.queries.quality import OFFSETS

DAY = timedelta(days=1)
Progress = Callable[[int, int], object]

READINGS = """
SELECT device, metric, (extract(epoch FROM at) * 1000000)::bigint AS t, boot, seq, value
FROM reading WHERE device = $1 AND metric = $2 AND at >= $3 AND at < $4 ORDER BY at, boot, seq
"""
STATUS = """
SELECT (extract(epoch FROM at) * 1000000)::bigint AS t, state FROM device_status
WHERE device = $1 AND at < $2 ORDER BY at, boot, seq
"""
ALARMS = """
SELECT (extract(epoch FROM at) * 1000000)::bigint AS t, code, priority, active FROM device_alarm
WHERE device = $1 AND at < $2 ORDER BY at, boot, seq
"""
DIGESTS = "SELECT day, digest FROM cold_day WHERE day = ANY($1)"
LEDGER = "SELECT topic, boot, stored FROM device_ledger WHERE device = $1 ORDER BY topic, boot"
REFUSED = """
SELECT reason, field, sum(messages)::bigint AS messages FROM device_refused
WHERE device = $1 AND day BETWEEN $2 AND $3 GROUP BY 1, 2 ORDER BY 1, 2
"""


@asynccontextmanager
async def picture() -> AsyncIterator[None]:
    """Hold the database still: nothing comes in between, and no day is moved to a file meanwhile.

    The lock comes first: whoever moves days waits for it, or has committed before we look.
    """
    async with database.transaction():
        await database.fetch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await database.fetch("LOCK TABLE reading IN ACCESS SHARE MODE")
        yield


async def contents(pilot: PilotView) -> Contents:
    """Return what a pack of a pilot is made from, but its readings."""
    frame = window(pilot.protocol, pilot.closed_at)
    who: dict[str, str | int] = {
        "id": str(pilot.id), "number": pilot.number, "title": pilot.protocol.title,
        "device": pilot.device_name, "owner": pilot.owner_name, "host": pilot.host_name,
        "site": pilot.site, "owner_id": str(pilot.owner_id), "host_id": str(pilot.host_id),
        "device_id": str(pilot.device_id),
    }  # fmt: skip
    return Contents(who, pilot.protocol, frame, await _units(pilot.id, frame))


async def _units(pilot_id: UUID, frame: Window) -> tuple[Unit, ...]:
    start, end = moment(frame.start), moment(frame.end)
    found = []
    for one in await devices_of(pilot_id):
        refused = await database.fetch(REFUSED, one.number, start.date(), end.date())
        ledger = await database.fetch(LEDGER, one.number)
        found.append(
            Unit(
                number=one.number,
                serial=one.serial,
                firmware=one.firmware,
                is_reference=one.is_reference,
                status=await _tuples(STATUS, one.number, end),
                alarms=await _tuples(ALARMS, one.number, end),
                clock=await _tuples(OFFSETS, one.number, start, end),
                ledger=tuple(_numbers(row["topic"], row["boot"], row["stored"]) for row in ledger),
                refused=tuple(Refusals(**dict(row)) for row in refused),
            )
        )
    return tuple(found)


async def _tuples(sql: str, *values: object) -> tuple[Any, ...]:
    return tuple(tuple(row.values()) for row in await database.fetch(sql, *values))


def _numbers(topic: int, boot: int, stored: list[Any]) -> Numbers:
    return Numbers(topic, boot, tuple((one.lower, one.upper) for one in stored))


async def collect(found: Contents, readings: Readings, progress: Progress | None = None) -> None:
    """Read all readings of a pack, day by day; ``progress`` is told how many days of how many.

    Raises:
        FileMissing: a day's file is gone, or is not what was put there.
    """
    days = list(_days(found.window))
    files = await _files([start.date() for start, _end in days])
    keys = [(one.number, code) for one in found.units for code in sorted(found.protocol.codes)]
    done, whole = 0, len(keys) * len(days)
    for device, metric in keys:
        async for rows in _of_series(device, metric, days, files):
            readings.add(rows)
            done += 1
            if progress:
                progress(done, whole)


async def _files(days: list[date]) -> dict[date, Path]:
    """Return the files of days that were moved, each with the digest it was kept under."""
    files = await cold_files(days)
    for row in await database.fetch(DIGESTS, list(files)):
        if await asyncio.to_thread(parquet.digest, files[row["day"]]) != row["digest"]:
            raise FileMissing(files[row["day"]].name)
    return files


async def _of_series(
    device: int, metric: int, days: list[tuple[datetime, datetime]], files: dict[date, Path]
) -> AsyncIterator[list[Row]]:
    for start, end in days:
        rows = [tuple(row) for row in await database.fetch(READINGS, device, metric, start, end)]
        old = files.get(start.date())
        if old:
            within = range(micros(start), micros(end))
            moved = await asyncio.to_thread(_cold, old, device, metric, within)
            rows = _merged([*rows, *moved])
        yield rows


def _cold(path: Path, device: int, metric: int, within: range) -> list[Row]:
    """Return the readings of a day that was moved to a file."""
    found = parquet.rows(path, device, metric=metric)
    columns = (found.metrics, found.times, found.boots, found.seqs, found.values)
    return [
        (device, metric, at, boot, seq, None if value != value else value)  # NaN is not itself
        for code, at, boot, seq, value in zip(*(one.tolist() for one in columns), strict=True)
        if code == metric and at in within
    ]


def _merged(rows: list[Row]) -> list[Row]:
    """Return rows sorted, each once: a day that was brought back is also still in its file."""
    key = itemgetter(0, 1, 2, 3, 4)
    return [next(same) for _key, same in groupby(sorted(rows, key=key), key)]


def _days(frame: Window) -> list[tuple[datetime, datetime]]:
    """Return the days of a window in UTC, the first and the last cut to it."""
    place, end = moment(frame.start), moment(frame.end)
    found = []
    while place < end:
        after = min(datetime.combine(place.date() + DAY, datetime.min.time(), UTC), end)
        found.append((place, after))
        place = after
    return found
