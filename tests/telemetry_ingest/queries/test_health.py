"""What the database says of telemetry as a whole."""

from datetime import UTC, datetime, timedelta

from portal import database
from telemetry_ingest.queries import health
from telemetry_ingest.states import PilotState, Refusal
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import store_readings


async def world():
    """A running pilot with one unit that lost 3 of 6 readings, and a silent one."""
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    closed = await make_pilot(sides, PilotState.CLOSED)
    unit, silent = await make_unit(pilot, "SN-1"), await make_unit(pilot, "SN-2")
    other = await make_unit(closed, "SN-3")
    at = datetime.now(UTC) - timedelta(seconds=20)
    for one in (unit, other):
        await store_readings(one.number, at, [1.0, 2.0])
        await store_readings(one.number, at + timedelta(seconds=5), [3.0], first=5)
    return unit, silent


async def refuse(device: int, reason: str, field: str, messages: int, *, days_ago: int = 0):
    await database.fetch(
        "INSERT INTO device_refused VALUES ($1, (now() AT TIME ZONE 'UTC')::date - $2::int,"
        " $3, $4, $5)",
        device, days_ago, reason, field, messages,
    )  # fmt: skip


async def test_only_running_pilots_are_in_the_ledger(db):
    await world()

    seen = await health.kept_now(90)

    assert (seen.expected, seen.missing, seen.devices, seen.silent_devices) == (6, 3, 2, 1)


async def test_refusals_by_reason_and_what_the_broker_threw_away(db):
    unit, _silent = await world()
    await refuse(unit.number, "wrong_topic", "publish", 4)
    await refuse(unit.number, "wrong_topic", "subscribe", 2)
    await refuse(unit.number, "not_running", "", 5, days_ago=9)

    seen = await health.kept_now(90)

    assert seen.refused == {Refusal.WRONG_TOPIC: 6, Refusal.NOT_RUNNING: 5}
    assert seen.lately == {Refusal.WRONG_TOPIC: 6}
    assert (seen.thrown_away, seen.violations) == (4, 6)


async def test_upkeep_is_counted(db):
    today = datetime.now(UTC).date()
    for ahead in (1, 2):
        await database.fetch("SELECT telemetry_day($1)", today + timedelta(days=ahead))
    await database.fetch("SELECT telemetry_day($1)", today - timedelta(days=93))
    await database.fetch("INSERT INTO dirty_hour VALUES (1, now()), (2, now())")
    await database.fetch("INSERT INTO taken_hour VALUES (1, now(), now() - interval '20 minutes')")
    seen = await health.kept_now(90)
    await database.fetch("DROP TABLE " + f"reading_{today - timedelta(days=93):%Y%m%d}")
    await database.fetch("TRUNCATE dirty_hour, taken_hour")

    assert (seen.days_ahead >= 2, seen.overdue_days, seen.dirty_hours) == (True, 1, 2)
    assert (seen.taken_hours, seen.taken_s > 1190) == (1, True)


async def test_devices_with_something_to_look_at_come_first(db):
    unit, silent = await world()

    first, second = await health.fleet(10)

    assert (first.id, first.expected, first.missing, first.title) == (unit.id, 6, 3, second.title)
    assert (second.id, second.last_at) == (silent.id, None)
    assert await health.fleet(1, 1) == [second]
