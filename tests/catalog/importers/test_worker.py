"""A worker killed in the middle of a big import: what it left is taken up, once and whole."""

import asyncio
import io
import signal
import sys
from pathlib import Path
from uuid import UUID

from catalog.importers import previews, uploads
from catalog.importers.jobs import enqueue_import
from catalog.tables import DeviceModel, DeviceVariant
from portal import database
from portal.permissions import Actor
from portal.queue import queue
from tests.people import make_organisation

DEVICES = 3000
COMMAND = "from portal.worker import create_worker; create_worker().run()"


def table() -> bytes:
    """Return a list of devices with one variant each; every tenth is refused."""
    rows = [
        f"P-{number};{'' if number % 10 == 9 else 'Pompe'};V-{number}\n"
        for number in range(DEVICES)
    ]
    return ("reference;nom;variant_reference\n" + "".join(rows)).encode()


async def worker(log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", COMMAND, stdout=file, stderr=file
        )


async def until(run: UUID, test, process: asyncio.subprocess.Process, log: Path) -> uploads.Run:
    """Wait for what another process does to an import; there is nothing to wait on but its row."""
    async with asyncio.timeout(90):
        while True:
            found = await uploads.run_of(run)
            assert found is not None
            if test(found):
                return found
            assert process.returncode is None, log.read_text()
            await asyncio.sleep(0.02)


async def test_an_import_goes_on_after_its_worker_was_killed(db, tmp_path):
    log = tmp_path / "worker.log"
    owner = await make_organisation()
    run = await uploads.keep("l.csv", io.BytesIO(table()), owner.id, actor=Actor(None))
    kept = await uploads.run_of(run)
    assert kept is not None
    content = await previews.look_up(kept)
    assert await uploads.confirm(kept, content.total, actor=Actor(None))
    async with queue() as jobs:
        await jobs.flushdb()
        await enqueue_import(jobs, run)

    first = await worker(log)
    broken = await until(run, lambda one: one.position >= 400, first, log)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    stopped = await uploads.run_of(run)
    assert stopped is not None
    assert 400 <= broken.position <= stopped.position < DEVICES
    assert not stopped.is_finished
    # The minute of silence after which an import counts as dead has passed.
    await database.fetch("UPDATE import_run SET updated_at = now() - interval '61 seconds'")

    second = await worker(log)
    try:
        done = await until(run, lambda one: one.is_finished, second, log)
    finally:
        if second.returncode is None:
            second.terminate()
        await second.wait()

    good, bad = DEVICES * 9 // 10, DEVICES // 10
    assert (done.position, done.created, done.changed, done.refused) == (DEVICES, good, 0, bad)
    assert done.trouble == ""
    assert await DeviceModel.count() == good
    assert await DeviceVariant.count() == good
    rows = await database.fetch("SELECT count(DISTINCT reference) AS n FROM device_model")
    assert rows[0]["n"] == good
    assert len(uploads.spool_of(run).read_bytes().splitlines()) == bad + 1  # and their heading
    events = await database.fetch(
        "SELECT sum(jsonb_array_length(details -> 'created')) AS n FROM audit_record"
        " WHERE event = 'devices.imported'"
    )
    assert events[0]["n"] == good
