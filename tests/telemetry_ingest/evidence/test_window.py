"""What the tables and the files of old days hold: the same pack wherever a day is."""

from datetime import timedelta

import pytest

from portal import database
from portal.queue import queue
from telemetry_ingest.cold.freezing import Outcome, freeze
from telemetry_ingest.cold.thawing import FileMissing
from telemetry_ingest.evidence.jobs import build, failed_lately, make_evidence
from telemetry_ingest.evidence.readings import Readings
from telemetry_ingest.evidence.window import collect, contents, picture
from telemetry_ingest.queries.evidence import newest_pack
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.rollups.draining import drain
from tests.telemetry_ingest.evidence.packs import rows
from tests.telemetry_ingest.evidence.proven import proven_pilot
from tests.telemetry_ingest.protocols import STARTS

DAYS = [STARTS.date() + timedelta(days=place) for place in range(10)]
LATE = (
    "INSERT INTO reading SELECT device, metric, at, boot, seq + 9999, value FROM reading"
    " ORDER BY device, at DESC LIMIT 1"
)


async def moved(days) -> None:
    await drain()
    for day in days:
        assert await freeze(day) is Outcome.MOVED


@pytest.mark.parametrize("days", [DAYS[:1], DAYS[2:5], DAYS])
async def test_days_that_were_moved_to_files_give_the_same_pack(db, days):
    _sides, row = await proven_pilot()
    before = await build(row.id)
    await moved(days)

    after = await build(row.id)

    assert after.written() == before.written()
    assert after.sections["readings"]["count"] == len(rows())


async def test_a_day_in_both_places_is_counted_once(db):
    _sides, row = await proven_pilot()
    before = await build(row.id)
    first = await database.fetch("SELECT * FROM reading ORDER BY at LIMIT 100")
    await moved(DAYS[:1])
    await database.fetch("SELECT telemetry_day($1)", DAYS[0])
    for one in first:
        await database.fetch("INSERT INTO reading VALUES ($1, $2, $3, $4, $5, $6)", *one)

    assert (await build(row.id)).written() == before.written()


async def test_a_file_that_was_changed_or_lost_stops_it_and_is_told(db, cold):
    sides, row = await proven_pilot()
    await moved(DAYS[:2])
    (file, other) = sorted(one for one in cold.rglob("*.parquet"))
    content = file.read_bytes()
    file.write_bytes(content[:-200] + bytes([content[-200] ^ 1]) + content[-199:])
    with pytest.raises(FileMissing):
        await build(row.id)
    file.write_bytes(content)
    other.rename(other.with_suffix(".away"))
    async with queue() as queued:
        with pytest.raises(FileMissing):
            await make_evidence({"redis": queued}, str(row.id), str(sides.host.id))
    assert await newest_pack(row.id) is None
    assert await failed_lately(row.id)


async def test_what_comes_while_it_is_read_is_not_in_it(db):
    _sides, row = await proven_pilot()
    readings = Readings()
    async with picture():
        found = await contents(await pilot(row.id))
        async with database.DB.pool.acquire() as other:
            await other.execute(LATE)
        await collect(found, readings)

    assert readings.tree.count == len(rows())
    assert (await build(row.id)).sections["readings"]["count"] == len(rows()) + 1
