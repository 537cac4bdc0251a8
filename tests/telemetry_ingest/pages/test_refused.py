from datetime import UTC, date, datetime
from uuid import uuid4

from portal import database
from telemetry_ingest.pages.refused import TO_DO
from telemetry_ingest.states import PilotState, Refusal
from tests.people import sign_in, zoe
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
