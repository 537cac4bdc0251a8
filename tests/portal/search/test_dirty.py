from uuid import uuid4

import pytest

from portal import database
from portal.search.dirty import mark_dirty


async def waiting() -> list[tuple[str, object]]:
    rows = await database.fetch('SELECT "index", subject FROM search_dirty ORDER BY id')
    return [(row["index"], row["subject"]) for row in rows]


async def test_mark_dirty_waits_with_the_change_and_goes_with_it(db):
    kept, undone = uuid4(), uuid4()

    async with database.transaction():
        await mark_dirty("devices", [kept])
    with pytest.raises(RuntimeError):
        async with database.transaction():
            await mark_dirty("devices", [undone])
            raise RuntimeError

    assert await waiting() == [("devices", kept)]


async def test_mark_dirty_of_nothing_asks_nothing(db, statements):
    await mark_dirty("devices", [])

    assert statements == []
