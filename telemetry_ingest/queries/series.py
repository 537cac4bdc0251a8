"""What a chart shows of one metric: readings thinned, or roll-ups where they are many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from portal import database
from telemetry_ingest.cold.reading import readings as all_readings
from telemetry_ingest.rollups.summing import Rollup
from telemetry_ingest.rollups.thinning import thinned

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")


class Grain(StrEnum):
    """How much time one point stands for."""

    READING = "reading"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True)
class Point:
    """One reading; ``None`` is a measurement that failed."""

    at: datetime
    value: float | None


@dataclass(frozen=True)
class Stretch:
    """The roll-up of a stretch that begins at ``start``."""

    start: datetime
    rollup: Rollup


# Up to which width of the window a grain is shown: 6 hours of one reading a second are 21,600.
WIDEST = (
    (timedelta(hours=6), Grain.READING),
    (timedelta(days=2), Grain.MINUTE),
    (timedelta(days=92), Grain.HOUR),
)
LENGTH = {
    Grain.MINUTE: timedelta(minutes=1),
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(days=1),
}
ROLLUPS = """
SELECT start, n, failed, implausible, low, high, sum, squares, up_s{bins} FROM rollup_{grain}
WHERE device = $1 AND metric = $2 AND start >= $3 AND start < $4 ORDER BY start
"""
NUMBERS = ("n", "failed", "implausible", "low", "high", "sum", "squares", "up_s")


def grain_for(width: timedelta) -> Grain:
    """Return what a window of this width is shown in."""
    return next((grain for widest, grain in WIDEST if width <= widest), Grain.DAY)


async def readings(
    device: int, metric: int, frm: datetime, to: datetime, most: int = 2_000
) -> list[Point]:
    """Return the readings of a window, at most ``most``, keeping every extreme; also old ones."""
    found = await all_readings(device, metric, frm, to)
    places = thinned(found.times, found.values, most)
    return [
        Point(
            EPOCH + timedelta(microseconds=int(found.times[place])),
            None if np.isnan(found.values[place]) else float(found.values[place]),
        )
        for place in places
    ]


async def minutes(device: int, metric: int, frm: datetime, to: datetime) -> list[Stretch]:
    """Return the minutes of a window; those of days that were moved to files are not kept."""
    return await rolled_up(Grain.MINUTE, device, metric, frm, to)


async def hours(device: int, metric: int, frm: datetime, to: datetime) -> list[Stretch]:
    """Return the hours that begin in a window."""
    return await rolled_up(Grain.HOUR, device, metric, frm, to)


async def days(device: int, metric: int, frm: datetime, to: datetime) -> list[Stretch]:
    """Return the days (UTC) that begin in a window."""
    return await rolled_up(Grain.DAY, device, metric, frm, to)


async def rolled_up(
    grain: Grain, device: int, metric: int, frm: datetime, to: datetime
) -> list[Stretch]:
    """Return the roll-ups of one grain."""
    bins = "" if grain is Grain.MINUTE else ", bins"
    rows = await database.fetch(ROLLUPS.format(grain=grain, bins=bins), device, metric, frm, to)
    return [Stretch(row["start"], _rollup(dict(row))) for row in rows]


def _rollup(row: dict[str, Any]) -> Rollup:
    kept: dict[str, Any] = {"bins": tuple(row["bins"])} if "bins" in row else {}
    return Rollup(**{name: row[name] for name in NUMBERS}, **kept)


async def shown(
    device: int, metric: int, frm: datetime, to: datetime, most: int = 2_000
) -> tuple[Grain, list[Point] | list[Stretch]]:
    """Return what a window is shown in, and that: readings, minutes, hours or days."""
    grain = grain_for(to - frm)
    if grain is Grain.READING:
        return grain, await readings(device, metric, frm, to, most)
    found = await rolled_up(grain, device, metric, frm, to)
    if grain is Grain.MINUTE and not found:  # minutes go with their readings; hours stay
        return Grain.HOUR, await hours(device, metric, frm, to)
    return grain, found
