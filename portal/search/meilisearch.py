"""The Meilisearch adapter: one multi-search a question, one query per facet group.

The server works through writes in its own time: the worker waits for each, so that what is marked
dirty is forgotten only when it can be found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec
from meilisearch_python_sdk import AsyncClient
from meilisearch_python_sdk.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchTimeoutError,
)
from meilisearch_python_sdk.index import AsyncIndex
from meilisearch_python_sdk.models.search import SearchParams
from meilisearch_python_sdk.models.task import TaskInfo

from portal.search import meilisearch_documents as form
from portal.search.adapter import Status
from portal.search.folding import identifier_key
from portal.search.index import (
    Document,
    FacetCounts,
    FacetKind,
    FacetValue,
    Hit,
    Index,
    Query,
    Result,
)
from portal.search.rebuilding import BATCH
from portal.search.writing import writing
from portal.settings import get_settings
from portal.web.errors import UserError
from portal.web.i18n import lazy

TASK_MS = 10 * 60 * 1000
TIMEOUT_S = 30
MOST_OPEN_NUMBERS = 8
MOST_VALUES = 24


class SearchUnavailable(UserError):
    """The search server does not answer; everything else of the portal does."""

    status = 503
    message = lazy(
        "The search does not answer now. Open a device or a supplier by its address or from the "
        "nomenclature, or try again in a few minutes."
    )


@dataclass(frozen=True)
class _Question:
    """One query in the server's terms: words, what narrows it always, and the filters by name."""

    words: str
    always: tuple[str, ...]
    filters: dict[str, str]
    strategy: Literal["all", "last"] = "all"

    def narrowed(self, without: str = "") -> list[str]:
        """Return the conditions of all filters but one."""
        return [*self.always, *(c for name, c in self.filters.items() if name != without)]


class MeilisearchAdapter:
    """Keeps documents in a Meilisearch server and asks it."""

    def __init__(self, prefix: str = "") -> None:
        settings = get_settings()
        key = settings.meili_key
        self._prefix = prefix
        self._client = AsyncClient(
            settings.meili_url or "", key.get_secret_value() if key else None, timeout=TIMEOUT_S
        )
        self._ready: set[str] = set()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def remove(self, index: Index) -> None:
        """Remove an index from the server; for tests and for indexes that are no more."""
        self._ready.discard(self._uid(index))
        await self._client.delete_index_if_exists(self._uid(index))

    async def search(self, index: Index, query: Query) -> Result:
        """Answer a query with one page, the totals and the facets."""
        try:
            return await self._search(index, query)
        except MeilisearchApiError as error:
            if error.code != "index_not_found":
                raise
            return Result((), 0, 0, {})
        except (MeilisearchCommunicationError, MeilisearchTimeoutError) as error:
            raise SearchUnavailable from error

    async def keep_up(self, index: Index) -> None:
        """Do nothing: the server holds the index."""

    async def write(
        self, index: Index, documents: Sequence[Document], gone: Sequence[UUID]
    ) -> None:
        """Put documents in, or in place of older ones, and take away those that are gone."""
        target = await self._target(index)
        if documents:
            await self._done(
                await target.add_documents([form.written(index, one) for one in documents])
            )
        if gone:
            await self._done(await target.delete_documents([str(one) for one in gone]))

    async def rebuild(self, index: Index) -> int:
        """Build a second index and swap it in; changes wait meanwhile, questions do not."""
        count = 0
        async with writing(index):
            await self._target(index)
            uid = f"{self._uid(index)}-rebuild"
            await self._client.delete_index_if_exists(uid)
            fresh = await self._create(uid, index)
            async for ids in index.all_ids():
                for start in range(0, len(ids), BATCH):
                    documents = await index.load(ids[start : start + BATCH])
                    if documents:
                        rows = [form.written(index, one) for one in documents]
                        await self._done(await fresh.add_documents(rows))
                    count += len(documents)
            await self._done(await self._client.swap_indexes([(self._uid(index), uid)]))
            await self._client.delete_index_if_exists(uid)
        return count

    async def status(self, index: Index) -> Status:
        """Say how the index is."""
        version = await self._client.get_version()
        details = f"Meilisearch {version.pkg_version}"
        try:
            stats = await self._client.index(self._uid(index)).get_stats()
        except MeilisearchApiError as error:
            if error.code != "index_not_found":
                raise
            return Status(0, f"{details}, no index yet")
        return Status(stats.number_of_documents, details)

    def _uid(self, index: Index) -> str:
        return f"{self._prefix}{index.name}"

    async def _target(self, index: Index) -> AsyncIndex:
        """Return the index to write to, made and set up once per process."""
        uid = self._uid(index)
        if uid not in self._ready:
            if await self._client.get_raw_index(uid) is None:
                await self._create(uid, index)
            else:
                settings = form.settings_of(index)
                await self._done(await self._client.index(uid).update_settings(settings))
            self._ready.add(uid)
        return self._client.index(uid)

    async def _create(self, uid: str, index: Index) -> AsyncIndex:
        target = await self._client.create_index(uid, "id", timeout_in_ms=TASK_MS)
        await self._done(await target.update_settings(form.settings_of(index)))
        return target

    async def _done(self, task: TaskInfo) -> None:
        """Wait until the server has done what it only promised; raise when it failed."""
        await self._client.wait_for_task(
            task.task_uid, timeout_in_ms=TASK_MS, raise_for_status=True
        )

    async def _search(self, index: Index, query: Query) -> Result:
        filters = form.filters(index, query.chosen, query.ranges)
        words = form.question(index, query.words)
        if exact := await self._identified(index, query.words):
            question = _Question("", exact, filters)
            return await self._answer(index, query, question, exact=True)
        if query.words.strip() and not words:
            return Result((), 0, 0, {})
        result = await self._answer(index, query, _Question(" ".join(words), (), filters))
        if result.unfiltered_total or len(words) < 2:
            return result
        # The server only lets go of the last words: the other way round, of the first ones.
        for order in (words, words[::-1]):
            question = _Question(" ".join(order), (), filters, "last")
            result = await self._answer(index, query, question, partial=True)
            if result.unfiltered_total:
                break
        return result

    async def _identified(self, index: Index, words: str) -> tuple[str, ...]:
        """Return the condition « has one of these identifiers », if a document has."""
        if not any(letter.isdigit() for letter in words):
            return ()
        keys = [key for one in index.identify(words) if (key := identifier_key(one))]
        if not keys:
            return ()
        condition = f"identifiers IN [{', '.join(map(form.quoted, keys))}]"
        found = await self._ask(
            [self._params(index, _Question("", (condition,), {}), facets=[], rows=1)]
        )
        return (condition,) if found[0].total_hits else ()

    async def _answer(
        self,
        index: Index,
        query: Query,
        question: _Question,
        *,
        exact: bool = False,
        partial: bool = False,
    ) -> Result:
        """Ask the page, the unfiltered total and every filtered facet in one request."""
        groups = _attributes(index, query)
        unfiltered = [
            a for name, group in groups.items() if name not in question.filters for a in group
        ]
        own = [name for name in groups if name in question.filters]
        main = self._params(
            index, question, facets=[*unfiltered, form.PRESENT], rows=query.per_page,
            page=query.page, sort=_sort(index, query),
        )  # fmt: skip
        bare = _Question(question.words, question.always, {}, question.strategy)
        asked = [main, self._params(index, bare, facets=[], rows=1)]
        asked += [
            self._params(
                index, question, facets=[*groups[name], form.PRESENT], rows=1, without=name
            )
            for name in own
        ]
        answers = await self._ask(asked)
        by_facet = dict.fromkeys(groups, answers[0]) | dict(zip(own, answers[2:], strict=True))
        facets = {
            one.name: _counts(index, query, one.name, by_facet[one.name]) for one in index.facets
        }
        facets |= await self._open_numbers(index, query, question, answers[0])
        hits = tuple(
            Hit(UUID(row["id"]), msgspec.json.decode(row["card"]), exact) for row in answers[0].hits
        )
        total, all_total = answers[0].total_hits or 0, answers[1].total_hits or 0
        return Result(hits, total, all_total, facets, partial=partial and bool(all_total))

    async def _open_numbers(
        self, index: Index, query: Query, question: _Question, main: Any
    ) -> dict[str, FacetCounts]:
        """Return the extents of the open numbers that most results have."""
        every: dict[str, int] = (main.facet_distribution or {}).get(form.PRESENT, {})
        start = index.open_numbers
        present = {n: count for n, count in every.items() if start and n.startswith(start)}
        own = [n for n in query.ranges if start and n.startswith(start)]
        ranked = sorted(present, key=lambda name: (-present[name], name))
        names = [*own, *(n for n in ranked if n not in own and present[n] > 1)][:MOST_OPEN_NUMBERS]
        if not names:
            return {}
        answers = await self._ask(
            [
                self._params(
                    index,
                    question,
                    facets=[form.number_attribute(name), form.PRESENT],
                    rows=1,
                    without=name,
                )
                for name in names
            ]
        )
        return {name: _extent(name, answer) for name, answer in zip(names, answers, strict=True)}

    def _params(
        self,
        index: Index,
        question: _Question,
        *,
        facets: list[str],
        rows: int,
        page: int = 1,
        sort: list[str] | None = None,
        without: str = "",
    ) -> SearchParams:
        return SearchParams(
            index_uid=self._uid(index),
            query=question.words,
            filter=question.narrowed(without) or None,
            facets=facets or None,
            page=page,
            hits_per_page=rows,
            sort=sort or None,
            matching_strategy=question.strategy,
            attributes_to_retrieve=["id", "card"],
            locales=list(form.LOCALES.values()),
        )

    async def _ask(self, queries: list[SearchParams]) -> list[Any]:
        answers = await self._client.multi_search(queries)
        assert isinstance(answers, list)
        return answers


def _sort(index: Index, query: Query) -> list[str]:
    name = query.sort.removeprefix("-")
    if name not in index.sorts:
        return []
    attribute = f"s_{query.language}" if name == "title" else form.number_attribute(name)
    return [f"{attribute}:{'desc' if query.sort.startswith('-') else 'asc'}"]


def _attributes(index: Index, query: Query) -> dict[str, list[str]]:
    """Return per facet the attributes to count: of a tree only the levels that lie open."""
    found: dict[str, list[str]] = {}
    for facet in index.facets:
        if facet.kind is FacetKind.NUMBER:
            found[facet.name] = [form.number_attribute(facet.name)]
            continue
        deepest = 0
        if facet.kind is FacetKind.TREE:
            chosen = query.chosen.get(facet.name, ())
            deepest = max((one.count("/") + 1 for one in chosen), default=0)
        levels = range(min(deepest + 1, form.DEEPEST))
        found[facet.name] = [form.term_attribute(facet.name, level) for level in levels]
    return found


def _counts(index: Index, query: Query, name: str, answer: Any) -> FacetCounts:
    """Return the counts of one facet out of the answer that was asked for it."""
    kind = next(one.kind for one in index.facets if one.name == name)
    distribution = answer.facet_distribution or {}
    if kind is FacetKind.NUMBER:
        return _extent(name, answer)
    counts: dict[str, int] = {}
    for attribute in _attributes(index, query)[name]:
        counts |= distribution.get(attribute, {})
    chosen = query.chosen.get(name, ())
    if kind is FacetKind.TREE:
        lines = {one[:end] for one in chosen for end in _ends(one)}
        shown = sorted(
            one for one in {*counts, *chosen} if "/" not in one or one.rpartition("/")[0] in lines
        )
    else:
        ranked = sorted(counts, key=lambda one: (-counts[one], one))
        shown = [*ranked[:MOST_VALUES], *(one for one in ranked[MOST_VALUES:] if one in chosen)]
        shown += [one for one in chosen if one not in counts]
    return FacetCounts(
        name, tuple(FacetValue(one, counts.get(one, 0), one in chosen) for one in shown)
    )


def _ends(path: str) -> list[int]:
    return [place for place, sign in enumerate(path) if sign == "/"] + [len(path)]


def _extent(name: str, answer: Any) -> FacetCounts:
    """Return the extent of a number, and how many of the matching documents have one."""
    stats = (answer.facet_stats or {}).get(form.number_attribute(name))
    if stats is None:
        return FacetCounts(name)
    having = (answer.facet_distribution or {}).get(form.PRESENT, {}).get(name, 0)
    return FacetCounts(name, (), stats["min"], stats["max"], having)
