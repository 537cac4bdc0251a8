"""Days are made ahead, as often as one likes, and nobody waits for it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import database
from telemetry_ingest.consumer import statements
from telemetry_ingest.consumer.jobs import AHEAD, make_days, make_days_around
from tests.telemetry_ingest.consumer.devices import drop_days

FAR = date(2031, 5, 1)
PARTS = """
SELECT child.relname AS name FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
WHERE parent.relname = $1 ORDER BY 1
"""


@pytest.fixture
async def days(db):
    yield
    await drop_days()


async def partitions(of: str) -> list[str]:
    return [row["name"] for row in await database.fetch(PARTS, of)]


async def test_the_day_before_and_those_after_are_made_once(days):
    before = set(await partitions("reading"))
    made = [await make_days_around(FAR), await make_days_around(FAR)]

    new = {f"{FAR + timedelta(days=place):%Y%m%d}" for place in range(-1, AHEAD + 1)}
    assert made == [AHEAD + 2] * 2
    assert set(await partitions("reading")) - before == {f"reading_{day}" for day in new}
    assert {f"rollup_minute_{day}" for day in new} <= set(await partitions("rollup_minute"))


async def test_the_job_makes_today(days):
    await make_days({})

    assert f"reading_{datetime.now(UTC):%Y%m%d}" in await partitions("reading")


async def test_many_make_the_same_day_at_once(days):
    await asyncio.gather(*(database.fetch(statements.DAY, FAR) for _ in range(6)))

    assert (await partitions("reading")).count(f"reading_{FAR:%Y%m%d}") == 1


async def test_who_reads_or_writes_is_not_waited_for(days):
    """As it was once: one made a day while another counted, and the two waited for each other."""
    counting = asyncio.Event()
    made = asyncio.Event()

    async def count() -> None:
        async with database.transaction():
            await database.fetch("LOCK TABLE reading, rollup_minute IN ROW EXCLUSIVE MODE")
            counting.set()
            async with asyncio.timeout(20):
                await made.wait()

    async def make() -> None:
        await counting.wait()
        async with database.transaction():
            await database.fetch("SET LOCAL lock_timeout = 5000")
            await database.fetch(statements.DAY, FAR)
        made.set()

    await asyncio.gather(count(), make())

    assert f"rollup_minute_{FAR:%Y%m%d}" in await partitions("rollup_minute")


async def test_a_day_has_the_indexes_and_the_checks_of_its_table(days):
    await database.fetch(statements.DAY, FAR)
    shape = """
    SELECT count(*) AS many FROM pg_indexes WHERE tablename = $1
    UNION ALL SELECT count(*) FROM pg_constraint WHERE conrelid = $1::regclass AND contype <> 'n'
    """
    for table in ("reading", "rollup_minute"):
        parent = [row["many"] for row in await database.fetch(shape, table)]
        child = [row["many"] for row in await database.fetch(shape, f"{table}_{FAR:%Y%m%d}")]
        assert child == parent
