"""Counting roll-ups again from the readings: minutes, then hours, then days."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from math import ceil

from portal import database
from telemetry_ingest.cold.thawing import cold_files, thaw
from telemetry_ingest.protocol import Protocol
from telemetry_ingest.queries.protocols import protocol_of, ranges
from telemetry_ingest.rollups.statements import DAYS, HOURS, MINUTES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOCK = 20260202  # one worker at a time writes the roll-ups of a device
PARTITIONS = "SELECT telemetry_day(day::date) FROM unnest($1::date[]) AS day"


async def recompute(device: int, hour: datetime) -> None:
    """Bring the roll-ups of an hour, and of what it touches, to what the readings say."""
    await recompute_hours(device, [hour])


async def recompute_hours(device: int, hours: Collection[datetime]) -> None:
    """Bring the roll-ups of some hours of a device to what the readings say; in one transaction.

    A device that no pilot knows has no plausible range and no silence, so no roll-ups either.
    """
    protocol = await protocol_of(device)
    if protocol is None or not hours:
        return
    touched = list(stretches(hours, protocol.silence_s))
    days = sorted({one for start, end in touched for one in days_of(start, end)})
    # In a transaction of its own: until its end, others who need a new partition wait.
    await database.fetch(PARTITIONS, days)
    frozen = await cold_files(days)
    async with database.transaction():
        # Before the first look at the readings: who waited here sees all that was committed.
        await database.fetch("SELECT pg_advisory_xact_lock($1, $2)", LOCK, device)
        await thaw(device, frozen)
        for start, end in touched:
            await _hours(device, protocol, start, end)
        for start, end in stretches([_midnight(day) for day in days], 0, DAY):
            await _days(device, protocol, start, end)


async def _hours(device: int, protocol: Protocol, start: datetime, end: datetime) -> None:
    plan = _plan(protocol)
    await database.fetch(MINUTES, device, start, end, float(protocol.silence_s), *plan)
    await database.fetch(HOURS, device, start, end, *plan)


async def _days(device: int, protocol: Protocol, start: datetime, end: datetime) -> None:
    await database.fetch(DAYS, device, start, end, _plan(protocol)[0])


def _plan(protocol: Protocol) -> tuple[list[int], list[float], list[float]]:
    of = ranges(protocol)
    return [one.metric for one in of], [one.low for one in of], [one.high for one in of]


def stretches(
    moments: Collection[datetime], silence_s: float, step: timedelta = HOUR
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of whole hours whose roll-ups depend on the hours of ``moments``.

    A reading covers time up to the silence before and after it, so that the neighbours of its hour
    change as well. Stretches that touch are joined.
    """
    reach = ceil(silence_s / step.total_seconds()) * step
    start = end = None
    for moment in sorted({floor(one, step) for one in moments}):
        if start is None or end is None:
            start, end = moment - reach, moment + step + reach
        elif moment - reach <= end:
            end = moment + step + reach
        else:
            yield start, end
            start, end = moment - reach, moment + step + reach
    if start is not None and end is not None:
        yield start, end


def floor(moment: datetime, step: timedelta) -> datetime:
    """Return the beginning of the hour (or day, in UTC) of a moment."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return datetime(1970, 1, 1, tzinfo=UTC) + since // step * step


def days_of(start: datetime, end: datetime) -> Iterator[date]:
    """Yield the days (UTC) from a moment to the one before another."""
    day = floor(start, DAY)
    while day < end:
        yield day.date()
        day += DAY


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
