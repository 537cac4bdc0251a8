"""The page of a pilot's evidence: private before there is one, public after; its files."""

import pytest

from portal import database
from portal.queue import queue
from portal.settings import get_settings
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.evidence import signing
from telemetry_ingest.evidence.report import html, pdf
from telemetry_ingest.evidence.verify import check, loaded
from telemetry_ingest.states import PilotState
from tests.people import post, sign_in
from tests.telemetry_ingest.evidence.packs import KEY, a_pack
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides


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


@pytest.mark.parametrize("side", ["owner_id", "host_id"])
async def test_the_public_is_spared_a_pack_that_names_a_suspended_organisation(client, pack, side):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)
    here = f"/fr/pilots/{row.id}/evidence"
    paths = (here, f"{here}/pack.json", f"{here}/report.pdf")
    state = "UPDATE organisation SET state = $2 WHERE id = $1"
    await database.fetch(state, getattr(sides, side), "suspended")

    assert [(await client.get(path)).status_code for path in paths] == [404] * 3
    await sign_in(client, sides.maker)
    mine = [await client.get(path) for path in paths]
    assert [one.status_code for one in mine] == [200] * 3
    assert mine[1].headers["cache-control"] == "private, no-store"

    await database.fetch(state, getattr(sides, side), "verified")
    back = await client.get(paths[1])
    assert back.headers["cache-control"] == "public, max-age=300"


async def test_whose_key_it_is_and_what_came_since_is_said(client, pack, monkeypatch):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    unit = await make_unit(row, "SN-1")
    await database.fetch("UPDATE pilot_device SET number = 1 WHERE id = $1", unit.id)
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)
    address = f"/en/pilots/{row.id}/evidence"
    before = (await client.get(address)).text
    assert "a key that this portal does not publish" in before
    assert "came after this evidence was made" not in before

    monkeypatch.setenv("TAJHIZ_EVIDENCE_OLD_KEYS", signing.public_key(KEY))
    get_settings.cache_clear()
    await database.fetch(
        "INSERT INTO device_ledger VALUES (1, 1, 1, '{[0,1447)}', now(), now(), now())"
    )
    after = (await client.get(address)).text
    keys = (await client.get("/en/evidence/key")).text.split()
    get_settings.cache_clear()

    assert "a key that this portal publishes" in after
    assert "came after this evidence was made: 7." in after
    assert keys[1:] == [signing.public_key(KEY)]


async def test_the_answer_comes_before_the_figures(client, pack):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)
    for code in ("fr", "ar", "en"):
        text = (await client.get(f"/{code}/pilots/{row.id}/evidence")).text
        order = [text.index(f'class="{one}"') for one in ("answer", "thresholds", "chart", "proof")]
        assert order == sorted(order)
        assert "style=" not in text


async def test_a_pack_of_an_unknown_form_is_said_in_words(client, pack):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    older = pack.written().replace(b'"lost":', b'"losx":')
    await keep_pack(row.id, older, "e" * 64, actor=sides.by_host)
    address = f"/en/pilots/{row.id}/evidence"
    shown = await client.get(address)
    report = await client.get(f"{address}/report.pdf")
    given = await client.get(f"{address}/pack.json")

    said = "This evidence has a form that this version does not know"
    assert (shown.status_code, said in shown.text, "pack.json" in shown.text) == (200, True, True)
    assert (report.status_code, said in report.text) == (409, True)
    assert (given.status_code, given.content) == (200, older)


async def test_a_failure_is_told_to_the_sides(client):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    async with queue() as queued:
        await queued.set(f"tajhiz:evidence-failed:{row.id}", "1", ex=60)
    await sign_in(client, sides.host)
    text = (await client.get(f"/en/pilots/{row.id}/evidence")).text

    assert "The evidence could not be made." in text
    await post(client, f"/en/pilots/{row.id}/evidence")
    assert "The evidence was asked for" in (await client.get(f"/en/pilots/{row.id}/evidence")).text
    async with queue() as queued:
        await queued.flushdb()


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
    found = await client.get("/fr/evidence/key")

    assert found.text.strip() == signing.public_key(signing.seed(get_settings()))
    assert signing.signed("x", signing.signature(KEY, "x"))


def test_the_report_in_three_languages(pack):
    for code in ("fr", "ar", "en"):
        text = html(pack, code)
        assert (f'lang="{code}"' in text, pack.head in text) == (True, True)
        assert ("SN-1" in text, "%(" in text) == (True, False)
    assert pdf(pack, "ar").startswith(b"%PDF-")


async def test_a_report_that_is_being_made_is_said(client, pack):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.CLOSED)
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)
    address, said = f"/en/pilots/{row.id}/evidence", "The report (PDF) is being made."
    async with queue() as queued:
        await queued.set(f"tajhiz:evidence-printing:{pack.head}", "1", ex=60)
        during = (await client.get(address)).text
        await queued.delete(f"tajhiz:evidence-printing:{pack.head}")

    assert (said in during, said in (await client.get(address)).text) == (True, False)
