"""Old days go to files and stay readable; nothing is dropped before its file was read back."""

import os
from datetime import date, timedelta

import duckdb
import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.cold import freezing, parquet
from telemetry_ingest.cold.freezing import NotWhatWasWritten, Outcome, days_due, freeze, freeze_due
from telemetry_ingest.cold.jobs import move_old_days
from telemetry_ingest.cold.thawing import FileMissing
from telemetry_ingest.rollups.draining import drain
from tests.telemetry_ingest.consumer.devices import SPO2, drop_days, make_pilot_device
from tests.telemetry_ingest.rollups.days import STARTS, generated, put, rollups

DAY = STARTS.date()


@pytest.fixture
def cold(tmp_path, monkeypatch):
    monkeypatch.setenv("TAJHIZ_TELEMETRY_COLD_DIR", str(tmp_path / "cold"))
    get_settings.cache_clear()
    yield tmp_path / "cold"
    get_settings.cache_clear()


@pytest.fixture
async def device(db, cold):
    yield (await make_pilot_device()).number
    await drop_days()


async def partitions() -> list[str]:
    rows = await database.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits "
        "WHERE inhparent IN ('reading'::regclass, 'rollup_minute'::regclass) ORDER BY 1"
    )
    return [row["name"] for row in rows]


async def kept() -> dict[date, tuple[str, str, int]]:
    rows = await database.fetch("SELECT * FROM cold_day ORDER BY day")
    return {row["day"]: (row["file"], row["digest"], row["readings"]) for row in rows}


async def in_table() -> int:
    return (await database.fetch("SELECT count(*) AS n FROM reading"))[0]["n"]


async def test_a_day_is_moved_with_its_digest_and_reads_back_the_same(device, cold):
    readings = generated(device, STARTS, 23)
    await put(readings)
    await drain()

    assert await freeze(DAY) is Outcome.MOVED
    file, digest, count = (await kept())[DAY]
    rows = parquet.rows(cold / file, device)
    assert (count, await in_table(), len(rows.times)) == (len(readings), 0, len(readings))
    assert (digest, digest[:16] in file) == (parquet.digest(cold / file), True)
    found = zip(*(one.tolist() for one in (rows.metrics, rows.times, rows.seqs)), strict=True)
    assert sorted(found) == sorted((one[1], parquet.micros(one[2]), one[4]) for one in readings)
    values = [None if value != value else value for value in rows.values.tolist()]
    assert sorted(map(str, values)) == sorted(str(one[5]) for one in readings)
    assert "reading_20260301" not in await partitions()
    assert [path.name for path in cold.iterdir()] == ["2026"]


async def test_the_file_is_sorted_and_compressed_for_anybody_to_read(device, cold):
    for number in (device, (await make_pilot_device()).number):
        await put(generated(number, STARTS, 2, seed=number))
    await drain()
    await freeze(DAY)
    path = cold / (await kept())[DAY][0]
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT {parquet.KEY} FROM '{path}'").fetchall()
        codecs = connection.execute(
            f"SELECT DISTINCT compression FROM parquet_metadata('{path}')"
        ).fetchall()

    assert (rows, codecs) == (sorted(rows), [("ZSTD",)])


async def test_a_late_reading_of_a_moved_day_restates_it_and_joins_the_file(device, cold):
    readings = generated(device, STARTS, 5)
    late = generated(device, STARTS, 0.2, seed=7, first=10_000)
    await put(readings)
    await drain()
    await freeze(DAY)
    first = (await kept())[DAY]
    await put(late)

    assert await freeze(DAY) is Outcome.WAITS  # its roll-ups first
    await drain()
    hours = await rollups("rollup_hour", device, SPO2)
    assert sum(one.readings for one in hours.values()) == len(readings + late) // 2
    assert await freeze(DAY) is Outcome.MOVED
    second = (await kept())[DAY]
    assert (second[2], await in_table()) == (len(readings + late), 0)
    assert parquet.content(cold / second[0]).readings == len(readings + late)
    assert [(cold / one[0]).exists() for one in (first, second)] == [False, True]


async def test_a_reading_that_comes_during_the_export_keeps_the_partition(device, monkeypatch):
    await put(generated(device, STARTS, 1))
    await drain()
    original = freezing._export

    async def meanwhile(day, target):
        count = await original(day, target)
        await put(generated(device, STARTS, 0.1, seed=9, first=5_000))
        await drain()
        return count

    monkeypatch.setattr(freezing, "_export", meanwhile)
    stored = await in_table()

    assert await freeze(DAY) is Outcome.WAITS
    assert (await in_table() > stored, await kept()) == (True, {})
    monkeypatch.undo()


async def test_a_file_that_reads_back_differently_drops_nothing(device, monkeypatch, cold):
    readings = generated(device, STARTS, 1)
    await put(readings)
    await drain()
    monkeypatch.setattr(parquet, "content", lambda file: parquet.Content(len(readings), 0))
    with pytest.raises(NotWhatWasWritten):
        await freeze(DAY)

    assert (await in_table(), await kept(), list(cold.iterdir())) == (len(readings), {}, [])


async def test_storing_readings_comes_first(device, monkeypatch):
    monkeypatch.setattr(freezing, "LOCK_MS", 100)
    await put(generated(device, STARTS, 1))
    await drain()
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE reading IN ROW EXCLUSIVE MODE")

        assert await freeze(DAY) is Outcome.BUSY
    assert (await freeze(DAY), await in_table()) == (Outcome.MOVED, 0)


async def test_only_days_older_than_the_policy_are_due(device, monkeypatch):
    await put(generated(device, STARTS, 71, every_s=600))
    await drain()
    today = DAY + timedelta(days=get_settings().telemetry_raw_days + 2)

    assert await days_due(today) == [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
    assert list((await freeze_due(today)).values()) == [
        Outcome.EMPTY, Outcome.MOVED, Outcome.MOVED,
    ]  # fmt: skip
    assert (await days_due(today), list(await kept())) == ([], [DAY, DAY + timedelta(days=1)])


async def test_the_nightly_job_moves_what_is_due(device):
    await put(generated(device, STARTS, 1))
    await drain()
    await move_old_days({})

    assert (await in_table(), list(await kept())) == (0, [DAY])


async def test_roll_ups_are_not_counted_from_half_a_day(device, cold, caplog):
    readings = generated(device, STARTS, 2)
    await put(readings)
    await drain()
    await freeze(DAY)
    before = await rollups("rollup_hour", device, SPO2)
    os.unlink(cold / (await kept())[DAY][0])
    await put(generated(device, STARTS, 0.1, seed=7, first=10_000))
    await drain()

    assert await rollups("rollup_hour", device, SPO2) == before
    with pytest.raises(FileMissing):
        await database.fetch("DELETE FROM taken_hour")
        await freeze(DAY)
