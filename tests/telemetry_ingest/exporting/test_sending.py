"""Tables of a device as they are sent: every reading, its completeness, memory that stays."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta

import duckdb
import msgspec
import pytest

from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.exporting.sending import as_csv, as_parquet, table_of
from telemetry_ingest.queries.pilots import pilot, pilot_device
from tests.telemetry_ingest.consumer.devices import (
    PULSE,
    SPO2,
    drop_days,
    make_pilot,
    make_pilot_device,
)
from tests.telemetry_ingest.readings import store_readings
from tests.telemetry_ingest.rollups.days import STARTS, generated, put


@pytest.fixture
async def world(db):
    row = await make_pilot(started_at=STARTS)
    unit = await make_pilot_device(row)
    yield await pilot(row.id), await pilot_device(unit.id)
    await drop_days()


async def table(world, hours=24):
    return await table_of(*world, micros(STARTS), micros(STARTS + timedelta(hours=hours)))


async def test_every_reading_by_metric_and_time(world):
    made = generated(world[1].number, STARTS, 20, every_s=300)
    await put(made)
    text = b"".join([part async for part in as_csv(await table(world))]).decode()
    body = [one.split(",") for one in text.splitlines() if not one.startswith("#")][1:]

    assert len(body) == len(made)
    names = {SPO2: "MDC_PULS_OXIM_SAT_O2", PULSE: "MDC_PULS_OXIM_PULS_RATE"}
    keys = [(one[1], one[0], int(one[5]), int(one[6])) for one in body]
    expected = [
        (names[one[1]], one[2].isoformat(timespec="microseconds").replace("+00:00", "Z"), *one[3:5])
        for one in made
    ]
    assert sorted(keys) == sorted(expected)
    assert [keys.index(one) for one in keys] == list(range(len(keys)))
    stored = sum(one[1] == SPO2 for one in made)
    assert f"{stored} stored of 86400 expected by the agreed rate" in text
    assert text.splitlines()[-1].startswith(f"# end: {len(made)} readings;")


async def test_parquet_holds_the_same_and_says_the_same(world, tmp_path):
    await put(generated(world[1].number, STARTS, 3))
    whole = await table(world)
    file = tmp_path / "readings.parquet"
    file.write_bytes(b"".join([part async for part in as_parquet(whole)]))
    text = b"".join([part async for part in as_csv(whole)]).decode()
    lines = [one for one in text.splitlines() if not one.startswith("#")][1:]

    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT epoch_us(time), metric, value, quality, seq FROM '{file}'"
        ).fetchall()
        told = dict(
            (bytes(name).decode(), bytes(value).decode())
            for name, value in connection.execute(
                f"SELECT key, value FROM parquet_kv_metadata('{file}')"
            ).fetchall()
        )
    assert len(rows) == len(lines) > 0
    assert [str(row[4]) for row in rows] == [one.split(",")[6] for one in lines]
    assert [row[2] is None for row in rows] == [one.split(",")[2] == "" for one in lines]
    assert told["readings"] == str(len(lines))
    assert "expected by the agreed rate" in told["MDC_PULS_OXIM_SAT_O2"]


def each_second(device, start, count):
    return [(device, SPO2, start + timedelta(seconds=n), 1, n, 97.0) for n in range(count)]


async def test_what_came_while_the_pilot_did_not_run_is_no_part_of_the_share(world):
    of, unit = world
    begun, closed = STARTS + timedelta(minutes=90), STARTS + timedelta(minutes=100, seconds=30)
    await put(each_second(unit.number, STARTS + timedelta(minutes=30), 4178))
    found = await table_of(
        replace(of, started_at=begun, closed_at=closed), unit,
        micros(STARTS), micros(STARTS + timedelta(hours=24)),
    )  # fmt: skip
    text = b"".join([part async for part in as_csv(found)]).decode()

    saturation = next(one for one in found.columns if one.code == SPO2)
    assert (saturation.stored, saturation.expected, saturation.besides) == (578, 630, 3600)
    assert (
        "578 stored of 630 expected by the agreed rate; 3600 more while the pilot did not run"
    ) in text
    assert text.splitlines()[-1].startswith("# end: 4178 readings;")


async def test_readings_out_of_the_hours_of_service_are_no_part_of_the_share(world):
    of, unit = world
    await put(each_second(unit.number, STARTS + timedelta(hours=7, minutes=50), 1200))
    nights = replace(of, protocol=msgspec.structs.replace(of.protocol, daily_from=8, daily_to=20))
    found = await table_of(nights, unit, micros(STARTS), micros(STARTS + timedelta(hours=48)))

    saturation = next(one for one in found.columns if one.code == SPO2)
    assert (saturation.stored, saturation.expected, saturation.besides) == (600, 86_400, 600)


async def test_memory_does_not_grow_with_the_readings(world):
    peaks = []
    for hour, seconds in ((1, 7_200), (3, 72_000)):
        await store_readings(
            world[1].number, STARTS + timedelta(hours=hour), [97.0] * seconds, boot=hour
        )
        found = await table(world, 24)
        tracemalloc.start()
        size = 0
        async for part in as_csv(found):
            size += len(part)
        peaks.append((size, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()

    (small, little), (large, much) = peaks
    assert large > 8 * small
    assert much < 1.5 * little
