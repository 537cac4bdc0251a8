"""Readings of one metric in the order of their key, a piece at a time, wherever they are.

A piece begins after the last reading of the one before it and not at a count of rows: readings that
come meanwhile move nothing, so none is skipped and none comes twice. Two readings of one moment
have two places. Days that were moved to files are read from there; a reading that is in both counts
once.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter

from portal import database
from telemetry_ingest.cold import parquet, reading
from telemetry_ingest.cold.thawing import cold_files
from telemetry_ingest.evidence.observed import micros, moment
from telemetry_ingest.evidence.readings import Row

HOUR_US = 3_600_000_000
DAY = timedelta(days=1)
Place = tuple[int, int, int]  # moment in µs, start, number: what makes a reading what it is
PIECE = 5_000

STORED = """
SELECT (extract(epoch FROM at) * 1000000)::bigint AS t, boot, seq, value FROM reading
WHERE device = $1 AND metric = $2 AND at >= $3 AND at < $4{after}
ORDER BY {order} LIMIT $5
"""
# Every day in a file has its roll-ups: those of the others hold nothing of this metric.
COLD_DAYS = """
SELECT c.day FROM cold_day c JOIN rollup_day r
  ON r.device = $1 AND r.metric = $2 AND r.start = c.day::timestamp AT TIME ZONE 'UTC'
WHERE c.day BETWEEN $3 AND $4 AND r.n + r.failed > 0 ORDER BY c.day
"""
# Hours whose roll-ups hold, and those (without a count) whose readings have to be counted.
HOURS = """
SELECT coalesce(h.start, d.hour) AS start,
  CASE WHEN d.hour IS NULL THEN h.n + h.failed END AS readings
FROM (SELECT start, n, failed FROM rollup_hour
  WHERE device = $1 AND metric = $2 AND start >= $3 AND start < $4) h
FULL JOIN (SELECT hour FROM dirty_hour WHERE device = $1 AND hour >= $3 AND hour < $4
  UNION SELECT hour FROM taken_hour WHERE device = $1 AND hour >= $3 AND hour < $4) d
  ON d.hour = h.start
"""


@dataclass(frozen=True)
class Stretch:
    """Readings of one metric of a device from ``start`` until ``end``, in µs since 1970."""

    device: int
    metric: int
    start: int
    end: int


async def piece_of(
    asked: Stretch, most: int = PIECE, *, after: Place | None = None, newest_first: bool = False
) -> list[Row]:
    """Return the next readings of a stretch, at most ``most``, in the order of their key.

    Raises:
        FileMissing: a file that holds some of them is gone.
    """
    asked = _from(asked, after, newest_first=newest_first)
    if asked.start >= asked.end:
        return []
    # The tables before the list of files: a day that is moved in between is seen in one of them.
    found = await _stored(asked, most, after, newest_first=newest_first)
    days = [row["day"] for row in await database.fetch(
        COLD_DAYS, asked.device, asked.metric, *_first_and_last(asked))]  # fmt: skip
    for day in reversed(days) if newest_first else days:
        if len(found) == most and not _reaches(day, found[-1], newest_first=newest_first):
            break
        wanted = parquet.Piece(
            asked.device, asked.metric, asked.start, asked.end, most, after, newest_first
        )
        for path in (await cold_files([day])).values():
            old = await asyncio.to_thread(parquet.piece, path, wanted)
            found = _joined(found, old, most, newest_first=newest_first)
    return [(asked.device, asked.metric, *one) for one in found]


async def pieces(asked: Stretch, most: int = PIECE) -> AsyncIterator[list[Row]]:
    """Yield all readings of a stretch in order, a piece at a time."""
    after: Place | None = None
    while found := await piece_of(asked, most, after=after):
        yield found
        if len(found) < most:
            return
        after = place_of(found[-1])


def place_of(row: Row) -> Place:
    """Return where a reading stands among those of its metric."""
    return row[2], row[3], row[4]


async def count_of(asked: Stretch) -> int:
    """Return how many readings a stretch holds: from roll-ups wherever they suffice."""
    first, last = -(-asked.start // HOUR_US) * HOUR_US, asked.end // HOUR_US * HOUR_US
    if first >= last:
        return await exact_count_of(asked)
    rows = await database.fetch(HOURS, asked.device, asked.metric, moment(first), moment(last))
    parts = [replace(asked, end=first), replace(asked, start=last)]
    for row in rows:
        if row["readings"] is None:
            start = micros(row["start"])
            parts.append(replace(asked, start=start, end=start + HOUR_US))
    counted = sum(row["readings"] or 0 for row in rows)
    return counted + sum([await exact_count_of(one) for one in parts])


async def exact_count_of(asked: Stretch) -> int:
    """Return how many readings a stretch holds, each looked at, day by day."""
    count, start = 0, asked.start
    while start < asked.end:
        end = min(asked.end, micros(_midnight(moment(start)) + DAY))
        found = await reading.readings(asked.device, asked.metric, moment(start), moment(end))
        count, start = count + len(found.times), end
    return count


async def _stored(
    asked: Stretch, most: int, after: Place | None, *, newest_first: bool
) -> list[tuple[int, int, int, float | None]]:
    values = [asked.device, asked.metric, moment(asked.start), moment(asked.end), most]
    clause = ""
    if after is not None:
        clause = f" AND (at, boot, seq) {'<' if newest_first else '>'} ($6, $7, $8)"
        values += [moment(after[0]), *after[1:]]
    order = "at DESC, boot DESC, seq DESC" if newest_first else "at, boot, seq"
    rows = await database.fetch(STORED.format(after=clause, order=order), *values)
    return [tuple(row) for row in rows]


def _from(asked: Stretch, after: Place | None, *, newest_first: bool) -> Stretch:
    """Return what is left of a stretch: only its days are looked at."""
    if after is None:
        return asked
    if newest_first:
        return replace(asked, end=min(asked.end, after[0] + 1))
    return replace(asked, start=max(asked.start, after[0]))


def _first_and_last(asked: Stretch) -> tuple[date, date]:
    return moment(asked.start).date(), moment(asked.end - 1).date()


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time(), UTC)


def _reaches(day: date, last: tuple[int, int, int, float | None], *, newest_first: bool) -> bool:
    """Say whether a day may hold readings that come before the last one that was found."""
    there = moment(last[0]).date()
    return there <= day if newest_first else there >= day


def _joined(
    one: list[tuple[int, int, int, float | None]],
    other: list[tuple[int, int, int, float | None]],
    most: int,
    *,
    newest_first: bool,
) -> list[tuple[int, int, int, float | None]]:
    """Return the first readings of both, each once."""
    key = itemgetter(0, 1, 2)
    both = merge(one, other, key=key, reverse=newest_first)
    return list(islice((next(same) for _key, same in groupby(both, key)), most))
