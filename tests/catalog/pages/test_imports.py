"""The pages of a manufacturer's import, and the job behind them."""

import io
import re

import pytest

from catalog.importers import previews, uploads
from catalog.importers.jobs import import_devices, look_up_import, sweep_imports
from catalog.tables import DeviceModel, ImportRun
from portal import database
from portal.queue import queue
from tests.catalog.importers.files import workbook
from tests.people import make_organisation, make_person, mia, organisation_of, sam, sign_in

PAGE = "/fr/my/devices/import"
TABLE = "Référence du dispositif;Nom en français;Classe de risque\nP-1;Pompe;IIb\nP-2;;\n"


async def hand_in(client, data: bytes | str = TABLE, name: str = "liste.csv", **fields: str):
    page = await client.get(PAGE)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert token
    content = data.encode() if isinstance(data, str) else data
    answer = await client.post(
        PAGE,
        data={"_csrf_token": token[1], **fields},
        files={"file": (name, io.BytesIO(content), "text/csv")},
    )
    return answer, token[1]


async def post(client, address: str, token: str):
    return await client.post(address, data={"_csrf_token": token})


async def test_a_manufacturer_looks_confirms_and_finds_drafts(client, db):
    person = await sam()
    await sign_in(client, person)

    answer, token = await hand_in(client)
    assert answer.status_code == 303
    address = answer.headers["location"]
    preview = await client.get(address)
    assert "P-1" in preview.text
    assert await DeviceModel.count() == 0

    assert (await post(client, f"{address}/confirm", token)).status_code == 303
    run = await ImportRun.select().first()
    assert run is not None
    assert await import_devices({}, str(run["id"])) == 1
    done = await client.get(address)

    device = await DeviceModel.select().first()
    assert device is not None
    assert (device["reference"], device["state"], device["risk_class"]) == ("P-1", "draft", "IIb")
    assert device["organisation_id"] == (await organisation_of(person)).id
    for kind in ("csv", "xlsx"):
        assert f"{address}/refused/{kind}" in done.text
        assert (await client.get(f"{address}/refused/{kind}")).status_code == 200
    report = await client.get(f"{address}/refused/csv")
    assert report.text.splitlines()[1].endswith(";P-2;;")
    assert (await client.get(f"{address}/refused/exe")).status_code == 404
    assert await import_devices({}, str(run["id"])) == 0  # safe to run twice


async def test_the_import_is_in_the_audit(client, db):
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    await post(client, f"{answer.headers['location']}/confirm", token)
    run = await ImportRun.select().first()
    assert run is not None
    await import_devices({}, str(run["id"]))

    events = await database.fetch("SELECT event FROM audit_record ORDER BY seq NULLS LAST")
    assert [row["event"] for row in events] == [
        "import.received", "import.confirmed", "devices.imported",
    ]  # fmt: skip


async def test_a_discarded_file_is_gone(client, db):
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    run = answer.headers["location"].rpartition("/")[2]
    assert len(list(uploads.folder().glob(f"{run}*"))) == 2  # the file, its refused rows
    await post(client, f"{answer.headers['location']}/discard", token)

    assert await ImportRun.count() == 0
    assert list(uploads.folder().glob(f"{run}*")) == []
    assert (await client.get(answer.headers["location"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.csv", b"", id="empty"),
        pytest.param("a.exe", b"MZ", id="not a table"),
        pytest.param("", b"x", id="no file"),
    ],
)
async def test_a_file_that_is_no_table_is_refused_at_its_field(client, db, name, data):
    await sign_in(client, await sam())

    answer, _ = await hand_in(client, data, name)

    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert await ImportRun.count() == 0


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", b"\x00\x01\x02", workbook(["x"], ["y"])])
async def test_a_table_without_the_columns_says_which_are_missing(client, db, data):
    await sign_in(client, await sam())
    answer, token = await hand_in(client, data, "a.xlsx" if data[:2] == b"PK" else "a.csv")

    page = await client.get(answer.headers["location"])
    assert page.status_code == 200
    await post(client, f"{answer.headers['location']}/confirm", token)
    run = await ImportRun.select().first()
    assert run is not None
    assert run["confirmed_at"] is None


async def test_an_import_of_somebody_else_is_not_shown(client, db):
    await sign_in(client, await sam())
    answer, _ = await hand_in(client)
    other = await make_organisation(name="Autre (fictif)")
    await sign_in(client, await make_person(organisation=other))

    assert (await client.get(answer.headers["location"])).status_code == 403


@pytest.mark.parametrize(("who", "status"), [(mia, 403), (None, 401)])
async def test_only_suppliers_import(client, db, who, status):
    if who:
        await sign_in(client, await who())

    answer = await client.get(PAGE, follow_redirects=False)

    assert answer.status_code in {status, 303}
    assert "multipart" not in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_empty_table_can_be_had(client, db, kind):
    await sign_in(client, await sam())

    answer = await client.get(f"{PAGE}/template/{kind}")

    assert answer.status_code == 200
    assert len(answer.content) > 500
    assert (await client.get(f"{PAGE}/template/exe")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
async def test_the_page_asks_as_often_however_many_imports_there_are(client, db, statements, count):
    person = await sam()
    await sign_in(client, person)
    owner = (await organisation_of(person)).id
    for number in range(count):
        await ImportRun(
            source="devices", organisation_id=owner, file_name=f"{number}.csv", digest=""
        ).save()
    statements.clear()

    await client.get(PAGE)

    assert len([one for one in statements if "import_run" in one]) == 1
    assert len(statements) <= 4


async def test_the_sweep_enqueues_an_import_that_a_killed_worker_left(client, db):
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    await post(client, f"{answer.headers['location']}/confirm", token)
    await database.fetch("UPDATE import_run SET updated_at = now() - interval '10 minutes'")

    async with queue() as jobs:
        await jobs.flushdb()
        assert await sweep_imports({"redis": jobs}) == 1
        waiting = [(one.function, *one.args) for one in await jobs.queued_jobs()]

    run = await ImportRun.select().first()
    assert run is not None
    assert waiting == [("catalog.import_devices", str(run["id"]))]


async def test_the_page_says_every_mistake_and_gives_the_refused_rows_before_any_writing(
    client, db
):
    await sign_in(client, await sam())
    table = "Référence du dispositif;Nom en françai;Classe de risque;Lot\nP-1;Pompe;IV;7\n"
    answer, _ = await hand_in(client, table)
    address = answer.headers["location"]

    page = await client.get(address)

    words = page.text
    assert words.count("<li><strong>") == 2  # the class and the missing name
    assert "<bdi>Nom en françai</bdi>" in words
    assert "Nom en français" in words
    assert "<bdi>Lot</bdi>" in words
    report = await client.get(f"{address}/refused/csv")
    assert report.text.splitlines()[1].endswith(";P-1;Pompe;IV;7")
    assert "filename*=UTF-8" in report.headers["content-disposition"]
    assert f"{address}/confirm" not in words
    assert await DeviceModel.count() == 0


async def test_the_page_reads_the_file_once(client, db, monkeypatch):
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    monkeypatch.setattr(previews, "previewed", None)

    page = await client.get(answer.headers["location"])
    await post(client, f"{answer.headers['location']}/confirm", token)

    assert "P-1" in page.text
    run = await ImportRun.select().first()
    assert run is not None
    assert run["confirmed_at"] is not None


async def test_a_big_file_is_looked_through_by_the_worker_and_the_page_follows(
    client, db, monkeypatch
):
    monkeypatch.setattr(previews, "SMALL", 10)
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    address = answer.headers["location"]
    run = await ImportRun.select().first()
    assert run is not None

    waiting = await client.get(address)
    await post(client, f"{address}/confirm", token)  # too early
    assert 'hx-trigger="every 1s"' in waiting.text
    assert "P-1" not in waiting.text

    await look_up_import({}, str(run["id"]))
    ready = await client.get(address, headers={"hx-request-type": "partial"})
    assert 'hx-trigger="every 1s"' not in ready.text
    assert ready.text.lstrip().startswith('<div id="import-preview"')
    assert "P-1" in ready.text
    assert await ImportRun.count(ImportRun.confirmed_at) == 0


async def test_what_changed_since_it_was_shown_is_shown_again_before_it_is_confirmed(client, db):
    person = await sam()
    await sign_in(client, person)
    answer, token = await hand_in(client)
    owner = (await organisation_of(person)).id
    await DeviceModel(organisation_id=owner, reference="P-1", name_fr="Pompe").save()

    await post(client, f"{answer.headers['location']}/confirm", token)

    run = await ImportRun.select().first()
    assert run is not None
    assert run["confirmed_at"] is None


async def test_the_sweep_takes_up_an_import_whose_job_a_killed_worker_holds(client, db):
    await sign_in(client, await sam())
    answer, token = await hand_in(client)
    await post(client, f"{answer.headers['location']}/confirm", token)
    async with queue() as jobs:
        await database.fetch("UPDATE import_run SET updated_at = now() - interval '2 minutes'")

        await sweep_imports({"redis": jobs})
        await sweep_imports({"redis": jobs})
        waiting = [one.job_id for one in await jobs.queued_jobs()]
        await jobs.flushdb()

    # arq holds a killed worker's job for as long as it might have taken: another name is needed.
    run = answer.headers["location"].rpartition("/")[2]
    assert sorted(one.split(":")[2:] == [] for one in waiting if run in one) == [False, True]
