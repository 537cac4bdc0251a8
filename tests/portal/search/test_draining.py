import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from portal import database
from portal.search.adapter import adapter
from portal.search.dirty import mark_dirty
from portal.search.draining import drain
from portal.search.index import Query
from portal.search.jobs import drain_all
from portal.search.postgres import PostgresAdapter
from portal.search.writing import writing
from tests.portal.search.library import Library, names


async def waiting() -> int:
    rows = await database.fetch("SELECT count(*) AS n FROM search_dirty")
    return rows[0]["n"]


async def test_drain_indexes_what_waits_and_forgets_it(db):
    library = Library()
    kept = library.put("Pompe")

    await mark_dirty("books", [kept, kept, uuid4()])
    count = await drain([library.index])

    assert count == 3
    assert await waiting() == 0
    assert names(await adapter().search(library.index, Query("pompe"))) == ["Pompe"]


async def test_drain_keeps_what_waits_when_loading_fails(db):
    library = Library()
    id = library.put("Pompe")

    async def failing(ids):
        raise OSError("the disk is gone")

    broken = replace(library.index, load=failing)
    await mark_dirty("books", [id])
    with pytest.raises(OSError, match="disk"):
        await drain([broken])

    assert await waiting() == 1
    assert await drain([library.index]) == 1


async def test_drain_twice_at_once_indexes_everything(db):
    library = Library()
    ids = [library.put(f"Pompe {n}") for n in range(30)]
    await mark_dirty("books", ids)

    await asyncio.gather(drain([library.index]), drain([library.index]))

    assert await waiting() == 0
    assert (await PostgresAdapter().search(library.index, Query("pompe"))).total == 30


async def test_drain_all_does_nothing_when_nothing_waits(db):
    assert await drain_all({}) == 0


async def test_writers_at_once_and_a_reader_never_miss_a_document(db):
    library = Library()
    ids = [library.put(f"Pompe {n}") for n in range(60)]
    library.put("Pompe 0")
    reader, seen = PostgresAdapter(), []

    async def write(part):
        for id in part:
            async with writing(library.index):
                await PostgresAdapter().write(library.index, [library.documents[id]], [])

    async def read(done):
        while not done.is_set():
            seen.append((await reader.search(library.index, Query("pompe"))).total)
            await asyncio.sleep(0.005)

    done = asyncio.Event()
    reading = asyncio.create_task(read(done))
    await asyncio.gather(write(ids[::2]), write(ids[1::2]))
    done.set()
    await reading

    assert (await reader.search(library.index, Query("pompe"))).total == 60
    assert seen == sorted(seen)


async def test_reader_that_slept_through_a_purge_forgets_the_deleted(db):
    library = Library()
    library.put("Pompe")
    reader, writer = PostgresAdapter(), PostgresAdapter()
    async with writing(library.index):
        await writer.write(library.index, list(library.documents.values()), [])
    assert (await reader.search(library.index, Query("pompe"))).total == 1
    gone = library.remove("Pompe")
    async with writing(library.index):
        await writer.write(library.index, [], [gone])
    await database.fetch("DELETE FROM search_document WHERE deleted")
    await database.fetch("UPDATE search_index SET purged = version")
    async with writing(library.index):
        pass

    assert (await reader.search(library.index, Query("pompe"))).total == 0


async def test_write_of_the_same_document_changes_nothing(db):
    library = Library()
    library.put("Pompe", identifiers=("P-1",))
    for _ in range(2):
        async with writing(library.index):
            await adapter().write(library.index, list(library.documents.values()), [])

    rows = await database.fetch("SELECT version FROM search_document")
    assert [row["version"] for row in rows] == [1]
