"""What the worker does for the pipeline: days made ahead, old refusals forgotten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from arq.cron import cron
from arq.worker import func

from portal import database
from telemetry_ingest.consumer import quarantine, statements

LONGEST = timedelta(minutes=10)
AHEAD = 3  # a device's clock may be a day ahead; the rest is for a worker that does not run


async def make_days(ctx: dict[str, Any]) -> int:
    """Make the partitions of yesterday and the coming days; return how many days they are."""
    return await make_days_around(datetime.now(UTC).date())


async def make_days_around(today: date) -> int:
    """Make the partitions of the day before and those after a day."""
    days = [today + timedelta(days=place) for place in range(-1, AHEAD + 1)]
    for day in days:
        await database.fetch(statements.DAY, day)
    return len(days)


async def forget_refused(ctx: dict[str, Any]) -> int:
    """Forget refused messages that were kept as long as the policy says; return how many."""
    return await quarantine.forget_old(datetime.now(UTC))


JOBS = (
    func(make_days, name="telemetry.make_days", timeout=LONGEST, keep_result=0),
    func(forget_refused, name="telemetry.forget_refused", timeout=LONGEST, keep_result=0),
)
CRONS = (
    cron(
        make_days,
        name="telemetry.make_days_hourly",
        minute=5,
        run_at_startup=True,
        timeout=LONGEST,
        keep_result=0,
    ),
    cron(
        forget_refused,
        name="telemetry.forget_refused_nightly",
        hour=3,
        minute=10,
        timeout=LONGEST,
        keep_result=0,
    ),
)
