import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from telemetry_ingest.live import hub, today
from telemetry_ingest.pages.live import begin_of
from telemetry_ingest.queries.windows import WINDOWS
from telemetry_ingest.states import PilotState
from tests.people import sign_in, vera, zoe
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import SPO2, say, store_readings

SECOND = timedelta(seconds=1)


async def world():
    """Return both sides, a running pilot and a unit that measured a minute ago, with a gap."""
    sides = await two_sides()
    pilot = await make_pilot(
        sides, PilotState.RUNNING, started_at=datetime.now(UTC) - timedelta(minutes=50)
    )
    unit = await make_unit(pilot, "SN-7")
    now = datetime.now(UTC)
    await store_readings(unit.number, now - timedelta(minutes=12), [96.0, 97.0])
    await store_readings(unit.number, now - 5 * SECOND, [98.5, None, 97.5], first=2)
    await say(unit.number, "up", now - 4 * SECOND)
    return sides, pilot, unit


async def test_the_fleet_says_where_each_device_stands(client):
    sides, pilot, unit = await world()
    await sign_in(client, sides.host)

    text = (await client.get(f"/en/pilots/{pilot.id}/live")).text

    assert f'href="/en/pilots/{pilot.id}/live/{unit.id}"' in text
    assert re.findall(r'data-last="\w+-150456"><bdi>([^<]+)', text) == ["97.5"]
    assert ("In service" in text, 'class="sparkline"' in text) == (True, True)
    assert f'data-events="/en/pilots/{pilot.id}/live/events"' in text


@pytest.mark.parametrize("window", ["15m", "24h", "7d", "90d", "nonsense"])
async def test_a_device_has_a_chart_a_text_and_a_table_for_every_metric(client, window):
    sides, pilot, unit = await world()
    await sign_in(client, sides.maker)

    text = (await client.get(f"/fr/pilots/{pilot.id}/live/{unit.id}?window={window}")).text

    assert (text.count("data-chart="), text.count("<tbody>")) == (2, 2)
    assert text.count('aria-current="page"') >= 1
    assert len(re.findall(r"<p>[^<]*Vraisemblable", text)) == 2
    assert "data-device" in text


async def test_a_gap_is_said_and_drawn(client):
    sides, pilot, unit = await world()
    await sign_in(client, sides.host)

    text = (await client.get(f"/en/pilots/{pilot.id}/live/{unit.id}?window=15m")).text

    assert 'class="unknown"' in text
    assert "what happened then is unknown" in text
    assert "No data until" in text
    assert "1 measurement failed." in text


async def test_who_is_not_concerned_sees_nothing(client):
    _sides, pilot, unit = await world()
    addresses = [
        f"/fr/pilots/{pilot.id}/live", f"/fr/pilots/{pilot.id}/live/{unit.id}",
        f"/fr/pilots/{pilot.id}/live/events",
    ]  # fmt: skip

    assert [(await client.get(one)).status_code for one in addresses] == [303, 303, 303]
    await sign_in(client, await zoe())
    assert [(await client.get(one)).status_code for one in addresses] == [403, 403, 403]


async def test_an_authority_sees_it_and_unknown_devices_are_not_found(client):
    _sides, pilot, unit = await world()
    await sign_in(client, await vera())

    assert (await client.get(f"/fr/pilots/{pilot.id}/live/{unit.id}")).status_code == 200
    assert [
        (await client.get(one)).status_code
        for one in (
            f"/fr/pilots/{pilot.id}/live/{uuid4()}",
            f"/fr/pilots/{uuid4()}/live",
            f"/fr/pilots/{pilot.id}/live/events?device={uuid4()}",
        )
    ] == [404, 404, 404]


async def test_a_pilot_without_devices_has_no_stream(client):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.AGREED)
    await sign_in(client, sides.host)

    page = await client.get(f"/en/pilots/{pilot.id}/live")

    assert ("data-events" in page.text, "No device is enrolled yet." in page.text) == (False, True)
    assert (await client.get(f"/en/pilots/{pilot.id}/live/events")).status_code == 404


@pytest.mark.parametrize("limit", ["MOST_OF_ONE", "MOST_WATCHERS"])
async def test_one_stream_too_many_is_refused_in_words_and_is_no_fault_of_ours(
    client, monkeypatch, caplog, limit
):
    sides, pilot, _unit = await world()
    await sign_in(client, sides.host)
    monkeypatch.setattr(hub, limit, 0)

    answer = await client.get(f"/en/pilots/{pilot.id}/live/events")

    assert (answer.status_code, "Too many pages with live values" in answer.text) == (429, True)
    assert [one for one in caplog.records if one.levelname == "ERROR" or one.exc_info] == []


async def test_htmx_gets_the_part_alone(client):
    sides, pilot, unit = await world()
    await sign_in(client, sides.host)
    part = {"hx-request": "true", "hx-request-type": "partial"}

    text = (await client.get(f"/en/pilots/{pilot.id}/live/{unit.id}", headers=part)).text

    assert text.lstrip().startswith('<div id="live"')
    assert str(SPO2) in text


def test_windows_begin_at_whole_stretches_and_days_at_midnight():
    now = datetime(2026, 7, 10, 12, 34, 56, tzinfo=UTC)

    assert begin_of(WINDOWS["15m"], now) == datetime(2026, 7, 10, 12, 20, tzinfo=UTC)
    assert begin_of(WINDOWS["24h"], now) == datetime(2026, 7, 9, 12, 40, tzinfo=UTC)
    assert begin_of(WINDOWS["7d"], now) == datetime(2026, 7, 3, 13, tzinfo=UTC)
    assert begin_of(WINDOWS["90d"], now) == today.midnight(now) - timedelta(days=89)
