"""Indexing what is marked dirty: at least once, in the order of the changes."""

from collections.abc import Iterable
from uuid import UUID

from portal import database
from portal.search.adapter import adapter
from portal.search.index import Index
from portal.search.rebuilding import load
from portal.search.writing import writing

BATCH = 1_000

WAITING = """
SELECT id, subject FROM search_dirty WHERE "index" = $1 ORDER BY id LIMIT $2
FOR UPDATE SKIP LOCKED
"""


async def drain(indexes: Iterable[Index]) -> int:
    """Index everything that is waiting, and count the subjects."""
    count = 0
    for index in indexes:
        while done := await _drain_batch(index):
            count += done
    return count


async def _drain_batch(index: Index) -> int:
    """Index one batch; what waits is forgotten only with the commit of what was written."""
    if not await database.fetch('SELECT FROM search_dirty WHERE "index" = $1 LIMIT 1', index.name):
        return 0
    async with writing(index):
        rows = await database.fetch(WAITING, index.name, BATCH)
        if not rows:
            return 0
        ids = list(dict.fromkeys(UUID(int=row["subject"].int) for row in rows))
        await adapter().write(index, *await load(index, ids))
        await database.fetch(
            "DELETE FROM search_dirty WHERE id = ANY($1::bigint[])", [row["id"] for row in rows]
        )
    return len(rows)
