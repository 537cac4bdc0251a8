from datetime import date

from portal import database
from telemetry_ingest.queries.refused import Counted, counted_of
from telemetry_ingest.states import PilotState, Refusal
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

COUNT = (
    "INSERT INTO device_refused (device, day, reason, field, messages) VALUES ($1, $2, $3, '', 2)"
)


async def test_days_are_added_up_and_other_pilots_left_out(db):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    other = await make_pilot(sides, PilotState.RUNNING)
    unit, foreign = await make_unit(pilot, "SN-1"), await make_unit(other, "SN-2")
    for number in (unit.number, foreign.number):
        for day in (date(2026, 3, 1), date(2026, 3, 2)):
            await database.fetch(COUNT, number, day, "wrong_topic")

    assert await counted_of(pilot.id) == [
        Counted(unit.id, "SN-1", Refusal.WRONG_TOPIC, "", 4, date(2026, 3, 2), 0, 0)
    ]
