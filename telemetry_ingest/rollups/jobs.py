"""What the worker does for roll-ups: count dirty hours, take up what a dead worker left."""

from datetime import timedelta
from typing import Any

from arq.cron import cron
from arq.worker import func

from telemetry_ingest.rollups.draining import StillWriting, drain, give_back

NAME = "telemetry.count_rollups"
LONGEST = timedelta(minutes=10)


async def count_rollups(ctx: dict[str, Any]) -> int:
    """Count the roll-ups of hours that readings came for; safe to run twice and in parallel."""
    try:
        return await drain()
    except StillWriting:  # a long transaction; what is in hand comes back with the sweep
        return 0


async def sweep_rollups(ctx: dict[str, Any]) -> int:
    """Count the roll-ups of dirty hours, also of those that a dead worker had in hand."""
    await give_back()
    return await count_rollups(ctx)


JOBS = (func(count_rollups, name=NAME, timeout=LONGEST, keep_result=0, max_tries=3),)
CRONS = (
    cron(
        sweep_rollups,
        name="telemetry.sweep_rollups",
        second={10, 40},
        run_at_startup=True,
        timeout=LONGEST,
        keep_result=0,
    ),
)
