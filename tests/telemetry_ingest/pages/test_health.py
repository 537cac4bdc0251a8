import re
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from portal import database
from telemetry_ingest.health.beats import Beat, forget, say
from telemetry_ingest.health.collecting import SAMPLES
from telemetry_ingest.states import PilotState
from tests.people import sign_in, vera
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.consumer.devices import drop_days
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import store_readings

PAGES = ("telemetry/health", "telemetry/health/devices", "telemetry/health/quarantine")


@pytest.fixture
async def operator(client, app):
    """A browser of somebody in an authority; no process of telemetry was ever heard of.

    Days of other tests would be days that nobody moved to files.
    """
    await drop_days()
    for one in ("tajhiz:telemetry:processes", SAMPLES):
        await app.state.valkey.delete(one)
    await sign_in(client, await vera())
    return client


def answers(text: str) -> list[str]:
    return re.findall(r'<p class="verdict-answer">([^<]*)', text)


async def gap() -> tuple[str, str]:
    """Return a running pilot and its unit, of whose five readings two are missing."""
    pilot = await make_pilot(await two_sides(), PilotState.RUNNING)
    unit = await make_unit(pilot, "SN-7")
    at = datetime.now(UTC) - timedelta(seconds=30)
    await store_readings(unit.number, at, [97.0, 97.0])
    await store_readings(unit.number, at + timedelta(seconds=4), [97.0], first=4)
    return pilot.id, unit


async def test_all_is_well_when_every_part_says_so(operator, app):
    now = datetime.now(UTC).timestamp()
    for kind in ("ingest", "gateway"):
        await say(app.state.valkey, Beat(kind, "one", now, now, 61_000_000, {"readings": 7}))
    await app.state.valkey.set("tajhiz:worker:health", "x", ex=60)
    for day in range(4):
        await database.fetch("SELECT telemetry_day($1)", datetime.now(UTC).date() + timedelta(day))
    async with prepared(services()):
        text = (await operator.get("/en/telemetry/health")).text
        ready = (await operator.get("/readyz")).json()
    for kind in ("ingest", "gateway"):
        await forget(app.state.valkey, kind, "one")
    await app.state.valkey.delete("tajhiz:worker:health")

    assert answers(text) == ["Nothing", "Nothing", "Nothing"]
    assert text.count("verdict-good") == 3
    assert "61.0 MB" in text
    assert (ready["status"], set(ready["beside"].values())) == ("ok", {"ok"})


async def test_what_is_down_is_said_in_clear_text(operator, app, monkeypatch):
    nobody = {"nats_url": SecretStr("nats://127.0.0.1:1")}
    monkeypatch.setattr(app.state, "settings", app.state.settings.model_copy(update=nobody))

    text = (await operator.get("/en/telemetry/health")).text
    ready = await operator.get("/readyz")
    measures = (await operator.get("/metrics")).text

    assert answers(text) == ["Nothing", "Not known", "2 things, now"]
    assert "NATS does not answer. Devices cannot send and keep what they have" in text
    assert "No process stores what devices send." in text
    assert ready.status_code == 200
    assert ready.json()["beside"] == {
        "nats": "away", "ingest": "none alive", "gateway": "none alive",
    }  # fmt: skip
    assert "tajhiz_telemetry_nats_up 0.0" in measures
    assert "tajhiz_telemetry_lag_messages" not in measures


async def test_a_killed_process_is_seen_after_ten_seconds(operator, app):
    then = datetime.now(UTC).timestamp() - 11
    await say(app.state.valkey, Beat("ingest", "two", then, then, 1, {}))
    text = (await operator.get("/en/telemetry/health")).text
    await forget(app.state.valkey, "ingest", "two")

    assert re.search("Silent for 1[12] seconds", text)
    assert "No process stores what devices send." in text


async def test_every_number_leads_to_where_it_comes_from(operator):
    pilot_id, unit = await gap()

    text = (await operator.get("/en/telemetry/health")).text
    devices = (await operator.get("/en/telemetry/health/devices")).text

    assert ">2 readings sent are not here</a> of 5 in running pilots" in text
    for place in re.findall(r'href="#(source-\w+)"', text):
        assert f'id="{place}"' in text
    assert f'href="/en/pilots/{pilot_id}/live/{unit.id}"' in devices
    assert "2 of 5" in devices


async def test_refused_messages_are_listed_without_their_content(operator):
    _pilot, unit = await gap()
    for reason, content in (("not_running", b"{}"), ("unknown_field", None)):
        await database.fetch(
            "INSERT INTO quarantine (id, device, subject, reason, field, digest, content,"
            " received_at) VALUES (gen_random_uuid(), $1, $2, $3, 'name', repeat('a', 64), $4,"
            " now())",
            unit.id, f"$MQTT.msgs.pilots.{reason}", reason, content,
        )  # fmt: skip

    every = (await operator.get("/en/telemetry/health/quarantine")).text
    one = (await operator.get("/en/telemetry/health/quarantine?reason=not_running")).text
    nonsense = await operator.get("/en/telemetry/health/quarantine?reason=x")

    assert (every.count("<tr>"), one.count("<tr>"), nonsense.status_code) == (3, 2, 200)
    assert "tajhiz quarantine replay --reason not_running" in one
    assert "not kept" in every


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
async def test_the_pages_speak_every_language_and_answer_htmx_with_a_part(operator, language):
    for path in PAGES:
        assert (await operator.get(f"/{language}/{path}")).status_code == 200
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    now = await operator.get(f"/{language}/{PAGES[0]}", headers=htmx)
    hour = await operator.get(f"/{language}/{PAGES[0]}?hour=true", headers=htmx)

    assert now.text.lstrip().startswith('<div id="health"')
    assert hour.text.lstrip().startswith('<div id="hour"')
    assert hour.text.count("<svg ") == 4  # two charts, and the two marks of a legend
