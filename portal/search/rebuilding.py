"""Writing a whole index again, batch by batch, while it goes on answering."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from portal import database
from portal.search.index import Document, Index
from portal.search.writing import writing

BATCH = 1_000

Write = Callable[[Index, Sequence[Document], Sequence[UUID]], Awaitable[None]]


async def load(index: Index, ids: Sequence[UUID]) -> tuple[list[Document], list[UUID]]:
    """Return the documents of these ids, and those ids that have none: they are gone."""
    documents = await index.load(ids)
    found = {one.id for one in documents}
    return documents, [one for one in ids if one not in found]


async def rewrite(index: Index, write: Write) -> int:
    """Write every document again, then ask about those that nobody named; count the written."""
    seen: set[UUID] = set()
    count = 0
    async for ids in index.all_ids():
        for start in range(0, len(ids), BATCH):
            batch = list(ids[start : start + BATCH])
            async with writing(index):
                documents, gone = await load(index, batch)
                await write(index, documents, gone)
            seen.update(batch)
            count += len(documents)
    left = [one for one in await _stored(index) if one not in seen]
    for start in range(0, len(left), BATCH):
        async with writing(index):
            await write(index, *await load(index, left[start : start + BATCH]))
    return count


async def _stored(index: Index) -> list[UUID]:
    rows = await database.fetch(
        'SELECT subject FROM search_document WHERE "index" = $1 AND NOT deleted', index.name
    )
    return [UUID(int=row["subject"].int) for row in rows]
