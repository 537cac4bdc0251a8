"""Playing refused messages again: what comes of each, twice, by two at once, with faults."""

import asyncio
import json

from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest.consumer.commands import line, summary
from telemetry_ingest.consumer.quarantine import Which, kept
from telemetry_ingest.consumer.replaying import Replayed, outlooks, replay
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.tables import Pilot
from telemetry_ingest.wire.subjects import subject_of
from tests.telemetry_ingest.consumer.devices import (
    NOW,
    SPO2,
    arrived,
    make_pilot,
    make_pilot_device,
    moment,
    readings,
    refuse,
)

PUT = (
    "INSERT INTO quarantine (id, device, subject, reason, field, digest, content, received_at)"
    " VALUES (gen_random_uuid(), $1, $2, 'not_storable', '', $3, $4, $5)"
)


async def start(pilot: Pilot) -> None:
    await Pilot.update({Pilot.state: PilotState.RUNNING}).where(Pilot.id == pilot.id)


async def stored() -> list[tuple[int, float]]:
    rows = await database.fetch("SELECT seq, value FROM reading ORDER BY seq")
    return [(row["seq"], row["value"]) for row in rows]


async def recorded() -> list[dict[str, int]]:
    rows = await database.fetch(
        "SELECT details FROM audit_record WHERE event = 'quarantine.replayed' ORDER BY at"
    )
    return [json.loads(row["details"]) for row in rows]


async def test_what_came_too_early_is_played_once_the_pilot_runs(clean):
    pilot = await make_pilot(PilotState.AGREED)
    one = await make_pilot_device(pilot)
    await refuse(arrived(one.id, readings(0, [97.0, 98.0])), arrived(one.id, b"nothing of ours"))
    early = await replay(Which(), SYSTEM)
    [tried] = await kept(Which(reason=Refusal.NOT_RUNNING))
    await start(pilot)

    found, again = await replay(Which(device=one.id), SYSTEM), await replay(Which(), SYSTEM)

    assert (early, found, again) == (Replayed(0, 1, 0), Replayed(1, 0, 2), Replayed(0, 0, 0))
    rows = await database.fetch("SELECT at, seq, value FROM reading ORDER BY seq")
    assert [tuple(row) for row in rows] == [
        (moment(NOW), 0, 97.0),
        (moment(NOW + 1_000_000), 1, 98.0),
    ]
    # As if it had been accepted when it came.
    clock = await database.fetch("SELECT minute, offset_us, messages FROM device_clock")
    assert [tuple(row) for row in clock] == [(moment(NOW), 0, 1)]
    # What came of each is written beside it, and who asked stands in the audit.
    [after] = await kept(Which(reason=Refusal.NOT_RUNNING))
    assert (tried.again, tried.replayed_at) == (Refusal.NOT_RUNNING, None)
    assert (after.again, after.replayed_at) == (None, after.tried_at)
    assert line(tried).endswith("kept, refused again: not_running")
    assert await recorded() == [{"refused": 1, "stored": 0}, {"refused": 0, "stored": 1}]


async def test_a_message_that_is_refused_in_part_stays(clean):
    one = await make_pilot_device()
    await refuse(
        arrived(one.id, {"boot": 1, "seq": 0, "sent": NOW, "readings": [
            [NOW, SPO2, 97.0], [NOW, 147842, 60.0]]})
    )  # fmt: skip

    assert await replay(Which(reason=Refusal.UNKNOWN_METRIC), SYSTEM) == Replayed(0, 1, 0)


async def test_what_the_protocol_has_of_a_message_that_came_too_early_is_stored(clean):
    pilot = await make_pilot(PilotState.AGREED)
    one = await make_pilot_device(pilot)
    await refuse(
        arrived(one.id, {"boot": 1, "seq": 0, "sent": NOW, "readings": [
            [NOW, SPO2, 97.0], [NOW, 147842, 60.0]]})
    )  # fmt: skip
    await start(pilot)

    found, again = await replay(Which(), SYSTEM), await replay(Which(), SYSTEM)

    assert (found, again) == (Replayed(0, 1, 1), Replayed(0, 1, 0))
    assert await stored() == [(0, 97.0)]
    [after] = await kept(Which())
    assert (after.reason, after.again) == (Refusal.NOT_RUNNING, Refusal.UNKNOWN_METRIC)


async def test_only_what_is_meant_is_played(clean):
    pilot, other = await make_pilot(PilotState.AGREED), await make_pilot(PilotState.AGREED)
    one, foreign = await make_pilot_device(pilot), await make_pilot_device(other)
    await refuse(
        arrived(one.id, readings(0, [97.0])), arrived(one.id, readings(1, [98.0])),
        arrived(foreign.id, readings(0, [50.0])),
    )  # fmt: skip
    await start(pilot)
    await start(other)
    first, _second = await kept(Which(pilot=pilot.id))

    # Another pilot's message is nobody's business here, whatever the form said.
    wrong = await replay(Which(pilot=other.id, message=first.id), SYSTEM)
    alone = await replay(Which(pilot=pilot.id, message=first.id), SYSTEM)
    rest = await replay(Which(pilot=pilot.id), SYSTEM)

    assert [one.accepted for one in (wrong, alone, rest)] == [0, 1, 1]
    assert await stored() == [(0, 97.0), (1, 98.0)]


async def test_two_at_once_store_each_message_once_and_say_so_once(clean):
    pilot = await make_pilot(PilotState.AGREED)
    one = await make_pilot_device(pilot)
    await refuse(*(arrived(one.id, readings(seq, [97.0])) for seq in range(450)))
    await start(pilot)

    found = await asyncio.gather(*(replay(Which(pilot=pilot.id), SYSTEM) for _ in range(2)))

    assert sum(each.accepted for each in found) == sum(each.readings for each in found) == 450
    assert [each.refused for each in found] == [0, 0]
    assert sum(each["stored"] for each in await recorded()) == 450
    assert len(await stored()) == 450


async def test_a_replay_that_has_to_stop_goes_on_where_it_was(clean):
    one = await make_pilot_device(await make_pilot(PilotState.AGREED))
    await refuse(*(arrived(one.id, readings(seq, [97.0])) for seq in range(250)))

    first = await replay(Which(), SYSTEM, patience_s=0)
    untried = await database.fetch("SELECT count(*) AS n FROM quarantine WHERE tried_at IS NULL")
    second = await replay(Which(), SYSTEM, patience_s=0)

    assert (first.refused, first.unfinished, untried[0]["n"]) == (200, True, 50)
    # Those that nobody tried come first, whatever the first ones were refused for.
    assert (second.refused, second.unfinished) == (200, True)
    left = await database.fetch("SELECT count(*) AS n FROM quarantine WHERE tried_at IS NULL")
    assert left[0]["n"] == 0


async def test_one_message_that_the_database_refuses_holds_up_no_other(clean):
    one = await make_pilot_device()
    subject = subject_of(one.id, Topic.READINGS)
    for seq in range(4):
        body = json.dumps(readings(seq, [97.0 + seq])).encode()
        await database.fetch(PUT, one.id, subject, str(seq) * 64, body, moment(NOW))
    await database.fetch(
        "ALTER TABLE device_ledger ADD CONSTRAINT fault CHECK (NOT stored @> 2::bigint)"
    )
    try:
        found = await replay(Which(), SYSTEM)
    finally:
        await database.fetch("ALTER TABLE device_ledger DROP CONSTRAINT fault")
    mended = await replay(Which(), SYSTEM)

    assert (found, mended) == (Replayed(3, 1, 3), Replayed(1, 0, 1))
    assert [seq for seq, _value in await stored()] == [0, 1, 2, 3]


async def test_what_a_replay_would_do_is_known_before(clean):
    pilot = await make_pilot(PilotState.AGREED)
    one = await make_pilot_device(pilot)
    await refuse(arrived(one.id, readings(0, [97.0])))
    [held] = await kept(Which())
    before = await outlooks(pilot.id, [held])
    await start(pilot)

    assert before + await outlooks(pilot.id, [held]) == [Refusal.NOT_RUNNING, None]


def test_a_replay_is_said_in_words():
    assert summary(Replayed(2, 1, 30)) == (
        "Accepted: 2 messages with 30 new readings. Still refused: 1."
    )
