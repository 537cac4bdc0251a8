from datetime import UTC, datetime, timedelta

import pytest

from portal import database
from telemetry_ingest.queries.windows import WINDOWS, measured
from telemetry_ingest.rollups.recompute import recompute
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import PULSE, SPO2, store_readings

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize("name", ["15m", "24h", "7d", "90d"])
async def test_a_window_says_what_was_measured_whether_or_not_there_are_roll_ups(db, name):
    window = WINDOWS[name]
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    since = hour if name == "15m" else hour - 2 * HOUR
    pilot = await make_pilot(
        await two_sides(),
        PilotState.RUNNING,
        protocol={"starts_at": hour - 24 * HOUR, "ends_at": hour + 24 * HOUR},
    )
    unit = await make_unit(pilot)
    await store_readings(unit.number, hour, [96.0, None, 98.0, 97.0])
    await store_readings(unit.number, hour, [60.0], metric=PULSE, boot=2)

    raw = await measured(unit.number, [SPO2, PULSE], window, since, hour + HOUR)
    await recompute(unit.number, hour)
    rolled = await measured(unit.number, [SPO2, PULSE], window, since, hour + HOUR)

    [one] = raw[SPO2]
    assert (one.n, one.failed, one.low, one.high, one.mean) == (3, 1, 96.0, 98.0, 97.0)
    assert one.start == (since if name == "90d" else hour)
    assert [each.mean for each in raw[PULSE]] == [60.0]
    assert rolled == raw


async def test_what_came_late_is_seen_before_its_roll_ups_are_counted_again(db):
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    pilot = await make_pilot(
        await two_sides(),
        PilotState.RUNNING,
        protocol={"starts_at": hour - 24 * HOUR, "ends_at": hour + 24 * HOUR},
    )
    unit = await make_unit(pilot)
    await store_readings(unit.number, hour, [96.0])
    await recompute(unit.number, hour)
    await store_readings(unit.number, hour + SECOND, [98.0], first=1)
    await database.fetch("INSERT INTO dirty_hour VALUES ($1, $2)", unit.number, hour)

    found = await measured(unit.number, [SPO2], WINDOWS["24h"], hour, hour + HOUR)

    assert [(one.n, one.mean) for one in found[SPO2]] == [(2, 97.0)]
