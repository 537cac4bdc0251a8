"""Readings in pieces: every one once and in order, from tables and files, while others come."""

from datetime import timedelta

from portal import database
from telemetry_ingest.cold.freezing import Outcome, freeze
from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.queries.readings import (
    Stretch,
    count_of,
    exact_count_of,
    piece_of,
    pieces,
    place_of,
)
from telemetry_ingest.rollups.draining import drain
from tests.telemetry_ingest.consumer.devices import SPO2
from tests.telemetry_ingest.rollups.days import STARTS, generated, put

DAYS = timedelta(days=3)


def asked(device, start=STARTS, end=STARTS + DAYS) -> Stretch:
    return Stretch(device, SPO2, micros(start), micros(end))


def rows_of(made, stretch) -> list[tuple]:
    found = [(one[0], one[1], micros(one[2]), *one[3:]) for one in made if one[1] == SPO2]
    return sorted(
        (one for one in found if stretch.start <= one[2] < stretch.end), key=lambda one: one[:5]
    )


async def walked(stretch, most, *, newest_first=False) -> list[tuple]:
    found, after = [], None
    while rows := await piece_of(stretch, most, after=after, newest_first=newest_first):
        found += rows
        after = place_of(rows[-1])
    return found


async def test_every_reading_once_and_in_order_also_those_of_days_in_files(device):
    made = generated(device, STARTS, 71, every_s=600)
    await put(made)
    await drain()
    assert await freeze(STARTS.date()) is Outcome.MOVED
    # One comes late to the day in its file, and one that is there comes again.
    late = (device, SPO2, STARTS + timedelta(hours=3), 1, 999_999, 88.0)
    again = next(one for one in made if one[1] == SPO2)
    await put([late, again])
    whole = asked(device)
    expected = rows_of([*made, late], whole)

    for most in (1000, 7):
        assert await walked(whole, most) == expected
        assert await walked(whole, most, newest_first=True) == expected[::-1]
    assert [row async for rows in pieces(whole, 11) for row in rows] == expected
    part = asked(device, STARTS + timedelta(hours=2, minutes=7), STARTS + timedelta(hours=30))
    assert await walked(part, 50) == rows_of([*made, late], part)
    for stretch in (whole, part):
        there = len(rows_of([*made, late], stretch))
        assert (await count_of(stretch), await exact_count_of(stretch)) == (there, there)
    await drain()
    assert await count_of(part) == len(rows_of([*made, late], part))


async def test_readings_that_come_meanwhile_move_nothing(device):
    made = generated(device, STARTS, 5, every_s=60)
    await put(made)
    expected = rows_of(made, asked(device))
    found, after, turn = [], None, 0
    while rows := await piece_of(asked(device), 20, after=after):
        found += rows
        after = place_of(rows[-1])
        turn += 1
        if turn > 12:
            continue
        before = STARTS + timedelta(seconds=turn)  # where this reader has been
        beyond = STARTS + timedelta(hours=6, seconds=turn)
        await put([
            (device, SPO2, before, 2, 10_000 + turn, 1.0),
            (device, SPO2, beyond, 2, 20_000 + turn, 2.0),
        ])  # fmt: skip

    assert len(found) == len(set(found))
    assert [row for row in found if row[3] == 1] == expected
    assert [row[4] for row in found if row[3] == 2] == list(range(20_001, 20_013))


async def test_two_readings_of_one_moment_are_two_and_an_empty_stretch_is_empty(device):
    at = STARTS + timedelta(hours=1)
    await put([(device, SPO2, at, 1, seq, 97.0) for seq in range(3)])

    for most in (1, 2, 10):
        assert [row[4] for row in await walked(asked(device), most)] == [0, 1, 2]
    none = asked(device, STARTS, STARTS)
    assert (await piece_of(none), await count_of(none)) == ([], 0)
    assert (await database.fetch("SELECT count(*) AS n FROM reading"))[0]["n"] == 3
