"""The PostgreSQL adapter: rows in the database, and a snapshot of them in each web process.

Counting the facets of 100,000 documents in SQL costs a hundred times what it costs in numpy, so
each process keeps words and facets in arrays (about 40 MB per 100,000 devices) and asks the
database only what has changed, for identifiers, and for the twenty cards of a page.
"""

from collections.abc import Sequence
from uuid import UUID

from portal import database
from portal.search import reading, storing
from portal.search.adapter import Status
from portal.search.answering import answer
from portal.search.documents import prepare
from portal.search.holding import Held, spare_memory
from portal.search.index import Document, Index, Query, Result
from portal.search.rebuilding import rewrite
from portal.search.writing import current_version, writing

# A web process that is not asked for so many versions reads the index again as a whole.
KEPT_VERSIONS = 1_000


class PostgresAdapter:
    """Keeps documents in PostgreSQL and answers from memory."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        spare_memory()

    async def search(self, index: Index, query: Query) -> Result:
        """Answer a query with one page, the totals and the facets."""
        snapshot = await self._of(index).now()
        exact, beginnings = await reading.identified(index, query.words)
        found = answer(snapshot, query, exact, beginnings)
        return Result(
            hits=await reading.hits(found.ids, found.exact),
            total=found.total,
            unfiltered_total=found.unfiltered_total,
            facets=found.facets,
            corrected=found.corrected,
            partial=found.partial,
        )

    async def keep_up(self, index: Index) -> None:
        """Read the documents into this process, or what changed of them."""
        await self._of(index).keep_up()

    async def write(
        self, index: Index, documents: Sequence[Document], gone: Sequence[UUID]
    ) -> None:
        """Put documents in, or in place of older ones, and take away those that are gone."""
        version = await current_version(index)
        prepared = [prepare(one) for one in documents]
        await storing.store(index.name, version, prepared)
        await storing.forget(index.name, version, gone)

    async def rebuild(self, index: Index) -> int:
        """Write every document of the index again while it goes on answering; count them."""
        count = await rewrite(index, self.write)
        async with writing(index) as version:
            await storing.purge(index.name, version - KEPT_VERSIONS)
        return count

    async def status(self, index: Index) -> Status:
        """Say how the index is."""
        rows = await database.fetch(
            "SELECT count(*) FILTER (WHERE NOT deleted) AS documents,"
            " count(*) FILTER (WHERE deleted) AS deleted FROM search_document"
            ' WHERE "index" = $1',
            index.name,
        )
        version = await reading.version_of(index.name)
        details = f"PostgreSQL, version {version.number}, {rows[0]['deleted']} deleted rows kept"
        return Status(rows[0]["documents"], details)

    def _of(self, index: Index) -> Held:
        """Return what this process holds of an index, to begin with nothing."""
        held = self._held.get(index.name)
        if held is None or held.index is not index:
            held = self._held[index.name] = Held(index)
        return held
