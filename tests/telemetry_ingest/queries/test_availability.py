"""States of a device: what it said and whether it was heard; readings and roll-ups agree."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import database
from telemetry_ingest import protocol as protocols
from telemetry_ingest.cold.freezing import Outcome, freeze
from telemetry_ingest.queries.availability import intervals, totals
from telemetry_ingest.queries.protocols import code_of, leading, ranges
from telemetry_ingest.queries.series import Grain, grain_for, hours, readings, shown
from telemetry_ingest.rollups.conditions import Piece, State, pieces, said, seconds, service
from telemetry_ingest.rollups.draining import drain
from telemetry_ingest.rollups.uptime import SECOND, covered
from telemetry_ingest.states import Condition
from tests.telemetry_ingest.consumer.devices import (
    SPO2,
    drop_days,
    make_pilot,
    make_pilot_device,
)
from tests.telemetry_ingest.protocols import STARTS, protocol
from tests.telemetry_ingest.rollups.days import generated, put

HOUR = timedelta(hours=1)
SILENCE = 150 * SECOND


async def says(device: int, *statuses: tuple[timedelta, Condition]) -> None:
    for seq, (after, state) in enumerate(statuses):
        await database.fetch(
            "INSERT INTO device_status VALUES ($1, $2, 1, $3, $4)",
            device, STARTS + after, seq, state,
        )  # fmt: skip


async def beats(device: int, *stretches: tuple[float, float]) -> None:
    """Store one reading a minute in stretches of hours after the start."""
    minutes = [
        STARTS + timedelta(minutes=minute)
        for first, last in stretches
        for minute in range(int(first * 60), int(last * 60) + 1)
    ]
    await put([(device, SPO2, at, 1, seq, 97.0) for seq, at in enumerate(minutes)])


async def states(device: int, until: float) -> list[tuple[float, float, str]]:
    found = await intervals(device, STARTS, STARTS + until * HOUR)
    return [((one.start - STARTS) / HOUR, (one.end - STARTS) / HOUR, one.state) for one in found]


async def test_silence_is_unknown_and_never_down(device):
    await beats(device, (0, 2), (3, 4))

    assert await states(device, 5) == [
        (0, 2, "up"), (2, 3, "unknown"), (3, 4, "up"), (4, 5, "unknown"),
    ]  # fmt: skip


async def test_a_device_that_says_it_is_down_is_down_until_it_says_otherwise(device):
    await beats(device, (0, 2), (3, 6))
    await says(
        device,
        (1.5 * HOUR, Condition.DOWN),
        (4 * HOUR, Condition.PARTIAL),
        (5 * HOUR, Condition.UP),
    )

    assert await states(device, 7) == [
        (0, 1.5, "up"), (1.5, 4, "down"), (4, 5, "partial"), (5, 6, "up"), (6, 7, "unknown"),
    ]  # fmt: skip


async def test_only_the_covered_hours_of_the_protocol_count(db):
    agreed = protocol(daily_from=8, daily_to=10)
    pilot = await make_pilot(protocol=protocols.written(agreed).decode())
    device = (await make_pilot_device(pilot)).number
    await beats(device, (7, 9), (9.5, 34))
    await drain()

    assert await states(device, 36) == [
        (8, 9, "up"), (9, 9.5, "unknown"), (9.5, 10, "up"), (32, 34, "up"),
    ]  # fmt: skip
    found = await totals(device, STARTS - HOUR, STARTS + 36 * HOUR)
    assert found == {"up": 3.5 * 3600, "partial": 0, "down": 0, "unknown": 1800}
    await drop_days()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("first", "last"), [(0, 72), (0.3, 50.7), (5.1, 5.9), (23, 49)])
async def test_roll_ups_and_readings_agree(device, seed, first, last):
    await put(generated(device, STARTS, 70, every_s=60, seed=seed))
    await says(
        device, (9.2 * HOUR, Condition.DOWN), (11.7 * HOUR, Condition.PARTIAL),
        (30.1 * HOUR, Condition.UP), (48.5 * HOUR, Condition.DOWN), (49 * HOUR, Condition.UP),
    )  # fmt: skip
    await drain()
    window = STARTS + first * HOUR, STARTS + last * HOUR
    found = await intervals(device, *window)
    raw = {state: sum(one.seconds for one in found if one.state is state) for state in State}

    assert await totals(device, *window) == pytest.approx(raw, abs=1e-5)
    assert sum(raw.values()) == pytest.approx((last - first) * 3600)


async def test_days_in_files_count_as_those_in_the_database(device):
    made = generated(device, STARTS, 60, every_s=60)
    await put(made)
    await drain()
    window = STARTS, STARTS + 60 * HOUR
    before = [await intervals(device, *window), await readings(device, SPO2, *window, 10_000)]
    extremes = await readings(device, SPO2, *window, 100)
    assert await freeze(STARTS.date() + timedelta(days=1)) is Outcome.MOVED
    # A late reading that its file has as well is there once.
    day = STARTS.date() + timedelta(days=1)
    await put([next(one for one in made if one[1] == SPO2 and one[2].date() == day)])

    assert [
        await intervals(device, *window), await readings(device, SPO2, *window, 10_000),
    ] == before  # fmt: skip
    assert len(before[1]) == len(made) // 2
    values = [one.value for one in before[1] if one.value is not None]
    thin = [one.value for one in extremes if one.value is not None]
    assert (len(extremes) <= 100, min(thin), max(thin)) == (True, min(values), max(values))
    assert isinstance(day, date)


async def test_a_window_is_shown_in_what_its_width_allows(device):
    await put(generated(device, STARTS, 60, every_s=60))
    await drain()
    grains = [
        (await shown(device, SPO2, STARTS, STARTS + width))[0]
        for width in (5 * HOUR, 40 * HOUR, 1000 * HOUR, 3000 * HOUR)
    ]

    assert grains == [Grain.READING, Grain.MINUTE, Grain.HOUR, Grain.DAY]
    assert grain_for(6 * HOUR) is Grain.READING
    found = await hours(device, SPO2, STARTS, STARTS + 2 * HOUR)
    assert [one.start for one in found] == [STARTS, STARTS + HOUR]
    assert sum(found[0].rollup.bins) == found[0].rollup.n


async def test_nobody_knows_a_device_without_a_pilot(db):
    assert await intervals(4711, STARTS, STARTS + HOUR) == []
    assert set((await totals(4711, STARTS, STARTS + HOUR)).values()) == {0.0}


MOMENTS = st.lists(st.integers(0, 48 * 3600), max_size=40).map(
    lambda found: [round(STARTS.timestamp() + one) * SECOND for one in sorted(found)]
)


@given(
    MOMENTS, st.lists(st.tuples(st.integers(0, 48 * 3600), st.sampled_from(Condition)), max_size=6)
)
def test_every_moment_of_the_covered_hours_has_one_state(times, statuses):
    start, end = round(STARTS.timestamp()) * SECOND, round(STARTS.timestamp() + 48 * 3600) * SECOND
    served = list(service(protocol(daily_from=6, daily_to=20), start, end))
    told = [(start + after * SECOND, state) for after, state in sorted(statuses)]
    found = pieces(said(told, start, end), list(covered(times, SILENCE)), served)

    assert sum(seconds(found).values()) == 28 * 3600
    assert found == sorted(found, key=lambda one: one.start)
    assert all(
        before.end < after.start or before.state is not after.state
        for before, after in pairwise(found)
    )


def test_the_leading_metric_is_the_one_that_comes_most_often():
    agreed = protocol()

    assert code_of(leading(agreed.watched)) == ranges(agreed)[0].metric == SPO2
    assert Piece(0, 1, State.UP) == Piece(0, 1, State.UP)
