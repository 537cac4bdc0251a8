"""One writer per index at a time: what makes the order of versions the order of commits."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portal import database
from portal.search.index import Index

# When this process last committed a write per index: it need not wait to see its own changes.
committed_at: dict[str, float] = {}


@asynccontextmanager
async def writing(index: Index) -> AsyncIterator[int]:
    """Hold the index for the transaction, and give the version of what is written in it.

    What is loaded inside is at least as new as what any earlier writer wrote: two changes of one
    subject cannot be written in the wrong order.
    """
    async with database.transaction():
        yield await _next_version(index)
    committed_at[index.name] = time.monotonic()


async def _next_version(index: Index) -> int:
    # The changed row is locked until the commit: a later writer waits here.
    rows = await database.fetch(
        "INSERT INTO search_index (name, incarnation, version, purged)"
        " VALUES ($1, gen_random_uuid(), 1, 0)"
        " ON CONFLICT (name) DO UPDATE SET version = search_index.version + 1 RETURNING version",
        index.name,
    )
    return int(rows[0]["version"])


async def current_version(index: Index) -> int:
    """Return the version this transaction writes, within ``writing``."""
    rows = await database.fetch("SELECT version FROM search_index WHERE name = $1", index.name)
    return int(rows[0]["version"])
