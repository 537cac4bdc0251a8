"""The commands, as a person at a terminal meets them: in a process of their own."""

import asyncio
import sys

from catalog.tables import DeviceModel
from portal import database
from tests.catalog.importers.files import (
    eudamed_csv,
    eudamed_row,
    gudid_record,
    ndjson,
    written,
    zipped,
)
from tests.people import make_organisation


async def tajhiz(*arguments: object) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "portal.cli", "import", *map(str, arguments),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def counts(out: str) -> list[str]:
    """Return the lines of a summary that count rows."""
    return [line.strip() for line in out.splitlines() if line.startswith("  ")]


async def test_import_says_what_became_of_the_rows_and_indexes_them(db, tmp_path):
    rows = [eudamed_row(0), eudamed_row(1, maker=""), eudamed_row(0)]
    path = written(tmp_path, "e.csv", eudamed_csv(*rows))
    report = tmp_path / "why.csv"

    status, out, _ = await tajhiz("eudamed", path, "--report", report, "--language", "en")

    assert status == 0
    assert counts(out) == [
        "1  created",
        "0  changed",
        "0  unchanged",
        "2  refused",
        "1  · The row does not say who makes the device.",
        "1  · The same identifier stands higher up in this file; only the first row counts.",
    ]
    assert len(report.read_text("utf-8-sig").splitlines()) == 3
    indexed = await database.fetch("SELECT count(*) AS n FROM search_document WHERE NOT deleted")
    waiting = await database.fetch("SELECT count(*) AS n FROM search_dirty")
    assert (indexed[0]["n"], waiting[0]["n"]) == (1, 0)


async def test_import_reads_a_release_in_a_zip_and_speaks_french_by_itself(db, tmp_path):
    path = written(tmp_path, "g.zip", zipped(a__ndjson=ndjson(gudid_record())))

    status, out, _ = await tajhiz("gudid", path, "--report", tmp_path / "why.csv")

    assert status == 0
    assert counts(out) == ["1  créés", "0  modifiés", "0  inchangés", "0  refusés"]
    assert not (tmp_path / "why.csv").exists()


async def test_import_of_a_file_that_cannot_be_read_is_one_sentence(db, tmp_path):
    path = written(tmp_path, "e.csv", "a,b\n1,2\n")

    status, out, err = await tajhiz("eudamed", path, "--language", "en")

    assert (status, out) == (1, "")
    assert err == "Error: Columns missing: udi_di, maker. Columns found: a, b.\n"


async def test_a_dry_run_shows_every_field_and_writes_nothing(db, tmp_path):
    maker = await make_organisation()
    path = written(tmp_path, "d.csv", "reference;nom;risk_class\nP-1;Pompe;IIb\n")
    command = ("devices", path, "--organisation", maker.id, "--language", "en")

    status, out, _ = await tajhiz(*command, "--dry-run")

    assert status == 0
    assert out.splitlines()[:4] == [
        "     2  would be created  P-1  Pompe",
        "        name_fr: None → 'Pompe'",
        "        risk_class: None → 'IIb'",
        "Dry run: nothing was written.",
    ]
    assert await DeviceModel.count() == 0

    await tajhiz(*command)
    _, again, _ = await tajhiz(*command)

    assert await DeviceModel.count() == 1
    assert counts(again) == ["0  created", "0  changed", "1  unchanged", "0  refused"]


async def test_devices_of_an_unknown_organisation_are_refused(db, tmp_path):
    path = written(tmp_path, "d.csv", "reference;nom\nP-1;Pompe\n")

    status, _, err = await tajhiz("devices", path, "--organisation", "0", "--language", "en")

    assert (status, err) == (1, "Error: There is no organisation with the id or ICE 0.\n")
