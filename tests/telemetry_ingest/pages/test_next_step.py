"""What a person reads as the next step of a pilot, on its page, in each state."""

from datetime import UTC, datetime, timedelta

from portal.permissions import Role
from telemetry_ingest.actions.pilots import agree
from telemetry_ingest.states import PilotState
from tests.people import make_member, organisation_of, post, sign_in
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

TOKEN = {"token_hash": b"\1" * 32, "token_number": 1}


async def said(client, person, row) -> str:
    client.cookies.clear()
    await sign_in(client, person)
    return (await client.get(f"/en/pilots/{row.id}")).text


async def test_from_the_proposal_to_the_evidence(client):
    sides = await two_sides()
    over = datetime.now(UTC) - timedelta(days=1)
    past = {"starts_at": over - timedelta(days=9), "ends_at": over}
    cases = [
        (PilotState.PROPOSED, {}, "If it is right, agree to it for your organisation."),
        (PilotState.AGREED, {}, "Enrol the first device"),
        (PilotState.RUNNING, {}, "The pilot runs until"),
        (PilotState.RUNNING, {"protocol": past}, "The period is over."),
        (PilotState.CLOSED, {}, "The pilot is closed; what it measured stays."),
        (PilotState.EVIDENCED, {}, "The pilot is closed; what it measured stays."),
        (PilotState.WITHDRAWN, {}, "The pilot was withdrawn."),
    ]
    for state, changes, words in cases:
        row = await make_pilot(sides, state, **changes)
        assert words in await said(client, sides.host, row), state
    agreed = await make_pilot(sides, PilotState.AGREED)
    assert "enrols the devices and starts the pilot" in await said(client, sides.maker, agreed)
    await make_unit(agreed, **TOKEN)
    assert "The devices are enrolled." in await said(client, sides.host, agreed)


async def test_one_who_administers_both_sides_is_told_that_it_takes_two(client):
    sides = await two_sides()
    row = await make_pilot(sides)
    await make_member(sides.host, await organisation_of(sides.maker), Role.ADMIN)
    await agree(row.id, side=sides.host_id, version=1, actor=sides.by_host)

    assert "You agreed for the other side" in await said(client, sides.host, row)
    assert (await client.get(f"/en/pilots/{row.id}/agree")).status_code == 403
    refused = await post(client, f"/en/pilots/{row.id}/agree", version=2)
    assert (refused.status_code, "A protocol needs two people" in refused.text) == (403, True)
    assert "agree to it for your organisation" in await said(client, sides.maker, row)
