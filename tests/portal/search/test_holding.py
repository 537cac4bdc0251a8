"""What a web process answers while another one changes the index."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from portal.search import holding, writing
from portal.search.adapter import follow
from portal.search.index import Query
from portal.search.postgres import PostgresAdapter
from portal.search.snapshot import Snapshot
from tests.portal.search.library import Library, names


@pytest.fixture
def library():
    library = Library()
    library.put("Pompe")
    return library


@pytest.fixture
def put(library):
    """Write the documents as another process does: this one is not told."""

    async def put(*titles: str) -> None:
        for title in titles:
            library.put(title)
        async with writing.writing(library.index):
            await PostgresAdapter().write(library.index, list(library.documents.values()), [])
        writing.committed_at.clear()

    yield put
    writing.committed_at.clear()


@asynccontextmanager
async def slow_reading(monkeypatch):
    """Hold up the thread that puts rows into the arrays until the block ends."""
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()
    changed = Snapshot.changed

    def waiting(self, rows):
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
        return changed(self, rows)

    with monkeypatch.context() as patched:
        patched.setattr(Snapshot, "changed", waiting)
        patched.setattr(holding, "FRESH_FOR_S", 0.0)
        yield
        go_on.set()


async def test_searches_are_answered_from_the_old_version_while_a_large_change_is_read(
    db, library, put, monkeypatch
):
    await put()
    adapter = PostgresAdapter()
    assert names(await adapter.search(library.index, Query())) == ["Pompe"]
    await put("Gants")

    async with slow_reading(monkeypatch):
        began = time.monotonic()
        answers = await asyncio.gather(
            *(adapter.search(library.index, Query(sort="title")) for _ in range(5))
        )
        took = time.monotonic() - began
    await adapter.keep_up(library.index)
    await adapter.keep_up(library.index)

    assert [names(one) for one in answers] == [["Pompe"]] * 5
    assert took < 5
    assert names(await adapter.search(library.index, Query(sort="title"))) == ["Gants", "Pompe"]


async def test_who_asks_first_waits_for_the_documents(db, library, put, monkeypatch):
    await put()
    adapter = PostgresAdapter()
    monkeypatch.setattr(holding, "PATIENCE_S", 0.0)

    assert names(await adapter.search(library.index, Query())) == ["Pompe"]


async def test_who_wrote_finds_what_was_written_however_long_it_takes(
    db, library, put, monkeypatch
):
    await put()
    adapter = PostgresAdapter()
    monkeypatch.setattr(holding, "PATIENCE_S", 0.0)
    await adapter.search(library.index, Query())
    library.put("Gants")
    async with writing.writing(library.index):
        await adapter.write(library.index, list(library.documents.values()), [])

    assert names(await adapter.search(library.index, Query(sort="title"))) == ["Gants", "Pompe"]


async def holds(held, size):
    while len(held._snapshot) < size:  # noqa: ASYNC110 — what is waited for knows no event
        await asyncio.sleep(0.01)


async def test_changes_are_followed_though_nobody_asks(db, library, put, monkeypatch):
    monkeypatch.setattr("portal.search.adapter.FOLLOW_EVERY_S", 0.01)
    adapter = PostgresAdapter()
    monkeypatch.setattr("portal.search.adapter.adapter", lambda: adapter)
    held = adapter._of(library.index)
    following = asyncio.create_task(follow([library.index]))
    await put()
    try:
        async with asyncio.timeout(10):
            await holds(held, 1)
            await put("Gants")
            await holds(held, 2)
    finally:
        following.cancel()

    assert held._version.number == 2


async def test_changes_that_go_on_are_read_when_they_rest(db, library, put):
    adapter = PostgresAdapter()
    held = adapter._of(library.index)
    await put()
    await adapter.keep_up(library.index)
    sizes = []
    for title in ("Gants", "Lit"):
        await put(title)
        await adapter.keep_up(library.index)
        sizes.append(len(held._snapshot))
    await adapter.keep_up(library.index)

    assert (sizes, len(held._snapshot)) == ([1, 1], 3)
