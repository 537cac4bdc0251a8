"""The readings of a pack: downloaded, they verify; one changed byte, and they do not."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from portal import database
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.errors import ReadingsHaveCome
from telemetry_ingest.evidence.command import exported
from telemetry_ingest.evidence.jobs import build
from telemetry_ingest.evidence.readings import lines_of
from telemetry_ingest.evidence.verify import check, contents_of
from telemetry_ingest.exporting.proof import (
    OtherReadings,
    check_counts,
    file_of,
    kept_with,
    sent,
    stretches,
)
from tests.people import sign_in
from tests.telemetry_ingest.evidence.packs import rows
from tests.telemetry_ingest.evidence.test_jobs import proven_pilot

LATE = (
    "INSERT INTO reading SELECT device, metric, at, boot, seq + 9999, value FROM reading"
    " ORDER BY device, at LIMIT 1"
)


@pytest.fixture
async def proven(db):
    """Return the sides, a pilot with its kept pack, and the pack."""
    sides, row = await proven_pilot()
    pack = await build(row.id)
    await keep_pack(row.id, pack.written(), pack.head, actor=sides.by_host)
    return sides, row, pack


def verified(folder, pack, readings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("tajhiz")), "evidence", "verify", str(folder / pack),
         str(folder / readings), "--language", "en"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


async def test_a_side_downloads_both_and_verifies_them_offline(proven, client, tmp_path):
    sides, row, _pack = proven
    await sign_in(client, sides.host)
    address = f"/fr/pilots/{row.id}/evidence"
    names = {}
    for name in ("pack.json", "readings.csv.gz"):
        answer = await client.get(f"{address}/{name}")
        assert answer.status_code == 200
        names[name] = answer.headers["content-disposition"].split('"')[1]
        (tmp_path / names[name]).write_bytes(answer.content)
    packed = names["readings.csv.gz"]
    good = verified(tmp_path, names["pack.json"], packed)
    assert (good.returncode, f"{len(rows()):,} readings" in good.stdout) == (0, True), good

    # The page says this very command.
    shown = await client.get(f"/fr/pilots/{row.id}/devices/{await unit_of(row)}/readings")
    assert f"tajhiz evidence verify {names['pack.json']} {packed}" in shown.text

    content = bytearray(gzip.decompress((tmp_path / packed).read_bytes()))
    place = content.index(b"96.")
    content[place + 1] = ord("7")
    (tmp_path / "changed.csv").write_bytes(content)
    bad = verified(tmp_path, names["pack.json"], "changed.csv")
    assert (bad.returncode, bad.stdout) == (1, "")


async def unit_of(row) -> str:
    found = await database.fetch("SELECT id FROM pilot_device WHERE pilot = $1 LIMIT 1", row.id)
    return str(found[0]["id"])


async def test_the_same_lines_as_the_command_writes(proven, tmp_path):
    _sides, row, pack = proven
    await exported(row.id, tmp_path)
    kept_with(pack).unlink()

    written = b"".join([part async for part in sent(pack)])

    assert gzip.decompress(written) == gzip.decompress((tmp_path / "readings.csv.gz").read_bytes())
    assert len(stretches(contents_of(pack))) == 2


async def test_readings_that_came_later_are_said_before_anything_is_sent(proven, client):
    sides, row, pack = proven
    kept_with(pack).unlink()
    await check_counts(pack)
    await database.fetch(LATE)
    with pytest.raises(ReadingsHaveCome):
        await check_counts(pack)
    with pytest.raises(OtherReadings):
        async for _part in sent(pack):
            pass
    await sign_in(client, sides.maker)
    answer = await client.get(f"/fr/pilots/{row.id}/evidence/readings.csv.gz")
    assert answer.status_code == 409


async def test_the_file_kept_with_the_pack_is_sent_whatever_came_later(proven):
    pack = proven[2]
    kept = kept_with(pack)
    assert kept is not None
    await database.fetch(LATE)

    whole = b"".join([part async for part in await file_of(pack)])
    assert whole == kept.read_bytes()
    assert check(pack, lines_of(kept)) == []


async def test_nobody_else(proven, client):
    address = f"/fr/pilots/{proven[1].id}/evidence/readings.csv.gz"

    assert (await client.get(address)).status_code == 303
