"""Dirty hours: several work them off at once, and no reading is missed, not even an open one."""

import asyncio
from datetime import timedelta

import pytest

from portal import database
from portal.queue import queue
from portal.worker import create_worker
from telemetry_ingest.rollups import draining
from telemetry_ingest.rollups.draining import StillWriting, drain, give_back, take, work_off
from telemetry_ingest.rollups.jobs import NAME, sweep_rollups
from tests.telemetry_ingest.consumer.devices import SPO2, drop_days, make_pilot_device
from tests.telemetry_ingest.rollups.days import STARTS, generated, put, rollups

HOUR = timedelta(hours=1)


@pytest.fixture
async def device(db):
    yield (await make_pilot_device()).number
    await drop_days()


async def marked() -> tuple[int, int]:
    """Return how many hours are dirty, and how many in hand."""
    rows = await database.fetch(
        "SELECT (SELECT count(*) FROM dirty_hour) AS dirty, "
        "(SELECT count(*) FROM taken_hour) AS taken"
    )
    return rows[0]["dirty"], rows[0]["taken"]


async def stored(device: int) -> int:
    hours = await rollups("rollup_hour", device, SPO2)
    return sum(one.readings for one in hours.values())


async def test_dirty_hours_are_counted_and_no_longer_dirty(device):
    readings = generated(device, STARTS, 5)
    await put(readings)
    hours = (await marked())[0]

    assert await drain() == hours
    assert await marked() == (0, 0)
    assert await stored(device) == len(readings) // 2


async def test_several_workers_share_them(device):
    readings = generated(device, STARTS, 30, every_s=120)
    await put(readings)
    hours = (await marked())[0]
    draining_at_once = draining.AT_ONCE
    draining.AT_ONCE = 3
    try:
        done = await asyncio.gather(drain(), drain(), drain())
    finally:
        draining.AT_ONCE = draining_at_once

    assert (sum(done), await marked()) == (hours, (0, 0))
    assert await stored(device) == len(readings) // 2


async def test_a_reading_that_comes_while_its_hour_is_in_hand_is_counted(device):
    first, second = (
        generated(device, STARTS, 0.5, seed=seed, first=first)
        for seed, first in ((1, 0), (2, 1000))
    )
    await put(first)
    taken = await take(10)
    await put(second)
    await work_off(taken)
    await drain()

    assert (await stored(device), await marked()) == (len(first + second) // 2, (0, 0))


async def test_a_reading_whose_transaction_is_open_is_waited_for(device):
    """It finds its hour marked, and marks nothing: only its commit shows that it was there."""
    first, second = (
        generated(device, STARTS, 0.5, seed=seed, first=first)
        for seed, first in ((1, 0), (2, 1000))
    )
    await put(first)
    open_, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with database.transaction():
            await database.fetch(
                "INSERT INTO reading SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[],"
                " $4::int[], $5::bigint[], $6::float8[])",
                *map(list, zip(*second, strict=True)),
            )
            await database.fetch(
                "INSERT INTO dirty_hour VALUES ($1, $2) ON CONFLICT DO NOTHING", device, STARTS
            )
            open_.set()
            await may_end.wait()

    writing = asyncio.create_task(slow())
    await open_.wait()
    counting = asyncio.create_task(drain())
    await asyncio.sleep(0.2)
    waited = not counting.done()
    may_end.set()
    await asyncio.gather(writing, counting)

    assert (waited, await stored(device)) == (True, len(first + second) // 2)


async def test_a_transaction_that_never_ends_stops_nobody_else(device, monkeypatch):
    monkeypatch.setattr(draining, "WAIT_S", 0.05)
    await put(generated(device, STARTS, 0.5))
    async with database.transaction():
        await database.fetch("INSERT INTO device_clock VALUES (0, now(), 0, 1)")
        outside = asyncio.create_task(_elsewhere(drain))
        with pytest.raises(StillWriting):
            await outside

    assert (await marked(), await give_back(timedelta(0))) == ((0, 1), 1)
    assert (await drain(), await marked()) == (1, (0, 0))


async def _elsewhere(act):
    database.DB.current_transaction.set(None)  # a task inherits its starter's transaction
    return await act()


async def test_what_a_dead_worker_had_in_hand_is_taken_up(device):
    readings = generated(device, STARTS, 2)
    await put(readings)
    await take(10)

    assert await sweep_rollups({}) == 0
    await database.fetch("UPDATE taken_hour SET taken_at = taken_at - interval '6 minutes'")
    assert await sweep_rollups({}) > 0
    assert (await stored(device), await marked()) == (len(readings) // 2, (0, 0))


async def test_a_device_that_fails_does_not_stop_the_others(device, caplog):
    other = (await make_pilot_device()).number
    await put(generated(other, STARTS, 0.5))
    await put(generated(device, STARTS, 0.5))
    await database.fetch(
        "UPDATE pilot SET protocol = '{}' FROM pilot_device d "
        "WHERE d.pilot = pilot.id AND d.number = $1",
        other,
    )

    assert await drain() == 2
    assert (await stored(device) > 0, await stored(other), await marked()) == (True, 0, (0, 1))


async def test_the_worker_does_it(device):
    readings = generated(device, STARTS, 1)
    await put(readings)
    async with queue() as queued:
        await queued.flushdb()
        await queued.enqueue_job(NAME)
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()

    assert (await stored(device), await marked()) == (len(readings) // 2, (0, 0))
