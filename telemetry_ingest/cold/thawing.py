"""Bringing a device's readings of an old day back beside late ones, to count them together."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from portal import database
from portal.settings import get_settings
from telemetry_ingest.cold import parquet

FILES = "SELECT day, file, digest FROM cold_day WHERE day = ANY($1) ORDER BY day"
PUT_BACK = """
INSERT INTO reading (device, metric, at, boot, seq, value)
SELECT $1, metric, 'epoch'::timestamptz + at * interval '1 microsecond', boot, seq,
  nullif(value, 'nan')
FROM unnest($2::int[], $3::bigint[], $4::int[], $5::bigint[], $6::float8[])
  AS old (metric, at, boot, seq, value)
ON CONFLICT DO NOTHING
"""


class FileMissing(Exception):
    """A file of old readings is not where it was put, or is not what was put there."""


async def cold_files(days: Collection[date]) -> dict[date, Path]:
    """Return the files of those of the days that were moved to files.

    Raises:
        FileMissing: one is not there.
    """
    found = {}
    for row in await database.fetch(FILES, list(days)):
        path = get_settings().telemetry_cold_dir / row["file"]
        if not path.exists():
            raise FileMissing(row["file"])
        found[row["day"]] = path
    return found


async def thaw(device: int, files: Mapping[date, Path]) -> int:
    """Put the readings of a device on these days back into the table; return how many there were.

    They stay in their files as well: who reads both counts each once.
    """
    read = 0
    for path in files.values():
        found = await asyncio.to_thread(parquet.rows, path, device)
        columns = (found.metrics, found.times, found.boots, found.seqs, found.values)
        await database.fetch(PUT_BACK, device, *(one.tolist() for one in columns))
        read += len(found.times)
    return read
