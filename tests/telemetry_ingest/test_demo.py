"""The demonstration's pilot is loaded once, whatever happens to it afterwards."""

from catalog.demo.loading import load_demo as load_catalogue
from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest.actions.devices import rotate
from telemetry_ingest.demo import PILOT, UNIT, load_demo
from telemetry_ingest.protocol import digest
from telemetry_ingest.queries.pilots import devices_of, pilot
from telemetry_ingest.states import PilotState


async def test_the_demonstration_has_a_pilot_that_both_sides_agreed_to(db):
    await load_catalogue()

    await load_demo()
    await rotate(UNIT, token_number=0, actor=SYSTEM)
    await load_demo()

    one = await pilot(PILOT)
    assert (one.state, one.owner_agreed, one.host_agreed) == (PilotState.RUNNING, True, True)
    assert one.protocol_digest == digest(one.protocol)
    assert [move.move for move in one.moves] == ["agree", "agree", "start"]
    assert [(each.serial, each.token_number) for each in await devices_of(PILOT)] == [
        ("DEMO-OX2-001", 1)
    ]
    events = await database.fetch(
        "SELECT event FROM audit_record WHERE subject_kind = 'pilot' ORDER BY event"
    )
    assert len(events) == 2
