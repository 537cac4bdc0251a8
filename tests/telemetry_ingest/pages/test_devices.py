"""Enrolling a device through the browser: its token is shown once."""

import re

import pytest

from portal import database
from telemetry_ingest.broker.tokens import hash_of
from telemetry_ingest.pages import devices as pages
from telemetry_ingest.queries.pilots import devices_of
from telemetry_ingest.states import PilotState
from tests.catalog.browsing import post
from tests.people import sign_in, vera
from tests.telemetry_ingest.pilots import hold, make_pilot, make_unit, release, two_sides


async def kept(device_id) -> bytes | None:
    rows = await database.fetch("SELECT token_hash FROM pilot_device WHERE id = $1", device_id)
    return rows[0]["token_hash"]


def token_in(text: str) -> str:
    return re.search(r'id="token" dir="ltr">([\w-]{43})<', text)[1]


async def test_a_device_is_enrolled_and_its_token_is_shown_once(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await sign_in(client, sides.host)
    path = f"/fr/pilots/{row.id}/devices/new"

    asked = await client.get(path)
    shown = await post(client, path, serial="SN-9", firmware="1.0")
    again = await post(client, path, serial="SN-9")

    (one,) = await devices_of(row.id)
    token = token_in(shown.text)
    assert (asked.status_code, shown.status_code, again.status_code) == (200, 200, 422)
    assert shown.headers["cache-control"] == "no-store"
    assert await kept(one.id) == hash_of(token)
    assert f"pilots/{one.id.hex}/readings" in shown.text
    assert "<svg" in shown.text
    assert '<code dir="ltr">docs/device-guide.md</code>' in shown.text
    assert 'id="serial-error"' in again.text
    assert token not in (await client.get(f"/fr/pilots/{row.id}")).text


@pytest.mark.parametrize(("said", "times"), [(None, 0), ("mqtts://portal.example:8884", 1)])
async def test_the_address_of_mqtt_5_is_shown_where_there_is_one(client, monkeypatch, said, times):
    settings = pages.get_settings().model_copy(update={"mqtt5_url": said})
    monkeypatch.setattr(pages, "get_settings", lambda: settings)
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await sign_in(client, sides.host)

    shown = await post(client, f"/fr/pilots/{row.id}/devices/new", serial="SN-9", firmware="1.0")

    assert shown.text.count('id="mqtt5"') == times
    assert shown.text.count("Adresse MQTT 5</dt>") == times


async def test_a_label_is_one_line_without_control_characters(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await sign_in(client, sides.host)

    answer = await post(
        client, f"/en/pilots/{row.id}/devices/new", serial="SN-9\nSN-10", firmware="1.0\x1b[2J"
    )

    said = "Write this on one line, without control characters."
    assert (answer.status_code, answer.text.count(said)) == (422, 2)
    assert await devices_of(row.id) == []


async def test_a_token_is_renewed_and_revoked(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    unit = await make_unit(row, token_hash=b"\1" * 32, token_number=1)
    await sign_in(client, sides.host)
    path = f"/fr/pilots/{row.id}/devices/{unit.id}"

    asked = await client.get(f"{path}/renew")
    renewed = await post(client, f"{path}/renew", token_number="1")
    reloaded = await post(client, f"{path}/renew", token_number="1")
    assert await kept(unit.id) == hash_of(token_in(renewed.text))
    question = await client.get(f"{path}/revoke")
    revoked = await post(client, f"{path}/revoke", token_number="2")

    assert [asked.status_code, reloaded.status_code, question.status_code] == [200, 409, 200]
    assert revoked.headers["location"] == f"/fr/pilots/{row.id}"
    assert await kept(unit.id) is None


async def test_the_host_is_suspended_and_still_revokes_a_token_but_gives_none(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    unit = await make_unit(row, token_hash=b"\1" * 32, token_number=1)
    await hold(row.id, "host")
    await sign_in(client, sides.host)
    path = f"/fr/pilots/{row.id}/devices/{unit.id}"

    shown = (await client.get(f"/fr/pilots/{row.id}")).text
    renewed = await post(client, f"{path}/renew", token_number="1")
    revoked = await post(client, f"{path}/revoke", token_number="1")

    assert (f"{path}/revoke" in shown, f"{path}/renew" in shown) == (True, False)
    assert [renewed.status_code, revoked.status_code, await kept(unit.id)] == [403, 303, None]


async def test_an_authority_revokes_a_token_and_the_host_is_told(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    unit = await make_unit(row, token_hash=b"\1" * 32, token_number=1)
    await sign_in(client, await vera())

    await post(client, f"/fr/pilots/{row.id}/devices/{unit.id}/revoke", token_number="1")

    told = await database.fetch("SELECT person_id FROM notice")
    mails = await database.fetch("SELECT recipient, details::json->>'what' AS what FROM mail")
    assert await kept(unit.id) is None
    assert [one["person_id"] for one in told] == [sides.host.id]
    assert [tuple(one) for one in mails] == [("mia@hopital.example", "revoked")]


@pytest.mark.parametrize("side", ["owner", "host"])
async def test_the_other_side_reads_that_devices_are_refused_and_why(client, side):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    unit = await make_unit(row)
    await sign_in(client, sides.host if side == "owner" else sides.maker)
    pages = [f"/en/pilots/{row.id}{rest}" for rest in ("", "/live", f"/live/{unit.id}")]
    name = {"owner": "Atlas Dispositifs (fictif)", "host": "CHU des Orangers (fictif)"}[side]

    async def saying() -> list[bool]:
        return [f"{name} is suspended" in (await client.get(one)).text for one in pages]

    before = await saying()
    await hold(row.id, side)
    during = await saying()
    await release(row.id, side)

    assert (before, during, await saying()) == ([False] * 3, [True] * 3, [False] * 3)


async def test_a_device_of_another_pilot_is_not_reached(client):
    sides = await two_sides()
    mine, other = await make_pilot(sides, PilotState.RUNNING), await make_pilot(sides)
    unit = await make_unit(other)
    await sign_in(client, sides.host)

    answer = await client.get(f"/fr/pilots/{mine.id}/devices/{unit.id}/revoke")
    closed = await client.get(f"/fr/pilots/{other.id}/devices/new")

    assert (answer.status_code, closed.status_code) == (404, 409)
