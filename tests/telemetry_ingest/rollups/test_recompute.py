"""Roll-ups in SQL beside those of the pure kernel, on the real database."""

import dataclasses
from datetime import timedelta

import pytest

from portal import database
from telemetry_ingest.rollups.recompute import days_of, floor, recompute, recompute_hours, stretches
from telemetry_ingest.rollups.summing import Rollup
from tests.telemetry_ingest.consumer.devices import drop_days, make_pilot_device
from tests.telemetry_ingest.rollups.days import (
    RANGES,
    STARTS,
    expected,
    generated,
    put,
    rollups,
)

HOUR = timedelta(hours=1)
LENGTHS = {"rollup_minute": timedelta(minutes=1), "rollup_hour": HOUR, "rollup_day": 24 * HOUR}


@pytest.fixture
async def device(db):
    yield (await make_pilot_device()).number
    await drop_days()


def exact(one: Rollup, *, bins: bool) -> tuple[object, ...]:
    return one.n, one.failed, one.implausible, one.low, one.high, one.bins if bins else ()


def sums(one: Rollup) -> tuple[float, ...]:
    return one.sum, one.squares, one.up_s


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("table", LENGTHS)
async def test_sql_and_kernel_say_the_same(device, seed, table):
    readings = generated(device, STARTS - HOUR, 8, seed=seed)
    await put(readings)
    await recompute_hours(device, sorted({floor(one[2], HOUR) for one in readings}))

    for range_ in RANGES:
        found = await rollups(table, device, range_.metric)
        assert found
        bins = table != "rollup_minute"
        meant = {at: expected(readings, range_, at, LENGTHS[table]) for at in found}
        assert {at: exact(one, bins=bins) for at, one in found.items()} == {
            at: exact(one, bins=bins) for at, one in meant.items()
        }
        assert [sums(one) for one in found.values()] == [
            pytest.approx(sums(one)) for one in meant.values()
        ]
        assert sum(one.readings for one in found.values()) == len(readings) // 2


async def test_counting_again_changes_nothing(device):
    await put(generated(device, STARTS, 2))
    first = []
    for _ in range(2):
        await recompute_hours(device, [STARTS, STARTS + HOUR])
        first.append([await rollups(table, device, RANGES[0].metric) for table in LENGTHS])

    assert first[0] == first[1]


async def test_a_late_reading_restates_its_hour_and_what_it_bridges(device):
    borders = [(STARTS + HOUR - timedelta(seconds=100)), STARTS + HOUR + timedelta(seconds=100)]
    pair = [(device, RANGES[0].metric, at, 1, seq, 97.0) for seq, at in enumerate(borders)]
    await put(pair)
    await recompute_hours(device, [STARTS, STARTS + HOUR])
    silent = {at: one.up_s for at, one in (await rollups("rollup_hour", device, 150456)).items()}
    await put([(device, RANGES[0].metric, STARTS + HOUR, 1, 2, 98.0)])
    await recompute(device, STARTS + HOUR)
    found = await rollups("rollup_hour", device, RANGES[0].metric)

    assert silent == {STARTS: 0, STARTS + HOUR: 0}
    assert {at: (one.n, one.up_s) for at, one in found.items()} == {
        STARTS: (1, 100), STARTS + HOUR: (2, 100),
    }  # fmt: skip
    day = (await rollups("rollup_day", device, RANGES[0].metric))[STARTS]
    assert dataclasses.astuple(day)[:3] == (3, 0, 0)
    assert day.up_s == 200


async def test_a_device_that_nobody_knows_has_no_roll_ups(db):
    await recompute(999, STARTS)

    assert await database.fetch("SELECT * FROM rollup_hour") == []


def test_stretches_reach_as_far_as_the_silence_and_join():
    hours = [STARTS + 9 * HOUR, STARTS, STARTS + HOUR]

    assert list(stretches(hours, 150)) == [
        (STARTS - HOUR, STARTS + 3 * HOUR),
        (STARTS + 8 * HOUR, STARTS + 11 * HOUR),
    ]
    assert list(stretches([STARTS], 7200)) == [(STARTS - 2 * HOUR, STARTS + 3 * HOUR)]
    assert [day.day for day in days_of(STARTS - HOUR, STARTS + HOUR)] == [28, 1]
