from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal import database
from telemetry_ingest.consumer.checking import micros
from telemetry_ingest.consumer.reading import WHOLE
from telemetry_ingest.pages.refused import CURES, TO_DO
from telemetry_ingest.states import PilotState, Refusal
from telemetry_ingest.tables import Pilot
from tests.catalog.browsing import post
from tests.people import sign_in, vera, zoe
from tests.telemetry_ingest.consumer.devices import arrived, drop_days, readings
from tests.telemetry_ingest.consumer.test_replaying import refuse
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

COUNT = (
    "INSERT INTO device_refused (device, day, reason, field, messages) VALUES ($1, $2, $3, $4, $5)"
)
KEEP = (
    "INSERT INTO quarantine (id, device, subject, reason, field, digest, content, received_at)"
    " VALUES ($1, $2, 'pilots.x.readings', 'unknown_metric', '', $3, $4, now())"
)


async def world():
    """Return both sides, a running pilot and a unit of which something was refused."""
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING, started_at=datetime.now(UTC))
    unit = await make_unit(pilot, "SN-7")
    for reason, field, times in (("wrong_topic", "publish", 3), ("unknown_metric", "", 1200)):
        await database.fetch(COUNT, unit.number, date(2026, 3, 2), reason, field, times)
    await database.fetch(KEEP, uuid4(), unit.id, "a" * 64, b"1234567")
    return sides, pilot, unit


async def test_both_sides_read_what_was_refused_why_and_what_to_do(client):
    sides, pilot, _unit = await world()

    for who in (sides.host, sides.maker):
        await sign_in(client, who)
        text = (await client.get(f"/en/pilots/{pilot.id}/refused")).text
        found = [
            text.index(words)
            for words in ("1,200 times", "SAT_O2<", "1 message is kept", "3 times")
        ]
        assert found == sorted(found), "what came more often comes first"
        assert "A topic that the device may not use" in text


async def test_live_values_lead_to_what_was_refused(client):
    sides, pilot, unit = await world()
    await sign_in(client, sides.host)

    text = (await client.get(f"/en/pilots/{pilot.id}/live/{unit.id}")).text

    assert f'<a href="/en/pilots/{pilot.id}/refused">Refused 1,203 times: see why' in text
    assert (
        f'href="/en/pilots/{pilot.id}/refused"' in (await client.get(f"/en/pilots/{pilot.id}")).text
    )


async def test_a_pilot_of_which_nothing_was_refused_says_so(client):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING, started_at=datetime.now(UTC))
    await sign_in(client, sides.host)

    assert "Nothing was refused" in (await client.get(f"/en/pilots/{pilot.id}/refused")).text


async def test_nobody_else_reads_it(client):
    _sides, pilot, _unit = await world()
    await sign_in(client, await zoe())

    assert (await client.get(f"/en/pilots/{pilot.id}/refused")).status_code in {403, 404}


def test_every_refusal_has_advice():
    assert set(TO_DO) == set(Refusal)
    assert set(CURES) == WHOLE, "only these are kept, so only these can be played again"


@pytest.fixture
async def early(client):
    """A pilot that was agreed, whose unit sent three messages too early; the host is signed in."""
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.AGREED)
    unit = await make_unit(pilot, "SN-7")
    now = micros(datetime.now(UTC))
    sent = [arrived(unit.id, readings(seq, [97.0], at=now), received_us=now) for seq in range(3)]
    await refuse(*sent)
    await sign_in(client, sides.host)
    yield sides, pilot
    await drop_days()


def messages_of(pilot: Pilot, reason: str = "not_running") -> str:
    return f"/en/pilots/{pilot.id}/refused/messages?reason={reason}"


async def start(pilot: Pilot) -> None:
    await Pilot.update({Pilot.state: PilotState.RUNNING}).where(Pilot.id == pilot.id)


async def replayed(client, page: str, **typed: str):
    answer = await post(client, page, **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    return await client.get(page)


async def test_the_engineer_replays_one_message_and_then_the_rest(client, early):
    _sides, pilot = early
    page = messages_of(pilot)
    before = (await client.get(page)).text
    refused = await replayed(client, page, reason="not_running")
    await start(pilot)
    rows = await database.fetch("SELECT id FROM quarantine ORDER BY received_at, id")
    now = (await client.get(page)).text
    one = await replayed(client, page, reason="not_running", message=str(rows[0]["id"]))
    rest = await replayed(client, page, reason="not_running")
    again = await replayed(client, page, reason="not_running")

    assert "start it, then replay these messages" in before
    assert before.count("A replay would refuse it now: The pilot does not run") == 3
    assert refused.text.count("and refused again: The pilot does not run") == 3
    assert "a replay stores what was measured in its period" in now
    assert now.count("A replay would store it now") == 3
    assert "Replay 3 messages" in now
    assert [text.text.count("Stored by a replay on") for text in (one, rest, again)] == [1, 3, 3]
    assert "Replay" not in again.text.partition("pilot-refusals")[2].partition("</ul>")[0]
    stored = await database.fetch("SELECT count(*) AS n FROM reading")
    assert stored[0]["n"] == 3
    counted = (await client.get(f"/en/pilots/{pilot.id}/refused")).text
    assert "Replays stored 3 messages." in counted


async def test_only_who_runs_the_pilot_replays(client, early):
    sides, pilot = early
    for who, sees in ((sides.maker, 200), (await vera(), 200), (await zoe(), 403)):
        await sign_in(client, who)
        shown = await client.get(messages_of(pilot))
        answer = await post(client, f"/en/pilots/{pilot.id}/refused/messages", reason="not_running")
        assert (shown.status_code, answer.status_code) == (sees, 403)
        assert "<button>Replay" not in shown.text
    tried = await database.fetch("SELECT 1 FROM quarantine WHERE tried_at IS NOT NULL")
    assert tried == []


async def test_a_form_without_a_reason_replays_nothing(client, early):
    _sides, pilot = early
    answer = await post(client, f"/en/pilots/{pilot.id}/refused/messages", reason="nonsense")

    assert answer.status_code == 422
    assert "Say which refused messages to replay" in answer.text


async def test_what_cannot_be_cured_says_why(client, early):
    _sides, pilot = early
    await start(pilot)
    await database.fetch("UPDATE quarantine SET reason = 'time_out_of_range'")
    clock = (await client.get(messages_of(pilot, "time_out_of_range"))).text
    await Pilot.update({Pilot.state: PilotState.WITHDRAWN}).where(Pilot.id == pilot.id)
    withdrawn = (await client.get(messages_of(pilot, "time_out_of_range"))).text
    nothing = (await client.get(messages_of(pilot, "wrong_value"))).text

    assert "The time stands in the message and a replay does not change it" in clock
    assert "The pilot was withdrawn: it takes no readings" in withdrawn
    assert "The device has to send them again." in nothing
