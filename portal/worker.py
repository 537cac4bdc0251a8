"""The worker: the jobs and crons of every package, on one arq loop.

Every job is safe to run twice (a killed worker's jobs run again), and behind every job stands a
cron that finds what should have been done and was not: a lost enqueue or an emptied Valkey delays
work and loses none.
"""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import Any

from arq.cron import CronJob
from arq.worker import Function, Worker

from portal import database
from portal.package import load
from portal.queue import HEALTH_KEY, decode, encode, redis_settings
from portal.settings import get_settings

STOP_WAIT_S = 30  # after a signal, how long running jobs may take to end; then they run again
HEALTH_INTERVAL_S = 10  # what is killed is seen to be within 11 seconds


class TidyWorker(Worker):
    """arq's worker; 0.28 closes its connections with a call that redis-py has deprecated."""

    async def close(self) -> None:
        """Let running jobs end, then close what was opened."""
        if not self._handle_signals:
            self.handle_sig(signal.SIGUSR1)
        if not self._pool:
            return
        await asyncio.gather(*self.tasks.values())
        await self.pool.delete(self.health_check_key)
        if self.on_shutdown:
            await self.on_shutdown(self.ctx)
        await self.pool.aclose(close_connection_pool=True)
        self._pool = None


class NameTaken(Exception):
    """Two packages give a job or a cron the same name; arq would keep the last one silently."""


async def start(ctx: dict[str, Any]) -> None:
    """Open the pool every job shares."""
    stack = ctx["stack"] = AsyncExitStack()
    await stack.enter_async_context(
        database.pool(min_size=1, max_size=get_settings().database_pool_size)
    )


async def stop(ctx: dict[str, Any]) -> None:
    """Close what ``start`` opened."""
    if stack := ctx.get("stack"):
        await stack.aclose()


def jobs_and_crons() -> tuple[list[Function], list[CronJob]]:
    """Return what the packages of this deployment want run.

    Raises:
        NameTaken: a name is used twice.
    """
    packages = load(get_settings().packages)
    jobs = [job for package in packages for job in package.jobs]
    crons = [cron for package in packages for cron in package.crons]
    names = [job.name for job in jobs] + [cron.name for cron in crons]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NameTaken(", ".join(twice))
    return jobs, crons


def create_worker(*, burst: bool = False) -> Worker:
    """Build the worker; with ``burst`` it stops when the queue is empty."""
    jobs, crons = jobs_and_crons()
    return TidyWorker(
        functions=jobs,
        cron_jobs=crons,
        redis_settings=redis_settings(),
        job_serializer=encode,
        job_deserializer=decode,
        on_startup=start,
        on_shutdown=stop,
        burst=burst,
        poll_delay=0.1,
        keep_result=0,
        job_completion_wait=STOP_WAIT_S,
        handle_signals=not burst,
        health_check_interval=HEALTH_INTERVAL_S,
        health_check_key=HEALTH_KEY,
    )
