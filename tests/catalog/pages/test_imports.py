"""The pages of a manufacturer's import, and the job behind them."""

import io
import re

import pytest

from catalog.importers import uploads
from catalog.importers.jobs import import_devices, sweep_imports
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
    assert f"{address}/refused.csv" in done.text
    report = await client.get(f"{address}/refused.csv")
    assert "name-missing" in report.text
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
    assert len(list(uploads.folder().glob(f"{run}*"))) == 1
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
