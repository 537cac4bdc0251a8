"""Readings of a stream that meet a condition: by time on the index, the rest asked of each.

However few of 50 million readings meet a condition on their result, one answer looks at a bounded
number of them: then the page is short, and its link to the next one begins where looking stopped.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from telemetry_ingest.evidence.readings import Row
from telemetry_ingest.exporting.table import quality
from telemetry_ingest.queries.readings import Place, Stretch, count_of, piece_of, pieces, place_of
from telemetry_ingest.queries.things import Stream
from telemetry_ingest.sensorthings.asked import MOST_IN_ARRAY, Asked
from telemetry_ingest.sensorthings.conditions import Value, holds
from telemetry_ingest.sensorthings.errors import TooLarge, TooManyToCount
from telemetry_ingest.sensorthings.shapes import name_of

LOOKED_AT = 50_000
COUNTED = 200_000
PIECE = 5_000


@dataclass
class Allowance:
    """How much may still be read for one answer.

    Attributes:
        readings: those that are only looked at.
        counted: those that are looked at to count some of them.
    """

    entities: int = MOST_IN_ARRAY
    readings: int = LOOKED_AT
    counted: int = COUNTED

    def take(self, entities: int) -> None:
        """Take some of it.

        Raises:
            TooLarge: so much is not left.
        """
        self.entities -= entities
        if self.entities < 0:
            raise TooLarge(most=MOST_IN_ARRAY)


@dataclass(frozen=True)
class Picked:
    """Readings of a page.

    Attributes:
        more: there are more of them, or may be.
        last: place of the last reading that was shown or looked at, if there was one.
    """

    rows: list[Row]
    more: bool
    last: Place | None


async def picked(stream: Stream, asked: Asked, allowance: Allowance) -> Picked:
    """Return the readings of a page."""
    after = (asked.after[0], asked.after[1], asked.after[2]) if asked.after else None
    stretch, most = Stretch(*stream.key, *asked.span), asked.top + 1
    found: list[Row] = []
    if asked.is_span:
        found = await piece_of(stretch, most, after=after, newest_first=asked.newest_first)
    while not asked.is_span and len(found) < most:
        size = min(PIECE, allowance.readings)
        if not size:
            return Picked(found, more=True, last=after)
        rows = await piece_of(stretch, size, after=after, newest_first=asked.newest_first)
        allowance.readings -= len(rows)
        found += await asyncio.to_thread(_meeting, stream, asked, rows)
        if len(rows) < size:
            break
        after = place_of(rows[-1])
    shown = found[: asked.top]
    return Picked(shown, len(found) > asked.top, place_of(shown[-1]) if shown else None)


async def count_picked(stream: Stream, asked: Asked, allowance: Allowance) -> int:
    """Return how many readings meet a condition.

    Raises:
        TooManyToCount: too many would have to be looked at.
    """
    stretch = Stretch(*stream.key, *asked.span)
    there = await count_of(stretch)
    if asked.is_span:
        return there
    allowance.counted -= there
    if allowance.counted < 0:
        raise TooManyToCount(most=COUNTED)
    count = 0
    async for rows in pieces(stretch):
        count += len(await asyncio.to_thread(_meeting, stream, asked, rows))
    return count


def _meeting(stream: Stream, asked: Asked, rows: list[Row]) -> list[Row]:
    condition = asked.condition
    return [row for row in rows if condition is None or holds(condition, values(stream, row))]


def values(stream: Stream, row: Row) -> Callable[[str], Value]:
    """Return what the properties of a reading are compared as; moments in µs since 1970."""
    _device, _metric, at, boot, seq, value = row
    found: dict[str, Value] = {
        "id": name_of(row[:5]),
        "phenomenonTime": at,
        "resultTime": at,
        "result": value,
        "resultQuality": quality(value, stream.watched.low, stream.watched.high),
        "parameters/boot": boot,
        "parameters/seq": seq,
    }
    return found.get
