"""Quality of what was received: ledger, gaps, clocks and numbers that come twice."""

import csv
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import database
from telemetry_ingest.evidence.window import _tuples
from telemetry_ingest.quality.ledgers import Boot, Completeness, overlaps
from telemetry_ingest.queries.quality import OFFSETS, quality
from telemetry_ingest.rollups.draining import drain
from telemetry_ingest.statistics.clocks import clock
from tests.telemetry_ingest.consumer.devices import SPO2, drop_days, make_pilot_device
from tests.telemetry_ingest.protocols import STARTS
from tests.telemetry_ingest.rollups.days import put

BIDMC = Path(__file__).parents[4] / "shared/data/telemetry_bidmc/bidmc_01_Numerics.csv"


@pytest.fixture
async def device(db):
    yield (await make_pilot_device()).number
    await drop_days()


async def ledger(device: int, boot: int, stored: str, first: int, last: int) -> None:
    await database.fetch(
        "INSERT INTO device_ledger VALUES ($1, 1, $2, $3::text::int8multirange, $4, $5, $5)",
        device, boot, stored,
        STARTS + timedelta(seconds=first), STARTS + timedelta(seconds=last),
    )  # fmt: skip


async def test_what_is_missing_is_named_and_counted_twice(device):
    numbers = [*range(100), *range(150, 200)]
    await put([(device, SPO2, STARTS + timedelta(seconds=one), 1, one, 97.0) for one in numbers])
    await put([(device, SPO2, STARTS + timedelta(seconds=1000), 1, 5, 300.0)])
    await ledger(device, 1, "{[0,100),[150,200)}", 0, 200)
    await ledger(device, 2, "{[0,10)}", 150, 300)
    await drain()
    found = await quality(device, STARTS, STARTS + timedelta(hours=1))

    assert found is not None
    assert [one.missing for one in found.boots] == [((100, 150),), ()]
    assert found.completeness == Completeness(stored=151, by_sequence=210, by_rate=7200)
    assert found.completeness.of_sequence == Fraction(151, 210)
    assert (found.implausible, found.repeated, found.overlapping) == (1, 1, ((1, 2),))
    assert sum(one.seconds for one in found.gaps) == 3600 - 199


async def test_a_device_nobody_knows_has_no_quality(db):
    assert await quality(4711, STARTS, STARTS + timedelta(hours=1)) is None


@pytest.mark.skipif(not BIDMC.exists(), reason="the recordings of BIDMC are not at hand")
async def test_a_recording_of_a_patient_is_complete(device):
    with BIDMC.open(newline="") as file:
        rows = [
            {name.strip(): value for name, value in row.items()} for row in csv.DictReader(file)
        ]
    values = [float(row["SpO2"]) if row["SpO2"] not in {"", "NaN"} else None for row in rows]
    await put(
        [
            (device, SPO2, STARTS + timedelta(seconds=one), 1, one, value)
            for one, value in enumerate(values)
        ]
    )
    await ledger(device, 1, f"{{[0,{len(values)})}}", 0, len(values))
    await drain()
    found = await quality(device, STARTS, STARTS + timedelta(hours=1))

    assert found is not None
    assert found.completeness.of_sequence == 1
    assert (found.failed, found.implausible) == (values.count(None), 0)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=20).filter(lambda one: len(one) % 2 == 0))
def test_stored_and_missing_make_what_is_expected(steps):
    borders = [sum(steps[: place + 1]) for place in range(len(steps))]
    boot = Boot(1, tuple(zip(borders[::2], borders[1::2], strict=True)), 0, 1)

    assert boot.count + sum(end - start for start, end in boot.missing) == boot.expected


def test_more_than_agreed_is_all_of_it_and_nothing_expected_is_no_share():
    assert Completeness(12, 12, 10).of_rate == 1
    assert (Completeness(0, 0, 0).of_sequence, Completeness(0, 0, 0).of_rate) == (None, None)
    assert overlaps([Boot(2, (), 5, 9), Boot(1, (), 0, 5)]) == []


async def test_a_jump_of_the_clock_is_the_same_for_the_quality_and_for_the_evidence(device):
    """Also where the two used to differ: one late minute, and hours of silence in between."""
    of_minutes = {minute: minute * 1200 for minute in [*range(600), *range(6000, 6060)]}
    of_minutes |= {
        minute: offset + 60_000_000 for minute, offset in of_minutes.items() if minute > 300
    }
    of_minutes[90] += 9_000_000
    for minute, offset in of_minutes.items():
        await database.fetch(
            "INSERT INTO device_clock VALUES ($1, $2, $3, 1)",
            device, STARTS + timedelta(minutes=minute), offset,
        )  # fmt: skip
    until = STARTS + timedelta(days=5)
    found = await quality(device, STARTS, until)
    offsets = await _tuples(OFFSETS, device, STARTS, until)

    assert found is not None
    assert found.clock == clock(offsets)
    assert found.clock is not None
    assert (found.clock.hours, found.clock.jumps) == (11, 1)
    assert found.clock.drift == pytest.approx(20, rel=0.01)
