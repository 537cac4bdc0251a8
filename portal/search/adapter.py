"""What an adapter does for an index; which one answers is a setting, and nobody else's concern."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from portal.search.index import Document, Index, Query, Result
from portal.settings import get_settings

logger = logging.getLogger(__name__)

FOLLOW_EVERY_S = 2.0


@dataclass(frozen=True)
class Status:
    """How an index is: how many documents it holds, and what else its adapter has to say."""

    documents: int
    details: str


class Adapter(Protocol):
    """Keeps documents and answers queries."""

    async def search(self, index: Index, query: Query) -> Result:
        """Answer a query with one page, the totals and the facets."""

    async def keep_up(self, index: Index) -> None:
        """Do now what the next question would have to wait for."""

    async def write(
        self, index: Index, documents: Sequence[Document], gone: Sequence[UUID]
    ) -> None:
        """Put documents in, or in place of older ones, and take away those that are gone.

        Called by one writer per index at a time, inside a transaction (see ``writing``).
        """

    async def rebuild(self, index: Index) -> int:
        """Write every document of the index again while it goes on answering; count them."""

    async def status(self, index: Index) -> Status:
        """Say how the index is."""


@lru_cache
def adapter() -> Adapter:
    """Return the adapter of this deployment."""
    if get_settings().meili_url:
        from portal.search.meilisearch import MeilisearchAdapter  # noqa: PLC0415 — heavy, optional

        return MeilisearchAdapter()
    from portal.search.postgres import PostgresAdapter  # noqa: PLC0415 — keeps the two alike

    return PostgresAdapter()


async def search(index: Index, query: Query) -> Result:
    """Answer a query; the one function packages call."""
    return await adapter().search(index, query)


async def warm(indexes: Iterable[Index]) -> None:
    """Read the indexes before anybody asks; when that fails the first question does it."""
    for index in indexes:
        try:
            await adapter().keep_up(index)
        except Exception:
            logger.exception("the index %s could not be read at the start", index.name)


async def follow(indexes: Sequence[Index]) -> None:
    """Read what changes for as long as the process runs, so that who asks after hours need not."""
    while True:
        await asyncio.sleep(FOLLOW_EVERY_S)
        for index in indexes:
            with suppress(Exception):  # a request that needs what is missing says so
                await adapter().keep_up(index)
