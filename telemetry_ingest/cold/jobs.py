"""What the worker does for old readings: move the days that are due to files, once a night."""

from datetime import timedelta
from typing import Any

from arq.cron import cron
from arq.worker import func

from telemetry_ingest.cold.freezing import freeze_due

LONGEST = timedelta(hours=4)


async def move_old_days(ctx: dict[str, Any]) -> int:
    """Move days older than the policy to files and drop them; return how many were due."""
    return len(await freeze_due())


JOBS = (func(move_old_days, name="telemetry.move_old_days", timeout=LONGEST, keep_result=0),)
CRONS = (
    cron(
        move_old_days,
        name="telemetry.move_old_days_nightly",
        hour=2,
        minute=20,
        timeout=LONGEST,
        keep_result=0,
    ),
)
