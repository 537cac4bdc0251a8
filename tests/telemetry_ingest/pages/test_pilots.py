"""The pages of a pilot, as both sides, others and nobody see them."""

from datetime import UTC, date, datetime

import pytest

from telemetry_ingest.forms import midnight
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.states import PilotState
from tests.catalog.browsing import post
from tests.people import sign_in, vera, zoe
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

REASON = "Le service ferme pour travaux."
TOKEN = {"token_hash": b"\1" * 32, "token_number": 1}


async def test_no_pilot_yet_teaches_what_one_is(client):
    sides = await two_sides()
    await sign_in(client, sides.host)

    answer = await client.get("/en/pilots")

    assert answer.status_code == 200
    assert "No pilot yet" in answer.text
    assert "/en/pilots/new" in answer.text


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("state", list(PilotState))
async def test_a_pilot_is_shown_in_every_state_and_language(client, state, language):
    sides = await two_sides()
    row = await make_pilot(sides, state, protocol={"reference": True})
    await make_unit(row, **TOKEN)
    await sign_in(client, sides.host)

    listed = await client.get(f"/{language}/pilots")
    shown = await client.get(f"/{language}/pilots/{row.id}")

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert f"/{language}/pilots/{row.id}" in listed.text
    assert row.protocol_digest in shown.text
    assert "SN-001" in shown.text


async def test_a_pilot_is_the_business_of_its_sides_and_of_authorities(client):
    sides = await two_sides()
    row = await make_pilot(sides)
    found = {}
    for name, person in (
        ("maker", sides.maker), ("host", sides.host), ("authority", await vera()),
        ("other", await zoe()),
    ):  # fmt: skip
        client.cookies.clear()
        await sign_in(client, person)
        found[name] = (await client.get(f"/fr/pilots/{row.id}")).status_code

    assert found == {"maker": 200, "host": 200, "authority": 200, "other": 403}


async def test_agreeing_shows_the_protocol_and_is_asked_of_each_side_once(client):
    sides = await two_sides()
    row = await make_pilot(sides, owner_agreed_at=datetime.now(UTC))
    await sign_in(client, sides.host)

    asked = await client.get(f"/en/pilots/{row.id}/agree")
    answer = await post(client, f"/en/pilots/{row.id}/agree", version="1")

    assert row.protocol_digest in asked.text
    assert "Available during at least 95" in asked.text
    assert answer.headers["location"] == f"/en/pilots/{row.id}"
    assert (await pilot(row.id)).state is PilotState.AGREED
    assert (await client.get(f"/en/pilots/{row.id}/agree")).status_code == 409


async def test_who_saw_other_terms_does_not_agree(client):
    sides = await two_sides()
    row = await make_pilot(sides, version=4)
    await sign_in(client, sides.host)

    stale = await post(client, f"/en/pilots/{row.id}/agree", version="3")
    without = await post(client, f"/en/pilots/{row.id}/agree")

    assert (stale.status_code, without.status_code) == (409, 409)
    assert not (await pilot(row.id)).host_agreed


async def test_the_next_step_is_one_action_for_whoever_can_take_it(client):
    sides = await two_sides()
    proposed = await make_pilot(sides, owner_agreed_at=datetime.now(UTC))
    bare = await make_pilot(sides, PilotState.AGREED)
    ready = await make_pilot(sides, PilotState.AGREED)
    await make_unit(ready, **TOKEN)
    seen = {}
    for person in (sides.maker, sides.host):
        client.cookies.clear()
        await sign_in(client, person)
        for name, one, step in (
            ("agree", proposed, "agree"), ("enrol", bare, "devices/new"),
            ("start", ready, "move/start"),
        ):  # fmt: skip
            page = (await client.get(f"/en/pilots/{one.id}")).text
            seen[person.name, name] = f'class="button" href="/en/pilots/{one.id}/{step}"' in page

    assert seen == {
        ("Sam", "agree"): False, ("Sam", "enrol"): False, ("Sam", "start"): False,
        ("Mia", "agree"): True, ("Mia", "enrol"): True, ("Mia", "start"): True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "step", "unit"),
    [
        (PilotState.AGREED, "devices/new", False),
        (PilotState.RUNNING, "live", True),
        (PilotState.CLOSED, "evidence", True),
    ],
)
async def test_what_is_measured_is_one_click_away(client, state, step, unit):
    sides = await two_sides()
    row = await make_pilot(sides, state)
    one = await make_unit(row, **TOKEN)
    await sign_in(client, sides.host)

    page = (await client.get(f"/en/pilots/{row.id}")).text

    assert f'href="/en/pilots/{row.id}/{step}"' in page
    assert (f'href="/en/pilots/{row.id}/live/{one.id}"' in page) == unit
    assert ("Number what is sent since each start" in page) == (state is not PilotState.CLOSED)
    assert "docs/" not in page


async def test_the_last_day_is_the_one_that_was_agreed(client):
    sides = await two_sides()
    begins = datetime(2036, 3, 1, tzinfo=UTC)
    period = {"starts_at": begins, "ends_at": midnight(date(2036, 4, 1))}
    row = await make_pilot(sides, PilotState.RUNNING, protocol=period)
    await sign_in(client, sides.host)

    page = (await client.get(f"/en/pilots/{row.id}")).text

    assert "The pilot runs until 31 March 2036." in page


async def test_the_host_starts_and_closes_with_a_reason_when_it_is_early(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await make_unit(row, **TOKEN)
    await sign_in(client, sides.host)

    asked = await client.get(f"/en/pilots/{row.id}/move/start")
    started = await post(client, f"/en/pilots/{row.id}/move/start", version="1")
    early = await post(client, f"/en/pilots/{row.id}/move/close", version="2", reason="non")
    closed = await post(client, f"/en/pilots/{row.id}/move/close", version="2", reason=REASON)

    assert [one.status_code for one in (asked, started, early, closed)] == [200, 303, 422, 303]
    assert "Say why in at least 10 characters" in early.text
    one = await pilot(row.id)
    assert (one.state, one.moves[-1].reason) == (PilotState.CLOSED, REASON)


async def test_the_maker_does_not_run_the_pilot(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await make_unit(row, **TOKEN)
    await sign_in(client, sides.maker)

    tried = [
        (await post(client, f"/fr/pilots/{row.id}/move/start", version="1")).status_code,
        (await client.get(f"/fr/pilots/{row.id}/devices/new")).status_code,
        (await client.get(f"/fr/pilots/{row.id}/move/fly")).status_code,
    ]
    withdrawn = await post(client, f"/fr/pilots/{row.id}/move/withdraw", version="1", reason=REASON)

    assert (tried, withdrawn.status_code) == ([403, 403, 409], 303)
    assert (await pilot(row.id)).state is PilotState.WITHDRAWN
