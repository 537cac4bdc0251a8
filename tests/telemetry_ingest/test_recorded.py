"""The audit's words for pilots."""

from portal.permissions import Actor
from telemetry_ingest.recorded import EVENTS, pilots
from tests.people import zoe
from tests.telemetry_ingest.pilots import make_pilot, two_sides


async def test_the_audit_names_pilots_to_those_who_may_see_them(db):
    sides = await two_sides()
    row = await make_pilot(sides)
    stranger = Actor(person_id=(await zoe()).id)

    seen = await pilots([str(row.id)], sides.by_host)

    assert [(one.name, one.route) for one in seen.values()] == [
        ("Oxymètre de pouls (essai)", "pilots.one")
    ]
    assert await pilots([str(row.id)], stranger) == {}
    assert "pilot.proposed" in EVENTS
