"""Readings of a stretch wherever they are: in the database, in files, or (a late one) in both."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from portal import database
from telemetry_ingest.cold import parquet
from telemetry_ingest.cold.thawing import cold_files
from telemetry_ingest.rollups.recompute import days_of

STORED = """
SELECT (date_part('epoch', at) * 1000000)::bigint AS at, boot, seq,
  coalesce(value, 'nan'::float8) AS value
FROM reading WHERE device = $1 AND metric = $2 AND at >= $3 AND at < $4 ORDER BY at, boot, seq
"""


@dataclass(frozen=True)
class Readings:
    """Readings of one metric in the order of their time; a failed measurement has the value NaN."""

    times: NDArray[np.int64]  # microseconds since 1970
    boots: NDArray[np.int64]
    seqs: NDArray[np.int64]
    values: NDArray[np.float64]


async def readings(device: int, metric: int, frm: datetime, to: datetime) -> Readings:
    """Return all readings of a stretch, each once, also those of days that were moved to files.

    Raises:
        FileMissing: a file that holds some of them is gone.
    """
    rows = await database.fetch(STORED, device, metric, frm, to)
    times, boots, seqs = (
        np.array([row[name] for row in rows], np.int64) for name in ("at", "boot", "seq")
    )
    parts = [Readings(times, boots, seqs, np.array([row["value"] for row in rows], np.float64))]
    for path in (await cold_files(list(days_of(frm, to)))).values():
        found = await asyncio.to_thread(
            parquet.rows, path, device, metric=metric, between=(frm, to)
        )
        parts.append(Readings(found.times, found.boots, found.seqs, found.values))
    return parts[0] if len(parts) == 1 else joined(parts)


def joined(parts: list[Readings]) -> Readings:
    """Return the readings of all parts in the order of their key, each once."""
    times, boots, seqs, values = (
        np.concatenate([getattr(one, name) for one in parts])
        for name in ("times", "boots", "seqs", "values")
    )
    order = np.lexsort((seqs, boots, times))
    times, boots, seqs, values = times[order], boots[order], seqs[order], values[order]
    new = np.ones(len(times), bool)
    new[1:] = (np.diff(times) != 0) | (np.diff(boots) != 0) | (np.diff(seqs) != 0)
    return Readings(times[new], boots[new], seqs[new], values[new])
