"""The worker: the jobs and crons of every package, on one arq loop."""

from contextlib import AsyncExitStack
from typing import Any

from arq.worker import Worker

from portal import database
from portal.package import load
from portal.queue import decode, encode, redis_settings
from portal.settings import get_settings


async def start(ctx: dict[str, Any]) -> None:
    """Open the pool every job shares."""
    stack = ctx["stack"] = AsyncExitStack()
    await stack.enter_async_context(
        database.pool(min_size=1, max_size=get_settings().database_pool_size)
    )


async def stop(ctx: dict[str, Any]) -> None:
    """Close what ``start`` opened."""
    await ctx["stack"].aclose()


def create_worker(*, burst: bool = False) -> Worker:
    """Build the worker; with ``burst`` it stops when the queue is empty."""
    packages = load(get_settings().packages)
    return Worker(
        functions=[job for package in packages for job in package.jobs],
        cron_jobs=[cron for package in packages for cron in package.crons],
        redis_settings=redis_settings(),
        job_serializer=encode,
        job_deserializer=decode,
        on_startup=start,
        on_shutdown=stop,
        burst=burst,
        poll_delay=0.1,
        keep_result=0,
        job_completion_wait=30,
        handle_signals=not burst,
    )
