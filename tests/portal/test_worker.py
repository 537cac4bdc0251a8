import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from portal.queue import decode, encode, health, queue
from portal.worker import create_worker, jobs_and_crons
from tests.sources import ROOT


async def test_the_queue_is_msgpack_and_carries_what_jobs_need():
    value = {"t": 1, "f": "a.b", "a": ["é", 2, None], "k": {}}

    assert decode(encode(value)) == value
    with pytest.raises(TypeError):
        encode(object())


def test_no_job_or_cron_shares_a_name():
    jobs, crons = jobs_and_crons()

    assert len({one.name for one in [*jobs, *crons]}) == len(jobs) + len(crons)


async def test_an_idle_worker_ends_when_told_to_and_is_heard_of_while_it_runs(db):
    async with queue() as jobs:
        await jobs.flushdb()
        assert (await health(jobs)).worker_alive is False
        worker = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
            [sys.executable, "-m", "portal.cli", "worker"],
            cwd=ROOT,
            env=os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(300):
                if (await health(jobs)).worker_alive:
                    break
                await asyncio.sleep(0.1)
            assert (await health(jobs)).worker_alive is True
            started = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            await asyncio.to_thread(worker.wait, 20)
            assert time.monotonic() - started < 15
        finally:
            worker.kill()
            worker.wait()
        assert (await health(jobs)).worker_alive is False


async def test_a_job_of_an_unknown_name_harms_no_other(db):
    async with queue() as jobs:
        await jobs.flushdb()
        await jobs.enqueue_job("nobody.knows")
        assert (await health(jobs)).waiting == 1
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()
    async with queue() as jobs:
        assert (await health(jobs)).waiting == 0
