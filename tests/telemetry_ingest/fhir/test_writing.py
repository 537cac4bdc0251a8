"""A pilot as a file: every reading once, in both forms, in memory that does not grow."""

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import click
import pytest

from portal import database
from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.fhir.command import exported
from telemetry_ingest.fhir.dates import EVER
from telemetry_ingest.fhir.writing import PIECE, Export
from telemetry_ingest.queries.fhir import Which, units
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.fhir.units import BASE
from tests.telemetry_ingest.fhir.valid import check
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import PULSE, SPO2, alarm, store_readings

STARTED = datetime(2026, 3, 1, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def pilot(db):
    """A closed pilot with two units, one of which measured across the limit of a piece."""
    row = await make_pilot(await two_sides(), PilotState.CLOSED)
    unit = await make_unit(row, "SN-1")
    await make_unit(row, "SN-2", is_reference=True)
    values = [90.0 + place % 10 if place % 50 else None for place in range(PIECE + 500)]
    await store_readings(unit.number, STARTED, values)
    await store_readings(unit.number, STARTED, [71.5], metric=PULSE, boot=2)
    # The moment of another one, after a restart: it breaks the run.
    await store_readings(unit.number, STARTED + 1_000 * SECOND, [55.5], boot=2, first=1)
    return row


async def text_of(parts) -> str:
    return b"".join([one async for one in parts]).decode()


async def export_of(pilot, *, runs, span=EVER) -> Export:
    return Export(BASE, await units(Which(pilots=[pilot.id])), span, runs=runs)


def values_of(resources):
    """Return the values of all saturations in the order they are sent."""
    found = []
    for one in resources:
        if one.get("code", {}).get("coding", [{}])[0].get("code") != str(SPO2):
            continue
        if "valueSampledData" in one:
            found += one["valueSampledData"]["data"].split()
        else:
            value = one.get("valueQuantity", {}).get("value")
            found.append("E" if value is None else f"{value:g}")
    return found


async def test_a_bundle_holds_devices_metrics_and_every_reading_once(pilot):
    each, runs = [
        json.loads(await text_of((await export_of(pilot, runs=runs)).bundle()))
        for runs in (False, True)
    ]

    check(runs)
    check(each | {"entry": each["entry"][:50]})
    kinds = [one["resource"]["resourceType"] for one in each["entry"]]
    assert [kinds.count(one) for one in ("Device", "DeviceMetric", "Observation")] == [
        2, 4, PIECE + 502,
    ]  # fmt: skip
    resources = [one["resource"] for one in each["entry"]]
    assert len({(one["resourceType"], one["id"]) for one in resources}) == len(resources)
    assert values_of(one["resource"] for one in runs["entry"]) == values_of(resources)
    assert len(runs["entry"]) < 20
    addresses = {one["fullUrl"].removeprefix(f"{BASE}/") for one in each["entry"]}
    sources = {one["device"]["reference"] for one in resources if "device" in one}
    assert sources - addresses == set()


async def test_lines_hold_the_same_resources(pilot):
    for runs in (False, True):
        export = await export_of(pilot, runs=runs)
        lines = (await text_of(export.lines())).splitlines()
        whole = json.loads(await text_of((await export_of(pilot, runs=runs)).bundle()))

        assert [json.loads(one) for one in lines] == [one["resource"] for one in whole["entry"]]
        assert export.observations == len(lines) - 6


async def test_a_span_cuts_and_a_pilot_without_readings_is_a_bundle_too(pilot):
    start = int(STARTED.timestamp()) * 1_000_000
    part = await export_of(pilot, runs=True, span=(start + 10_000_000, start + 15_000_000))
    nothing = await export_of(pilot, runs=True, span=(0, 1))

    found = json.loads(await text_of(part.bundle()))
    assert values_of(one["resource"] for one in found["entry"]) == ["90", "91", "92", "93", "94"]
    empty = json.loads(await text_of(nothing.bundle()))
    check(empty)
    assert len(empty["entry"]) == 6


async def test_the_command_puts_a_whole_file_there(pilot, tmp_path):
    bundle, lines = tmp_path / "pilot.json", tmp_path / "pilot.ndjson"

    counts = [await exported(pilot.id, bundle), await exported(pilot.id, lines, each=True)]

    check(json.loads(bundle.read_text()))
    assert counts == [len(json.loads(bundle.read_text())["entry"]) - 6, PIECE + 502]
    assert len(lines.read_text().splitlines()) == PIECE + 508
    some = await exported(pilot.id, lines, STARTED, STARTED + 5 * SECOND, each=True)
    assert (some, sorted(tmp_path.iterdir())) == (6, [bundle, lines])


async def test_the_command_says_what_is_wrong_and_leaves_no_half_file(pilot, tmp_path):
    target = tmp_path / "pilot.json"
    with pytest.raises(click.ClickException, match="no pilot"):
        await exported(uuid4(), target)
    with pytest.raises(click.ClickException, match="end has to come"):
        await exported(pilot.id, target, STARTED, STARTED)
    with pytest.raises(click.ClickException, match="No such file"):
        await exported(pilot.id, tmp_path / "nowhere" / "pilot.json")
    await a_day_whose_file_is_gone(pilot)
    target.write_text("before")
    with pytest.raises(click.ClickException, match=r"2026-03-01\.parquet"):
        await exported(pilot.id, target)

    assert (target.read_text(), list(tmp_path.iterdir())) == ("before", [target])


async def a_day_whose_file_is_gone(pilot) -> None:
    unit = (await units(Which(pilots=[pilot.id])))[0]
    await database.fetch(
        "INSERT INTO cold_day VALUES ('2026-03-01', '2026-03-01.parquet', '', 1, now())"
    )
    await database.fetch(
        "INSERT INTO rollup_day VALUES ($1, $2, '2026-03-01Z', 1, 0, 0, 1, 1, 1, 1, 1, '{}')",
        unit.number,
        SPO2,
    )


async def test_memory_stays_the_same_whatever_there_is_to_write(pilot):
    unit = (await units(Which(pilots=[pilot.id])))[0]
    peaks = []
    for place, count in enumerate((4_000, 40_000)):
        begins = STARTED + timedelta(days=2 + place)
        await store_readings(unit.number, begins, [97.0] * count, first=10_000 + place * 50_000)
        start = int(begins.timestamp()) * 1_000_000
        export = await export_of(pilot, runs=False, span=(start, start + 50_000_000_000))
        tracemalloc.start()
        size = 0
        async for part in export.lines():
            size += len(part)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (export.observations, size > count * 300) == (count, True)

    assert peaks[1] < peaks[0] * 1.3


async def test_alarms_of_the_period_come_after_the_readings(pilot):
    unit = (await units(Which(pilots=[pilot.id])))[1]
    for place in range(3):
        await alarm(unit.number, STARTED + place * SECOND, active=place != 1, seq=place)
    start = micros(STARTED + SECOND)
    export = await export_of(pilot, runs=True, span=(start, EVER[1]))

    found = [json.loads(one) for one in (await text_of(export.lines())).splitlines()]

    alarms = [one for one in found if "component" in one]
    for one in alarms:
        check(one)
    assert [one["component"][0]["valueString"] for one in alarms] == ["inactive", "active"]
    assert found[-2:] == alarms
