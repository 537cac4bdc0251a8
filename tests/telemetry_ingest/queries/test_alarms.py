"""Alarms of a device come in the order of their key, from the index, a piece at a time."""

from datetime import UTC, datetime

from portal import database
from telemetry_ingest.evidence.observed import micros, moment
from telemetry_ingest.queries.alarms import ALARMS, alarms, count_alarms

START = datetime(2026, 3, 1, 10, tzinfo=UTC)
FIRST = micros(START)
SPAN = (FIRST, FIRST + 10_000_000_000)


async def store(device: int, count: int) -> None:
    """Store alarms of every two seconds; two of each moment, the later start first."""
    await database.fetch(
        "INSERT INTO device_alarm SELECT $1, $2::timestamptz + place * interval '2 seconds',"
        " 2 - part, place, 5, 'low', part = 0"
        " FROM generate_series(0, $3::int - 1) place, generate_series(0, 1) part",
        device, START, count,
    )  # fmt: skip


async def test_pieces_hold_every_alarm_once_in_both_orders(db):
    await store(7, 20)
    await store(8, 3)
    whole = await alarms(7, SPAN)
    keys = [(one.at, one.boot, one.seq) for one in whole]
    assert (len(set(keys)), keys) == (40, sorted(keys))
    assert await count_alarms(7, SPAN) == 40
    for newest_first in (False, True):
        found, after = [], None
        while part := await alarms(7, SPAN, 7, after=after, newest_first=newest_first):
            found += part
            after = (part[-1].at, part[-1].boot, part[-1].seq)
        assert found == (whole[::-1] if newest_first else whole)
    half = (FIRST + 2_000_000, FIRST + 4_000_000)
    assert [one.at for one in await alarms(7, half)] == [FIRST + 2_000_000] * 2
    assert await count_alarms(7, half) == 2
    assert (await alarms(7, (5, 5)), await count_alarms(7, (5, 5))) == ([], 0)


async def test_the_latest_are_read_from_the_end_of_the_index(db):
    await store(7, 4_000)
    await database.fetch("ANALYZE device_alarm")
    text = ALARMS.format(after="", order="at DESC, boot DESC, seq DESC")
    plan = await database.fetch(f"EXPLAIN {text}", 7, *map(moment, SPAN), 5)
    lines = "\n".join(row[0] for row in plan)
    assert ("Index Scan Backward" in lines, "Sort" in lines) == (True, False)
