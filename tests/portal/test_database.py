"""Every connection comes back to the pool, whatever happens to who borrowed it."""

import asyncio

import asyncpg
import pytest

from portal import database
from tests.lending import lent


async def test_a_task_cancelled_at_begin_gives_its_connection_back(db, monkeypatch):
    begun = asyncio.Event()
    start = asyncpg.transaction.Transaction.start

    async def slow(self):
        begun.set()
        await asyncio.sleep(60)
        await start(self)

    monkeypatch.setattr(asyncpg.transaction.Transaction, "start", slow)
    before = lent()

    async def reader_who_leaves():
        async with database.transaction():
            pytest.fail("it never begins")

    task = asyncio.create_task(reader_who_leaves())
    await begun.wait()
    assert lent() == before + 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert lent() == before


@pytest.mark.parametrize("after", range(12))
async def test_a_task_cancelled_at_any_step_gives_its_connection_back(db, after):
    before = lent()

    async def reader_who_leaves():
        async with database.transaction():
            await database.fetch("SELECT 1")

    task = asyncio.create_task(reader_who_leaves())
    for _ in range(after):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    assert lent() == before
    assert await database.fetch("SELECT 1 AS one") == [(1,)]


async def test_a_commit_that_fails_gives_its_connection_back(db):
    before = lent()

    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction():
            await database.fetch(
                "CREATE TEMPORARY TABLE twice (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
            await database.fetch("INSERT INTO twice VALUES (1), (1)")

    assert lent() == before
    assert database.DB.current_transaction.get() is None


async def test_a_pool_whose_connection_is_never_given_back_closes_all_the_same(db, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.05)
    shared, database.DB.pool = database.DB.pool, None
    try:
        async with database.pool(min_size=1, max_size=1):
            await database.DB.pool.acquire()
        assert database.DB.pool is None
    finally:
        database.DB.pool = shared

    assert await database.fetch("SELECT 1 AS one") == [(1,)]
