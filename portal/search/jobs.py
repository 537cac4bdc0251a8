"""What the worker does for search: index what changed, often, so that nobody has to ask for it."""

from datetime import timedelta
from typing import Any

from arq.cron import cron
from arq.worker import func

from portal.package import indexes_of
from portal.search.draining import drain


async def drain_all(ctx: dict[str, Any]) -> int:
    """Index what is waiting in every index; safe to run twice, and at once."""
    return await drain(indexes_of().values())


JOBS = (func(drain_all, name="search.drain", timeout=timedelta(minutes=10), keep_result=0),)
CRONS = (
    # Every two seconds: a lost job, a killed worker or an emptied queue heals by itself.
    cron(
        drain_all,
        name="search.sweep",
        second=set(range(0, 60, 2)),
        timeout=timedelta(minutes=10),
        keep_result=0,
    ),
)
