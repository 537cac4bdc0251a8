from uuid import uuid4

from telemetry_ingest.queries.pilots import (
    count_of,
    devices_of,
    pilot,
    pilot_device,
    pilots_of,
    recorded_pilots,
)
from telemetry_ingest.states import PilotState
from telemetry_ingest.tables import PilotMove
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides


async def test_a_pilot_is_read_with_its_protocol_its_sides_and_its_moves(db):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await PilotMove(
        pilot=row.id, move="agree", organisation_id=sides.host_id, actor=sides.by_host.label
    ).save()

    one = await pilot(row.id)

    assert one is not None
    assert (one.device_name, one.owner_name, one.host_name, one.site) == (
        "Oxymètre de pouls", "Atlas Dispositifs (fictif)", "CHU des Orangers (fictif)",
        "Réanimation",
    )  # fmt: skip
    assert (one.organisation_id, one.owner_agreed, one.host_agreed) == (sides.host_id, True, True)
    assert one.protocol.title == "Oxymètre de pouls (essai)"
    assert [(move.move, move.organisation_id) for move in one.moves] == [("agree", sides.host_id)]
    assert one.other_side(sides.host_id) == sides.owner_id
    assert await pilot(uuid4()) is None


async def test_pilots_are_listed_for_either_side_and_for_all(db):
    sides = await two_sides()
    first, second = await make_pilot(sides), await make_pilot(sides)

    for one in (sides.owner_id, sides.host_id):
        assert [each.id for each in await pilots_of([one])] == [second.id, first.id]
    assert await pilots_of([uuid4()]) == []
    assert len(await pilots_of(None, limit=1)) == 1
    assert [await count_of([sides.host_id]), await count_of(None), await count_of([])] == [2, 2, 0]
    assert [one.id for one in await recorded_pilots([str(first.id), "?"])] == [first.id]


async def test_devices_say_nothing_of_their_token_but_when(db):
    sides = await two_sides()
    row = await make_pilot(sides)
    unit = await make_unit(row, token_hash=b"\1" * 32)

    found = await devices_of(row.id)

    assert [(one.serial, one.last_seen_at, one.revoked_at) for one in found] == [
        ("SN-001", None, None)
    ]
    assert await pilot_device(unit.id) == found[0]
    assert "token_hash" not in dir(found[0])
    assert (await pilot(row.id)).devices == 1
