"""Moving a day to its file: export, write, read back, and only then drop the partition."""

import asyncio
import logging
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import asyncpg

from portal import database
from portal.settings import get_settings
from telemetry_ingest.cold import parquet
from telemetry_ingest.cold.thawing import FileMissing, cold_files

logger = logging.getLogger(__name__)

LOCK = 20260203
LOCK_MS = 2_000  # how long storing may be kept waiting before this gives way
EXPORT = """
SELECT device, metric, at AT TIME ZONE 'UTC', boot, seq, value FROM {partition}
ORDER BY device, metric, at, boot, seq
"""
DIRTY = """
SELECT 1 FROM (SELECT hour FROM dirty_hour UNION ALL SELECT hour FROM taken_hour) AS hours
WHERE hour >= $1::date AND hour < $1::date + 1 LIMIT 1
"""
DAYS = r"""
SELECT to_date(right(relname, 8), 'YYYYMMDD') AS day FROM pg_inherits
JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'reading'::regclass AND relname ~ '^reading_\d{8}$' ORDER BY day
"""
KEEP = """
INSERT INTO cold_day (day, file, digest, readings, moved_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (day) DO UPDATE SET file = excluded.file, digest = excluded.digest,
  readings = excluded.readings, moved_at = excluded.moved_at
"""


class Outcome(StrEnum):
    """What became of a day."""

    MOVED = "moved"
    EMPTY = "empty"  # nothing in it; the partition is dropped
    WAITS = "waits"  # its roll-ups are not counted, or a reading came meanwhile: the next time
    BUSY = "busy"  # readings are being stored without a pause: the next time


class NotWhatWasWritten(Exception):
    """A file does not hold what was exported; the partition stays."""


async def days_due(today: date) -> list[date]:
    """Return the days that are older than the policy and still have a partition."""
    last = today - timedelta(days=get_settings().telemetry_raw_days)
    return [row["day"] for row in await database.fetch(DAYS) if row["day"] < last]


async def freeze_due(today: date | None = None) -> dict[date, Outcome]:
    """Move the days that are due; one that fails is logged and does not stop the others."""
    outcomes = {}
    for day in await days_due(today or datetime.now(UTC).date()):
        try:
            outcomes[day] = await freeze(day)
        except (OSError, FileMissing, NotWhatWasWritten, asyncpg.PostgresError):
            logger.exception("the readings of %s were not moved", day)
    return outcomes


async def freeze(day: date) -> Outcome:
    """Move one day to its file.

    Raises:
        NotWhatWasWritten: the file read back differs.
        FileMissing: the file it had before is gone.
    """
    folder = get_settings().telemetry_cold_dir
    folder.mkdir(parents=True, exist_ok=True)
    if await database.fetch(DIRTY, day):
        return Outcome.WAITS
    before = (await cold_files([day])).get(day)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".moving-") as scratch:
        exported = Path(scratch) / "exported.csv"
        count = await _export(day, exported)
        if not count:
            return await _drop(day, 0, None)
        made = await asyncio.to_thread(_written, exported, before, Path(scratch) / "day.parquet")
        final = folder / f"{day:%Y}" / f"{day:%Y-%m-%d}-{made.digest[:16]}.parquet"
        final.parent.mkdir(exist_ok=True)
        await asyncio.to_thread(_put, made.path, final)
        outcome = await _drop(day, count, _Made(final, made.digest, made.readings))
    kept, other = (final, before) if outcome is Outcome.MOVED else (before, final)
    if other is not None and other != kept:
        other.unlink(missing_ok=True)
    return outcome


@dataclass(frozen=True)
class _Made:
    """A file that was read back."""

    path: Path
    digest: str
    readings: int


async def _export(day: date, target: Path) -> int:
    """Write a day as CSV in the order of its key; return how many readings."""
    partition = f"reading_{day:%Y%m%d}"
    if not (await database.fetch("SELECT to_regclass($1) AS it", partition))[0]["it"]:
        return 0
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as connection:
        said = await connection.copy_from_query(
            EXPORT.format(partition=partition), output=target, format="csv"
        )
    return int(said.removeprefix("COPY "))


def _written(exported: Path, before: Path | None, target: Path) -> _Made:
    """Write the file, read it back and compare.

    Raises:
        NotWhatWasWritten: it holds something else.
    """
    meant = parquet.write(exported, before, target)
    found = parquet.content(target)
    if found != meant:
        raise NotWhatWasWritten(target.name)
    return _Made(target, parquet.digest(target), found.readings)


def _put(source: Path, target: Path) -> None:
    """Move a file to its place, and on the disk for good: then its readings may go."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def _drop(day: date, exported: int, made: _Made | None) -> Outcome:
    """Drop the partitions of a day, if nothing was stored there since it was exported."""
    partition, minutes = (f"{table}_{day:%Y%m%d}" for table in ("reading", "rollup_minute"))
    folder = get_settings().telemetry_cold_dir
    try:
        async with database.transaction():
            await database.fetch("SELECT pg_advisory_xact_lock($1, 0)", LOCK)
            await database.fetch(f"SET LOCAL lock_timeout = {LOCK_MS}")
            # Parent before partition, as whoever stores readings, and in the order of the statement
            # that counts minutes: no deadlock.
            await database.fetch("LOCK TABLE rollup_minute, reading IN ACCESS EXCLUSIVE MODE")
            if await _changed(day, partition, exported):
                return Outcome.WAITS
            for name, parent in ((partition, "reading"), (minutes, "rollup_minute")):
                if (await database.fetch("SELECT to_regclass($1) AS it", name))[0]["it"]:
                    await database.fetch(f"ALTER TABLE {parent} DETACH PARTITION {name}")
                    await database.fetch(f"DROP TABLE {name}")
            if made is None:
                return Outcome.EMPTY
            where = str(made.path.relative_to(folder))
            await database.fetch(KEEP, day, where, made.digest, made.readings)
    except asyncpg.LockNotAvailableError:
        return Outcome.BUSY
    return Outcome.MOVED


async def _changed(day: date, partition: str, exported: int) -> bool:
    """Say whether a reading came since; nothing is ever changed or deleted, so a count tells."""
    if await database.fetch(DIRTY, day):
        return True
    if not (await database.fetch("SELECT to_regclass($1) AS it", partition))[0]["it"]:
        return exported > 0
    counted = await database.fetch(f"SELECT count(*) AS readings FROM {partition}")  # noqa: S608
    return bool(counted[0]["readings"] != exported)
