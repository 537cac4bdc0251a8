"""The page of a pilot's evidence: private before there is one, public after; its files."""

import pytest

from portal import database
from portal.queue import queue
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.evidence import signing
from telemetry_ingest.evidence.report import html, pdf
from telemetry_ingest.evidence.verify import check, loaded
from telemetry_ingest.states import PilotState
from tests.people import post, sign_in
from tests.telemetry_ingest.evidence.packs import KEY, a_pack
from tests.telemetry_ingest.pilots import make_pilot, two_sides


@pytest.fixture(scope="module")
def pack():
    return a_pack()


async def test_private_before_and_public_after(client, pack):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    address = f"/fr/pilots/{row.id}/evidence"
    for path in (address, f"{address}/pack.json", f"{address}/report.pdf"):
        assert (await client.get(path)).status_code == 404
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)

    for code in ("fr", "ar", "en"):
        shown = await client.get(address.replace("/fr/", f"/{code}/"))
        assert (shown.status_code, pack.head in shown.text) == (200, True)
    given = await client.get(f"{address}/pack.json")
    assert check(loaded(given.content)) == []
    report = await client.get(f"{address}/report.pdf")
    assert (report.status_code, report.content[:5]) == (200, b"%PDF-")
    rows = await database.fetch("SELECT state FROM pilot WHERE id = $1", row.id)
    assert rows[0]["state"] == "evidenced"


async def test_a_side_asks_for_it_once_the_pilot_is_closed(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    running = await make_pilot(sides, PilotState.RUNNING)
    async with queue() as queued:
        await queued.flushdb()
    await sign_in(client, sides.host)
    first = await client.get(f"/fr/pilots/{row.id}/evidence")
    assert (first.status_code, "Établir la preuve" in first.text) == (200, True)
    for one, status in ((row, 303), (running, 409)):
        done = await post(client, f"/fr/pilots/{one.id}/evidence")
        assert done.status_code == status
    asked = await client.get(f"/fr/pilots/{row.id}/evidence")
    assert 'role="status"' in asked.text


async def test_the_public_key(client):
    from portal.settings import get_settings

    found = await client.get("/fr/evidence/key")

    assert found.text.strip() == signing.public_key(signing.seed(get_settings()))
    assert signing.signed("x", signing.signature(KEY, "x"))


def test_the_report_in_three_languages(pack):
    for code in ("fr", "ar", "en"):
        text = html(pack, code)
        assert (f'lang="{code}"' in text, pack.head in text) == (True, True)
        assert ("SN-1" in text, "%(" in text) == (True, False)
    assert pdf(pack, "ar").startswith(b"%PDF-")
