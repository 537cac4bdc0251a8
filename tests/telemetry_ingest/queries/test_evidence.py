"""Packs by pilot and by head; what came after one."""

from portal import database
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.evidence.observed import Numbers, Unit
from telemetry_ingest.queries.evidence import come_since, held, newest_pack, pack_with
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides


async def test_the_newest_pack_and_each_by_its_head(db):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    assert (await newest_pack(row.id), await pack_with("a" * 64)) == (None, None)
    for name in "ab":
        await keep_pack(row.id, name.encode(), name * 64, actor=sides.by_host)

    newest, first = await newest_pack(row.id), await pack_with("a" * 64)

    assert (newest.number, newest.content, newest.pilot_id) == (2, b"b", row.id)
    assert (first.number, first.content) == (1, b"a")


async def test_what_came_since_is_counted_by_device_topic_and_boot(db):
    row = await make_pilot(await two_sides(), PilotState.CLOSED)
    numbers = [(await make_unit(row, serial)).number for serial in ("A", "B")]
    then = [
        Unit(numbers[0], "A", "", False, ledger=(Numbers(1, 1, ((0, 5), (7, 10))),)),
        Unit(numbers[1], "B", "", False),
    ]
    assert await come_since(row.id, held(then)) == 0
    for device, topic, boot, stored in (
        (numbers[0], 1, 1, "{[0,5),[7,10)}"),
        (numbers[0], 1, 2, "{[0,4)}"),
        (numbers[1], 3, 1, "{[2,3)}"),
    ):
        await database.fetch(
            "INSERT INTO device_ledger VALUES ($1, $2, $3, $4::text::int8multirange, now(), now(),"
            " now())",
            device, topic, boot, stored,
        )  # fmt: skip

    assert await come_since(row.id, held(then)) == 5
