from datetime import UTC, datetime, timedelta

from portal import database
from telemetry_ingest.live.today import midnight
from telemetry_ingest.queries.live import Last, Standing, devices, hours
from telemetry_ingest.queries.protocols import ranges
from telemetry_ingest.rollups.recompute import recompute
from telemetry_ingest.states import Condition, PilotState
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.protocols import protocol
from tests.telemetry_ingest.readings import PULSE, SPO2, say, store_readings

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PLAN = ranges(protocol())


async def test_a_fleet_is_read_in_one_statement_however_large(db, statements):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    now = datetime.now(UTC)
    for number in range(3):
        unit = await make_unit(pilot, f"SN-{number}")
        await store_readings(unit.number, now - 10 * SECOND, [97.0, None, 98.0])
    statements.clear()

    found = await devices(pilot.id, PLAN, midnight(now), now)

    assert len(statements) == 1
    assert [(one.serial, one.last[SPO2].value, one.missing) for one in found] == [
        ("SN-0", 98.0, 0), ("SN-1", 98.0, 0), ("SN-2", 98.0, 0),
    ]  # fmt: skip
    assert await devices(pilot.id, PLAN, midnight(now), now, only=unit.id) == [found[2]]


async def test_the_last_value_may_be_a_failed_measurement_and_lost_numbers_are_counted(db):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    unit, now = await make_unit(pilot, firmware="1.0"), datetime.now(UTC)
    await store_readings(unit.number, now - 60 * SECOND, [97.0, 97.5], first=0)
    await store_readings(unit.number, now - 30 * SECOND, [None], first=5)
    await say(unit.number, "up", now - 50 * SECOND, firmware="1.1")
    await say(unit.number, "partial", now - 40 * SECOND, seq=1)

    [one] = await devices(pilot.id, PLAN, midnight(now - 60 * SECOND), now)

    assert one.last == {SPO2: Last(SPO2, now - 30 * SECOND, None)}
    assert (one.missing, one.stored, one.condition, one.firmware) == (
        3,
        3,
        Condition.PARTIAL,
        "1.0",
    )
    assert (one.seen_at, one.alarms) == (now - 30 * SECOND, 0)


async def test_silence_is_unknown_whatever_the_device_said_before(db):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    now = datetime.now(UTC)
    quiet = await make_unit(pilot, "SN-1")
    never = await make_unit(pilot, "SN-2")
    await store_readings(quiet.number, now - 10 * SECOND, [97.0])
    await say(quiet.number, "down", now - 10 * SECOND)
    gone = await make_unit(pilot, "SN-3", revoked_at=now)

    found = await devices(pilot.id, PLAN, midnight(now), now)

    assert {one.id for one in found} == {quiet.id, never.id, gone.id}
    assert [one.standing(now, 150) for one in found] == [
        Standing.DOWN, Standing.NEVER, Standing.REVOKED,
    ]  # fmt: skip
    assert found[0].standing(now + 200 * SECOND, 150) == Standing.SILENT


async def test_an_alarm_that_ended_does_not_last(db):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    unit, now = await make_unit(pilot), datetime.now(UTC)
    await database.fetch(
        "INSERT INTO device_alarm SELECT $1, $2::timestamptz - s * interval '1 second', 1, 10 - s,"
        " code, 'high', active FROM (VALUES (9, 1, true), (8, 2, true), (7, 1, false))"
        " AS x(s, code, active)",
        unit.number,
        now,
    )

    [one] = await devices(pilot.id, PLAN, midnight(now), now)

    assert one.alarms == 1


async def test_hours_come_from_roll_ups_or_else_from_the_readings_and_say_the_same(db):
    sides = await two_sides()
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - 3 * HOUR
    pilot = await make_pilot(
        sides, PilotState.RUNNING, protocol={"starts_at": start, "ends_at": start + 100 * HOUR}
    )
    unit = await make_unit(pilot)
    await store_readings(unit.number, start, [96.0, None, 98.0])
    await store_readings(unit.number, start, [60.0], metric=PULSE, boot=2)
    raw = await hours([unit.number], [SPO2, PULSE], start - HOUR, start + 2 * HOUR)

    await recompute(unit.number, start)
    await database.fetch("DELETE FROM reading")
    rolled = await hours([unit.number], [SPO2, PULSE], start - HOUR, start + 2 * HOUR)

    [one] = raw[unit.number, SPO2]
    assert (one.start, one.n, one.failed, one.low, one.high, one.mean) == (
        start, 2, 1, 96.0, 98.0, 97.0,
    )  # fmt: skip
    assert set(raw) == {(unit.number, SPO2), (unit.number, PULSE)}
    assert rolled == raw
