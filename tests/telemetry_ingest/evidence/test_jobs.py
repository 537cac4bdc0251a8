"""From the tables to a signed pack, and from its files back to the same figures, offline."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest

from portal import database
from portal.queue import queue
from portal.worker import create_worker
from telemetry_ingest.actions.evidence import keep_pack
from telemetry_ingest.errors import PilotMoveNotAllowed, PilotNotFound
from telemetry_ingest.evidence.command import exported
from telemetry_ingest.evidence.jobs import ask_for_evidence, build, make_evidence, progress_of
from telemetry_ingest.evidence.observed import moment
from telemetry_ingest.evidence.readings import lines_of
from telemetry_ingest.evidence.verify import check, loaded
from telemetry_ingest.evidence.window import contents
from telemetry_ingest.protocol import digest, written
from telemetry_ingest.queries.evidence import newest_pack, pack_with
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.evidence.packs import agreed, rows, some_units
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides


async def proven_pilot(state=PilotState.CLOSED):
    """Return the sides and a pilot whose tables hold the readings of ``packs.rows``."""
    sides, terms = await two_sides(), agreed()
    row = await make_pilot(
        sides,
        state,
        protocol={},
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
    )
    await database.fetch(
        "UPDATE pilot SET protocol = $2, protocol_digest = $3 WHERE id = $1",
        row.id, written(terms).decode(), digest(terms),
    )  # fmt: skip
    await make_unit(row, "SN-1")
    await make_unit(row, "REF-1", is_reference=True)
    numbers = [
        one["number"]
        for one in await database.fetch("SELECT number FROM pilot_device ORDER BY number")
    ]
    await fill(numbers)
    return sides, row


async def fill(numbers) -> None:
    for day in {moment(one[2]).date() for one in rows()}:
        await database.fetch("SELECT telemetry_day($1)", day)
    for device, code, at, boot, seq, value in rows():
        await database.fetch(
            "INSERT INTO reading VALUES ($1, $2, $3, $4, $5, $6)",
            numbers[device - 1], code, moment(at), boot, seq, value,
        )  # fmt: skip
    for place, (at, state) in enumerate(some_units()[0].status):
        await database.fetch(
            "INSERT INTO device_status VALUES ($1, $2, 1, $3, $4)",
            numbers[0], moment(at), place, state,
        )  # fmt: skip
    await database.fetch(
        "INSERT INTO device_ledger VALUES ($1, 1, 1, '{[0,1440)}', now(), now(), now())", numbers[0]
    )


async def worked() -> None:
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()


async def test_a_closed_pilot_becomes_evidence_that_anybody_computes_again(db, tmp_path):
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
    assert (code, line.startswith("Le dossier est exact"), "\n" in line) == (0, True, False)
    assert verified(pack, readings, "--key", "00" * 32)[0] == 1
    pack.write_bytes(pack.read_bytes().replace(b'"met"', b'"xxx"', 1))
    assert verified(pack, readings, "--language", "ar")[0] == 1
    assert verified(tmp_path / "none.json", readings)[0] == 2
    assert verified(readings)[0] == 2
