"""Imports on the real database: idempotent, restartable after any death, alone, complete."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from catalog.importers import batches as batches_module
from catalog.importers.reasons import FileRefused, Reason
from catalog.importers.reports import Report
from catalog.importers.running import run_import
from catalog.importers.sources import REGISTERS, emdn_importer
from catalog.tables import DeviceModel, DeviceVariant, EmdnTerm
from portal import database
from tests.catalog.importers.files import (
    GTINS,
    eudamed_csv,
    eudamed_row,
    gudid_record,
    ndjson,
    written,
)

EMDN = "code;term;terminal\nZ12;INSTRUMENTS;NO\nZ12020801;BRONCHOSCOPES;YES\n"
LOCKED = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def run(importer, path: Path, folder: Path):
    with Report(folder / "refused.csv") as report:
        done = await run_import(importer, path, report)
    return done, report


async def fates(source: str, path: Path, folder: Path) -> tuple[int, int, int, int]:
    done, _ = await run(REGISTERS[source](), path, folder)
    return done.created, done.changed, done.unchanged, done.refused


def many(count: int) -> bytes:
    from bench.devices import invented

    rows = [
        ",".join(
            [one["udi_di"], one["emdn_code"], "", one["manufacturer"], "", one["catalogue_no"], "N"]
        )
        for one in invented(count)
    ]
    return eudamed_csv(*rows)


async def test_run_import_writes_reference_devices_once(db, tmp_path):
    path = written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0), eudamed_row(1)))

    assert await fates("eudamed", path, tmp_path) == (2, 0, 0, 0)
    assert await fates("eudamed", path, tmp_path) == (0, 0, 2, 0)

    one = await DeviceModel.select().where(DeviceModel.source_key == GTINS[0]).first()
    assert one is not None
    assert (one["origin"], one["state"], one["is_reference"]) == ("foreign", "published", True)
    assert (one["emdn_code"], one["emdn_known"]) == ("Z12020801", False)
    assert one["organisation_id"] is None
    variants = await DeviceVariant.select(DeviceVariant.udi_di).order_by(DeviceVariant.udi_di)
    assert [variant["udi_di"] for variant in variants] == sorted(GTINS[:2])


async def test_run_import_changes_only_what_changed_and_keeps_the_address(db, tmp_path):
    await fates("eudamed", written(tmp_path, "a.csv", eudamed_csv(eudamed_row(0))), tmp_path)
    before = await DeviceModel.select().first()
    path = written(tmp_path, "b.csv", eudamed_csv(eudamed_row(0, name="New name"), eudamed_row(1)))

    assert await fates("eudamed", path, tmp_path) == (1, 1, 0, 0)

    after = await DeviceModel.select().where(DeviceModel.source_key == GTINS[0]).first()
    assert before is not None
    assert after is not None
    assert (after["id"], after["number"]) == (before["id"], before["number"])
    assert (after["name_en"], after["version"]) == ("New name", 2)


async def test_a_device_without_an_identifier_goes_by_its_makers_number_and_reference(db, tmp_path):
    rows = [eudamed_row(0, udi_di=""), eudamed_row(1, udi_di="", reference="REF-0")]
    path = written(tmp_path, "a.csv", eudamed_csv(*rows, eudamed_row(2, udi_di="", srn="")))
    assert await fates("eudamed", path, tmp_path) == (1, 0, 0, 2)
    assert await fates("eudamed", path, tmp_path) == (0, 0, 1, 2)
    before = await DeviceModel.select().first()
    assert before is not None
    assert before["source_key"] == "AT-MF-000001504/REF-0"
    assert [one["udi_di"] for one in await DeviceVariant.select()] == [None]

    row = eudamed_row(0, udi_di="", srn="at-mf-000001504", name="New name")
    assert await fates("eudamed", written(tmp_path, "b.csv", eudamed_csv(row)), tmp_path) == (
        0, 1, 0, 0,
    )  # fmt: skip

    after = await DeviceModel.select().first()
    assert after is not None
    assert (after["id"], after["name_en"]) == (before["id"], "New name")


async def test_run_import_marks_what_it_wrote_for_the_search(db, tmp_path):
    path = written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0), eudamed_row(1)))
    await fates("eudamed", path, tmp_path)
    await fates("eudamed", path, tmp_path)

    waiting = await database.fetch("SELECT subject FROM search_dirty WHERE index = 'devices'")
    assert len(waiting) == 2


async def test_run_import_refuses_the_second_of_two_equal_keys(db, tmp_path):
    path = written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0), eudamed_row(0, name="Other")))

    done, report = await run(REGISTERS["eudamed"](), path, tmp_path)

    assert (done.created, done.refused) == (1, 1)
    assert dict(report.counts) == {Reason.KEY_REPEATED: 1}
    text = (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert text.splitlines()[1].split(",")[:5] == ["", "3", GTINS[0], "", "key-repeated"]


async def test_the_two_registers_do_not_take_each_other_for_the_same(db, tmp_path):
    await fates("eudamed", written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0))), tmp_path)
    path = written(tmp_path, "g.ndjson", ndjson(gudid_record(GTINS[0])))

    assert await fates("gudid", path, tmp_path) == (1, 0, 0, 0)


async def test_the_nomenclature_recognises_codes_of_devices_and_keeps_other_languages(db, tmp_path):
    await fates("eudamed", written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0))), tmp_path)
    await run(emdn_importer(), written(tmp_path, "en.csv", EMDN), tmp_path)
    french = EMDN.replace("BRONCHOSCOPES", "BRONCHOSCOPES SOUPLES")
    await run(emdn_importer("fr"), written(tmp_path, "fr.csv", french), tmp_path)
    done, _ = await run(emdn_importer("fr"), written(tmp_path, "fr.csv", french), tmp_path)

    device = await DeviceModel.select(DeviceModel.emdn_known).first()
    term = await EmdnTerm.select().where(EmdnTerm.code == "Z12020801").first()
    assert device == {"emdn_known": True}
    assert term is not None
    assert (term["name_en"], term["name_fr"]) == ("BRONCHOSCOPES", "BRONCHOSCOPES SOUPLES")
    assert (done.created, done.changed, done.unchanged) == (0, 0, 2)


async def test_run_import_goes_on_where_it_broke_off(db, tmp_path, monkeypatch):
    monkeypatch.setattr(batches_module.batches, "__kwdefaults__", {"rows": 10})
    path = written(tmp_path, "e.csv", many(35))
    importer, calls = REGISTERS["eudamed"](), []

    async def dies_in_the_third_batch(batch, run_id):
        calls.append(len(batch))
        if len(calls) == 3:
            raise ConnectionResetError
        return await importer.write(batch, run_id)

    from dataclasses import replace

    with pytest.raises(ConnectionResetError):
        await run(replace(importer, write=dies_in_the_third_batch), path, tmp_path)
    assert await DeviceModel.count() == 20

    done, _ = await run(importer, path, tmp_path)

    assert (done.resumed_at, done.position) == (20, 35)
    assert (done.created, done.changed, done.unchanged) == (35, 0, 0)
    assert await DeviceModel.count() == 35


async def test_an_import_killed_in_the_middle_is_completed_by_the_next_run(db, tmp_path):
    path = written(tmp_path, "e.csv", many(9000))
    command = [sys.executable, "-m", "portal.cli", "import", "eudamed", str(path)]
    killed = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    # Another process writes: there is nothing to wait for but the rows.
    while not await DeviceModel.count() and killed.returncode is None:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    # PostgreSQL notices a little later that the connection with the lock is gone.
    while await database.fetch(LOCKED):  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    done, _ = await run(REGISTERS["eudamed"](), path, tmp_path)

    assert done.created + done.unchanged == 9000
    rows = await database.fetch(
        "SELECT count(*) AS n, count(DISTINCT source_key) AS keys FROM device_model"
    )
    assert dict(rows[0]) == {"n": 9000, "keys": 9000}


async def test_two_imports_of_one_source_do_not_run_at_once(db, tmp_path):
    path = written(tmp_path, "e.csv", many(4000))

    results = await asyncio.gather(
        run(REGISTERS["eudamed"](), path, tmp_path),
        run(REGISTERS["eudamed"](), path, tmp_path),
        return_exceptions=True,
    )

    assert sorted(type(one) for one in results if isinstance(one, BaseException)) == [FileRefused]
    assert await DeviceModel.count() == 4000


async def test_a_report_cannot_run_as_a_formula(db, tmp_path):
    path = written(tmp_path, "e.csv", eudamed_csv(eudamed_row(0, maker="", udi_di="=1+1")))

    _, report = await run(REGISTERS["eudamed"](), path, tmp_path)

    assert ",'=1+1," in report.path.read_text("utf-8-sig")
