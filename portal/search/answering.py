"""The answer of a snapshot to a query: one page of documents, the totals and the facets. Pure."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from portal.search.columns import Chosen, Mask, Numbers, Terms
from portal.search.index import FacetCounts, FacetValue, Query
from portal.search.matching import EXACT_IDENTIFIER, Match, match
from portal.search.snapshot import Snapshot

MOST_OPEN_NUMBERS = 8
MOST_CACHED = 32
MOST_ORDERED = 100
MOST_VALUES = 24

T = TypeVar("T")
Key = tuple[str, tuple[int, ...], tuple[int, ...]]  # words, ids by identifier, by its beginning


@dataclass(frozen=True)
class Answer:
    """One page as ids of documents, in order, and all that is counted."""

    ids: list[int]
    exact: frozenset[int]
    total: int
    unfiltered_total: int
    facets: dict[str, FacetCounts]
    corrected: str | None
    partial: bool


def answer(
    snapshot: Snapshot,
    query: Query,
    exact: tuple[int, ...] = (),
    beginnings: tuple[int, ...] = (),
) -> Answer:
    """Answer ``query``; ``exact`` and ``beginnings`` are the ids found by an identifier."""
    key = (query.words, exact, beginnings)
    found = _matched(snapshot, key)
    everything, unfiltered, facets = _counted(snapshot, query, key)
    ids, flags = _page(snapshot, query, key, everything)
    return Answer(
        ids=ids,
        exact=flags,
        total=int(everything.documents.size),
        unfiltered_total=unfiltered,
        facets=facets,
        corrected=found.corrected,
        partial=found.partial,
    )


def _remembered(snapshot: Snapshot, key: Hashable, make: Callable[[], T]) -> T:
    """Return what was made for ``key``: people narrow, sort and turn the pages of one question."""
    cache = snapshot.cache
    found: T = cache.pop(key) if key in cache else make()
    cache[key] = found
    while len(cache) > MOST_CACHED:
        cache.pop(next(iter(cache)))  # the one unused for longest
    return found


def _matched(snapshot: Snapshot, key: Key) -> Match:
    """Match the words of a query."""
    return _remembered(snapshot, ("match", key), lambda: match(snapshot, *key))


def _counted(
    snapshot: Snapshot, query: Query, key: Key
) -> tuple[Chosen, int, dict[str, FacetCounts]]:
    """Return the documents that pass all filters, how many the words match, and the facets."""

    def count() -> tuple[Chosen, int, dict[str, FacetCounts]]:
        masks = _masks(snapshot, query)
        base = _matched(snapshot, key).scores > 0
        everything = Chosen(_both(base, *masks.values()))
        facets = _facets(snapshot, query, base, masks, everything)
        return everything, int(np.count_nonzero(base)), facets

    return _remembered(snapshot, ("count", *_question(query, key)), count)


def _question(query: Query, key: Key) -> tuple[Hashable, ...]:
    """Return what decides which documents are found, in whatever order they are shown."""
    chosen = tuple(sorted(query.chosen.items()))
    ranges = tuple(sorted(query.ranges.items(), key=lambda one: one[0]))
    return key, chosen, ranges


def _both(first: Mask, *others: Mask) -> Mask:
    for other in others:
        first = first & other
    return first


def _masks(snapshot: Snapshot, query: Query) -> dict[str, Mask]:
    """Return per applied filter which documents pass it; an unknown filter is not one."""
    masks: dict[str, Mask] = {}
    for name, values in query.chosen.items():
        if name in snapshot.terms and values:
            having = partial(snapshot.terms[name].having, values)
            masks[name] = _remembered(snapshot, ("mask", name, values), having)
    for name, (lowest, highest) in query.ranges.items():
        if (lowest is not None or highest is not None) and _is_number(snapshot, name):
            column = snapshot.numbers.get(name, Numbers())
            masks[name] = column.between(lowest, highest, len(snapshot))
    return masks


def _is_number(snapshot: Snapshot, name: str) -> bool:
    index = snapshot.index
    declared = any(one.name == name and one.name not in snapshot.terms for one in index.facets)
    return declared or bool(index.open_numbers and name.startswith(index.open_numbers))


def _facets(
    snapshot: Snapshot, query: Query, base: Mask, masks: dict[str, Mask], everything: Chosen
) -> dict[str, FacetCounts]:
    """Count every facet among the documents that pass all filters but its own."""
    facets: dict[str, FacetCounts] = {}
    names = [one.name for one in snapshot.index.facets]
    opened = _open_numbers(snapshot, query, everything)
    for name in (*names, *opened):
        among = everything
        if name in masks:
            among = Chosen(_both(base, *(other for own, other in masks.items() if own != name)))
        if name in snapshot.terms:
            chosen = query.chosen.get(name, ())
            facets[name] = FacetCounts(name, _values(snapshot.terms[name], among, chosen))
        else:
            lowest, highest, having = snapshot.numbers.get(name, Numbers()).extent(among.mask)
            facets[name] = FacetCounts(name, (), lowest, highest, having)
    return facets


def _open_numbers(snapshot: Snapshot, query: Query, everything: Chosen) -> list[str]:
    """Return the open numbers that most results have, those narrowed by first."""
    start = snapshot.index.open_numbers
    if not start:
        return []
    counted = [
        (name in query.ranges, int(np.count_nonzero(everything.mask[column.documents])), name)
        for name, column in snapshot.numbers.items()
        if name.startswith(start)
    ]
    ranked = sorted(counted, key=lambda one: (not one[0], -one[1], one[2]))
    return [name for own, count, name in ranked if own or count > 1][:MOST_OPEN_NUMBERS]


def _values(column: Terms, among: Chosen, chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    """Return the values to show: of a list the most frequent, of a tree what lies open."""
    counts = column.counts(among)
    names = column.values.names
    own = set(column.values.known(chosen))
    if column.values.tree:
        codes = [code for code in _opened(column, chosen) if counts[code] and code not in own]
    else:
        codes = [code for code in _frequent(counts) if code not in own]
    found = [FacetValue(names[code], int(counts[code])) for code in codes]
    found += [FacetValue(names[code], int(counts[code]), chosen=True) for code in own]
    # What is chosen is shown even when no document has it, or it could not be taken off.
    unknown = set(chosen) - {names[code] for code in own}
    found += [FacetValue(name, 0, chosen=True) for name in unknown]
    if column.values.tree:
        return tuple(sorted(found, key=lambda one: one.value))
    return tuple(sorted(found, key=lambda one: (-one.count, one.value)))


def _frequent(counts: NDArray[np.int64]) -> list[int]:
    """Return the values that occur most, at most ``MOST_VALUES``; of equal ones the older."""
    codes = np.flatnonzero(counts)
    keys = codes - (counts[codes] << 32)
    if codes.size > MOST_VALUES:
        best = np.argpartition(keys, MOST_VALUES)[:MOST_VALUES]
        codes, keys = codes[best], keys[best]
    found: list[int] = codes[np.argsort(keys)].tolist()
    return found


def _opened(column: Terms, chosen: tuple[str, ...]) -> list[int]:
    """Return the top of a tree, the chosen values, what is above them and right below those."""
    below = column.values.below
    paths = (path for name in chosen for path in accumulate(name.split("/"), "{}/{}".format))
    lines = dict.fromkeys(column.values.known(paths))  # also above a value no document has
    return [code for parent in (-1, *lines) for code in below.get(parent, ())]


def _page(
    snapshot: Snapshot, query: Query, key: Key, everything: Chosen
) -> tuple[list[int], frozenset[int]]:
    """Return the ids of one page in order, and which of them an identifier found."""
    found = _matched(snapshot, key)
    first = max(query.page - 1, 0) * query.per_page
    last = first + query.per_page
    documents = everything.documents
    if first >= documents.size:
        return [], frozenset()
    if last <= MOST_ORDERED:
        language = query.language if query.sort else ""
        narrowed = ("first", query.sort, language, *_question(query, key))
        documents = _remembered(
            snapshot, narrowed, lambda: _first(snapshot, query, found, documents, MOST_ORDERED)
        )
    else:
        documents = _first(snapshot, query, found, documents, last)
    page = documents[first:last]
    exact = page[found.scores[page] == EXACT_IDENTIFIER]
    return snapshot.ids[page].tolist(), frozenset(snapshot.ids[exact].tolist())


def _first(
    snapshot: Snapshot, query: Query, found: Match, documents: NDArray[np.int32], most: int
) -> NDArray[np.int32]:
    """Return the first of these documents, in order."""
    keys = _keys(snapshot, query, found, documents)
    if most < keys.size:
        best = np.argpartition(keys, most)[:most]
        documents, keys = documents[best], keys[best]
    return documents[np.argsort(keys)]


def _keys(
    snapshot: Snapshot, query: Query, found: Match, documents: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return what orders these documents; lower comes first, no two are equal."""
    if query.sort.removeprefix("-") not in snapshot.index.sorts:
        scores = found.scores[documents].astype(np.int64)
        return (127 - scores) << 50 | snapshot.preference[documents]
    key = ("sorted", query.sort, query.language)
    return _remembered(snapshot, key, lambda: _sorted_keys(snapshot, query))[documents]


def _sorted_keys(snapshot: Snapshot, query: Query) -> NDArray[np.int64]:
    """Order by a title or a number; what has none comes last in both directions."""
    name = query.sort.removeprefix("-")
    if name == "title":
        rank: NDArray[np.integer[Any]] = snapshot.title_rank(query.language)
    else:
        values = snapshot.numbers.get(name, Numbers()).dense(len(snapshot))
        rank = np.searchsorted(np.unique(values[~np.isnan(values)]), values)
        rank = np.where(np.isnan(values), -1, rank)
    if query.sort.startswith("-"):
        rank = np.where(rank < 0, -1, rank.max(initial=0) - rank)
    rank = np.where(rank < 0, len(snapshot), rank).astype(np.int64)
    return rank << 32 | np.arange(len(snapshot), dtype=np.int64)
