"""From the tables to a signed pack, and from its files back to the same figures, offline."""

import asyncio
import os
import subprocess
import sys
from uuid import uuid4

import pytest

from portal import database
from portal.queue import queue
from portal.worker import create_worker
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.errors import PilotMoveNotAllowed, PilotNotFound, ReadingsHaveCome
from telemetry_ingest.evidence.command import exported
from telemetry_ingest.evidence.jobs import (
    ask_for_evidence,
    build,
    is_printed_now,
    make_evidence,
    progress_of,
)
from telemetry_ingest.evidence.readings import lines_of
from telemetry_ingest.evidence.verify import check, contents_of, loaded
from telemetry_ingest.evidence.window import contents
from telemetry_ingest.queries.evidence import come_since, held, newest_pack, pack_with
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.evidence.packs import a_pack, rows, some_units
from tests.telemetry_ingest.evidence.proven import proven_pilot
from tests.telemetry_ingest.pilots import make_pilot, two_sides


async def worked() -> None:
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()


async def test_a_closed_pilot_becomes_evidence_that_anybody_computes_again(db, tmp_path, cold):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await queued.flushdb()
    await ask_for_evidence(row.id, sides.host.id)
    assert await progress_of(row.id) == (0, 0)
    await worked()

    kept = await newest_pack(row.id)
    one = await pilot(row.id)
    assert (one.state, one.moves[-1].move, kept.number) == (PilotState.EVIDENCED, "evidence", 1)
    assert await progress_of(row.id) is None
    assert await pack_with(kept.head) == kept
    # The report was printed in the same run, so that nobody has to wait for it.
    assert len(list((cold / "evidence").glob("*.pdf"))) == 3
    assert not await is_printed_now(kept.head)
    pack = loaded(kept.content)
    assert pack.sections["readings"]["count"] == len(rows())
    assert [each["outcome"] for each in pack.sections["judgements"]["all"]] == [
        "met", "met", "not_enough",
    ]  # fmt: skip

    await exported(row.id, tmp_path, parquet=True)
    for name in ("readings.csv.gz", "readings.parquet"):
        assert check(pack, lines_of(tmp_path / name)) == []
    assert (tmp_path / "pack.json").read_bytes() == kept.content


async def test_twice_is_once_and_late_readings_make_another_pack(db):
    sides, row = await proven_pilot()
    async with queue() as queued:
        heads = [
            await make_evidence({"redis": queued}, str(row.id), str(sides.host.id))
            for _ in range(2)
        ]
        assert heads[0] == heads[1]
        assert (await newest_pack(row.id)).number == 1
        await database.fetch(
            "INSERT INTO reading SELECT device, metric, at, boot, seq + 9999, value FROM reading"
            " ORDER BY device, at LIMIT 1"
        )
        assert await make_evidence({"redis": queued}, str(row.id), str(sides.host.id)) != heads[0]
    assert (await newest_pack(row.id)).number == 2
    events = await database.fetch("SELECT event FROM audit_record WHERE event = 'evidence.made'")
    assert len(events) == 2


async def test_a_pack_and_its_readings_stay_what_they_were(db, tmp_path):
    """Late readings change neither the pack nor the file that goes with it, and are told."""
    sides, row = await proven_pilot()
    async with queue() as queued:
        job = {"redis": queued}
        first = await make_evidence(job, str(row.id), str(sides.host.id))
        units = contents_of(loaded((await newest_pack(row.id)).content)).units
        assert await come_since(row.id, held(units)) == 0
        await database.fetch(
            "INSERT INTO reading SELECT device, metric, at, boot, 1440, value FROM reading"
            " ORDER BY device, at LIMIT 1"
        )
        await database.fetch("UPDATE device_ledger SET stored = '{[0,1441)}'")
        assert await come_since(row.id, held(units)) == 1

        await exported(row.id, tmp_path / "before")
        second = await make_evidence(job, str(row.id), str(sides.host.id))
    await exported(row.id, tmp_path / "after")
    await exported(row.id, tmp_path / "again", head=first)
    heads = {}
    for name in ("before", "after", "again"):
        pack = loaded((tmp_path / name / "pack.json").read_bytes())
        assert check(pack, lines_of(tmp_path / name / "readings.csv.gz")) == []
        heads[name] = pack.head
    assert heads == {"before": first, "after": second, "again": first}
    assert await come_since(row.id, held(contents_of(pack).units)) == 1


async def test_without_the_kept_file_late_readings_are_refused(db, tmp_path, cold):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await make_evidence({"redis": queued}, str(row.id), str(sides.host.id))
    for one in (cold / "evidence").iterdir():
        one.unlink()
    await exported(row.id, tmp_path / "same")
    await database.fetch(
        "INSERT INTO reading SELECT device, metric, at, boot, 1440, value FROM reading LIMIT 1"
    )
    with pytest.raises(ReadingsHaveCome):
        await exported(row.id, tmp_path / "late")
    assert list((tmp_path / "late").iterdir()) == []


async def test_two_clicks_are_one_job_and_one_pack(db):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await queued.flushdb()
        await asyncio.gather(
            *(ask_for_evidence(row.id, one) for one in (sides.host.id, sides.maker.id) * 3)
        )
        assert len(await queued.queued_jobs()) == 1
    await worked()
    await ask_for_evidence(row.id, sides.maker.id)
    await worked()
    assert ((await newest_pack(row.id)).number, await progress_of(row.id)) == (1, None)


async def test_a_click_while_the_job_ends_leaves_nothing_waiting(db):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await queued.flushdb()
        await ask_for_evidence(row.id, sides.host.id)
        await queued.delete(f"tajhiz:evidence:{row.id}")  # what the job does at its end
        await ask_for_evidence(row.id, sides.host.id)
    assert await progress_of(row.id) is None


async def test_two_workers_at_once_keep_one_pack(db):
    sides, row = await proven_pilot()
    made = [await build(row.id) for _turn in range(2)]
    assert made[0].written() == made[1].written()
    kept = await asyncio.gather(
        *(keep_pack(row.id, one.written(), one.head, actor=sides.by_host) for one in made),
        return_exceptions=True,
    )
    assert [one.number for one in kept] == [1, 1]
    events = await database.fetch("SELECT event FROM audit_record WHERE event = 'evidence.made'")
    assert len(events) == 1


async def test_both_sides_are_told(db):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await make_evidence({"redis": queued}, str(row.id), str(sides.host.id))
    mails = await database.fetch("SELECT recipient, details::json->>'what' AS what FROM mail")
    assert sorted(tuple(one) for one in mails) == [
        ("mia@hopital.example", "evidence"), ("sam@atlas.example", "evidence"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", [PilotState.AGREED, PilotState.RUNNING, PilotState.WITHDRAWN])
async def test_only_a_closed_pilot(db, state):
    sides = await two_sides()
    row = await make_pilot(sides, state)

    with pytest.raises(PilotMoveNotAllowed):
        await build(row.id)
    with pytest.raises(PilotMoveNotAllowed):
        await keep_pack(row.id, b"{}", "0" * 64, actor=sides.by_host)
    assert await newest_pack(row.id) is None


async def test_no_pilot(db):
    with pytest.raises(PilotNotFound):
        await build(uuid4())


async def test_what_the_window_holds(db):
    _sides, row = await proven_pilot()
    found = await contents(await pilot(row.id))

    assert found.units[0].status == some_units()[0].status
    assert found.units[0].ledger == some_units()[0].ledger
    assert [one.is_reference for one in found.units] == [False, True]


def verified(*arguments) -> tuple[int, str]:
    """Run the command where there is no service and no setting."""
    bare = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "evidence", "verify", *map(str, arguments)],
        capture_output=True, text=True, env=bare, timeout=60,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).strip()


async def test_verifying_offline_in_one_line(db, tmp_path):
    sides, row = await proven_pilot()
    async with queue() as queued:
        await make_evidence({"redis": queued}, str(row.id), str(sides.host.id))
    await exported(row.id, tmp_path)
    pack, readings = tmp_path / "pack.json", tmp_path / "readings.csv.gz"

    code, line = verified(pack, readings, "--language", "en")
    assert (code, line.startswith("The pack holds: 2,880 readings")) == (0, True)
    code, line = verified(pack, readings)
    assert (code, line.startswith("Le dossier est exact"), line.count("\n")) == (0, True, 1)
    assert verified(pack, readings, "--key", "00" * 32)[0] == 1
    public = loaded(pack.read_bytes()).data["signature"]["public_key"]
    code, line = verified(pack, readings, "--key", public.upper())
    assert (code, "\n" in line) == (0, False)
    spaced = tmp_path / "spaced.json"
    spaced.write_bytes(pack.read_bytes().replace(b":", b": ", 1))
    code, line = verified(spaced, readings, "--language", "en")
    assert (code, "changed at byte" in line) == (2, True)
    pack.write_bytes(pack.read_bytes().replace(b'"met"', b'"xxx"', 1))
    assert verified(pack, readings, "--language", "ar")[0] == 1
    assert verified(tmp_path / "none.json", readings)[0] == 2
    assert verified(readings)[0] == 2


async def test_what_cannot_be_exported_is_said_in_the_language_of_whoever_asks(db, tmp_path):
    sides, row = await proven_pilot()
    other = await make_pilot(sides, PilotState.CLOSED)
    older = a_pack().written().replace(b'"readings"', b'"measured"')
    await keep_pack(row.id, older, "e" * 64, actor=sides.by_host)
    said = {
        (row.id, "fr"): "que cette version ne connaît pas",
        (row.id, "en"): "This evidence has a form that this version does not know",
        (other.id, "en"): "This pilot has no such evidence pack.",
    }

    for (pilot_id, code), text in said.items():
        command = ["evidence", "export", str(pilot_id), str(tmp_path / "pack"), "--language", code]
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "portal.cli", *command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, text in done.stderr) == (2, True), done.stderr
        assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
