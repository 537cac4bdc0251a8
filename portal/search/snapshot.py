"""All documents of one index at one version, as arrays: what a web process searches in.

Immutable but for caches: a change gives a new snapshot that shares what did not change. A change
of a document is a new document at the end and the old one dead, until both are merged away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from portal.search.columns import Mask, Numbers, Terms, Values
from portal.search.index import FacetKind, Index
from portal.search.postings import Postings, merge

TITLE_BYTES = 24
MOST_SEGMENTS = 8
MOST_DEAD = 0.25
BIGGEST_TAIL = 0.25


class Columns(msgspec.Struct, array_like=True):
    """What a row keeps besides its words, as JSON."""

    facets: dict[str, list[str]]
    numbers: dict[str, float]
    titles: dict[str, str]  # folded and cut: only their order matters


@dataclass(frozen=True)
class Row:
    """One document as the database gives it; only the id matters of a deleted one."""

    id: int
    deleted: bool
    title_words: str
    body_words: str
    columns: str


_decode = msgspec.json.Decoder(Columns).decode


@dataclass(frozen=True)
class Snapshot:
    """The documents of an index; their place in the arrays is their number."""

    index: Index
    ids: NDArray[np.int32]
    alive: Mask
    title_lengths: NDArray[np.uint8]
    titles: Mapping[str, NDArray[np.bytes_]]  # by language, folded
    terms: Mapping[str, Terms]
    numbers: Mapping[str, Numbers]
    segments: tuple[tuple[int, Postings], ...] = ()  # number of the first document, words
    cache: dict[Any, Any] = field(default_factory=dict, compare=False)
    ranks: dict[str, NDArray[np.int32]] = field(default_factory=dict, compare=False)

    @classmethod
    def empty(cls, index: Index) -> "Snapshot":
        """Return the snapshot of an index without documents."""
        trees = {one.name: one.kind is FacetKind.TREE for one in index.facets}
        return cls(
            index=index,
            ids=np.empty(0, np.int32),
            alive=np.empty(0, np.bool_),
            title_lengths=np.empty(0, np.uint8),
            titles={code: np.empty(0, f"S{TITLE_BYTES}") for code in ("fr", "ar", "en")},
            terms={
                one.name: Terms(Values(tree=trees[one.name]), np.empty(0, np.int32))
                for one in index.facets
                if one.kind is not FacetKind.NUMBER
            },
            numbers={},
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def preference(self) -> NDArray[np.int64]:
        """Return what decides between equally good matches; lower is better, none are equal.

        First the boost of the index, then the shorter title (a monitor before its cable), then
        the older document.
        """
        boost = np.zeros(len(self), dtype=np.int64)
        if self.index.boost in self.numbers:
            boost = np.clip(self.numbers[self.index.boost].dense(len(self), 0.0), 0, 255).astype(
                np.int64
            )
        key: NDArray[np.int64] = (
            (255 - boost) << 40
            | self.title_lengths.astype(np.int64) << 32
            | np.arange(len(self), dtype=np.int64)
        )
        return key

    def title_rank(self, language: str) -> NDArray[np.int32]:
        """Return the place of each title in the alphabet; without one in this language, -1.

        Sorting 100,000 titles takes 30 ms, so it is done once.
        """
        if language not in self.ranks:
            titles = self.titles.get(language, self.titles["fr"])
            rank = np.unique(titles, return_inverse=True)[1]
            self.ranks[language] = np.where(titles == b"", -1, rank).astype(np.int32)
        return self.ranks[language]

    def changed(self, rows: Sequence[Row]) -> "Snapshot":
        """Return the snapshot after these rows were written."""
        alive = self.alive.copy()
        alive[np.isin(self.ids, np.fromiter((row.id for row in rows), np.int32, len(rows)))] = False
        added = [row for row in rows if not row.deleted]
        if not added:
            return replace(self, alive=alive, cache={})._tidied()
        titles = [row.title_words for row in added]
        columns = [_decode(row.columns) for row in added]
        postings = Postings.build(titles, [row.body_words for row in added])
        ids = np.fromiter((row.id for row in added), np.int32, len(added))
        lengths = np.fromiter((min(t.count(" ") + 1, 255) for t in titles), np.uint8, len(added))
        return Snapshot(
            index=self.index,
            ids=np.concatenate((self.ids, ids)),
            alive=np.concatenate((alive, np.ones(len(added), np.bool_))),
            title_lengths=np.concatenate((self.title_lengths, lengths)),
            titles={code: _with_titles(old, columns, code) for code, old in self.titles.items()},
            terms={
                name: old.extended([one.facets.get(name, ()) for one in columns])
                for name, old in self.terms.items()
            },
            numbers=_with_numbers(self.numbers, columns, start=len(self)),
            segments=(*self.segments, (len(self), postings)),
        )._tidied()

    def prepared(self) -> "Snapshot":
        """Return the snapshot with all computed that the first question would have to wait for."""
        for _, postings in self.segments:
            postings.prepare()
        return self

    def numbers_of(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Return the numbers of the living documents with these ids."""
        found = np.isin(self.ids, np.array(ids, dtype=np.int32)) & self.alive
        return np.flatnonzero(found)

    def _tidied(self) -> "Snapshot":
        """Merge when there are too many segments or too many dead documents."""
        if len(self) and (~self.alive).sum() > max(1000, MOST_DEAD * len(self)):
            return self.merged()
        if len(self.segments) <= MOST_SEGMENTS:
            return self
        start = self.segments[1][0]
        if len(self) - start > BIGGEST_TAIL * len(self):
            start = 0
        kept = tuple(one for one in self.segments if one[0] < start)
        joined = merge(
            (postings, np.arange(len(self)) + first - start)
            for first, postings in self.segments
            if first >= start
        )
        return replace(self, segments=(*kept, (start, joined)), cache={})

    def merged(self) -> "Snapshot":
        """Return the snapshot without its dead documents; the others get new numbers."""
        kept = np.flatnonzero(self.alive)
        renumbered = np.full(len(self), -1, dtype=np.int64)
        renumbered[kept] = np.arange(len(kept))
        postings = merge((part, renumbered[first:]) for first, part in self.segments)
        return Snapshot(
            index=self.index,
            ids=self.ids[kept],
            alive=np.ones(len(kept), np.bool_),
            title_lengths=self.title_lengths[kept],
            titles={code: one[kept] for code, one in self.titles.items()},
            terms={name: one.taken(kept, renumbered) for name, one in self.terms.items()},
            numbers={name: one.taken(renumbered) for name, one in self.numbers.items()},
            segments=((0, postings),),
        )


def _with_titles(
    old: NDArray[np.bytes_], columns: Sequence[Columns], code: str
) -> NDArray[np.bytes_]:
    more = [one.titles.get(code, "").encode()[:TITLE_BYTES] for one in columns]
    return np.concatenate((old, np.array(more, dtype=f"S{TITLE_BYTES}")))


def _with_numbers(
    old: Mapping[str, Numbers], columns: Sequence[Columns], *, start: int
) -> dict[str, Numbers]:
    found: dict[str, tuple[list[int], list[float]]] = {}
    for place, one in enumerate(columns, start):
        for name, value in one.numbers.items():
            documents, values = found.setdefault(name, ([], []))
            documents.append(place)
            values.append(value)
    return dict(old) | {
        name: old.get(name, Numbers()).extended(*pair) for name, pair in found.items()
    }
