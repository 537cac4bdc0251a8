"""What results are narrowed and counted by, as arrays with one place per document.

Pure numpy: a facet of 100,000 documents is counted in a fraction of a millisecond, which no
statement in the database does. A column is never changed; ``extended`` gives a longer one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]
NONE: Codes = np.empty(0, dtype=np.int32)


class Values:
    """The distinct values of a facet in the order they came; shared by columns, never changed.

    Requests count in a column while a thread makes a longer one: values that appeared in the
    meantime would have no place in the arrays of the request.

    In a tree the ancestors of a value ("A" and "A/A01" of "A/A01/A0101") are values as well.
    """

    def __init__(self, *, tree: bool = False) -> None:
        self.tree = tree
        self.names: list[str] = []
        self.codes: dict[str, int] = {}
        self.parents: list[int] = []
        self.depths: list[int] = []

    def with_names(self, names: Iterable[str]) -> "Values":
        """Return these values and those of ``names`` that are new behind them."""
        new = [name for name in dict.fromkeys(names) if name not in self.codes]
        if not new:
            return self
        longer = Values(tree=self.tree)
        longer.names, longer.codes = self.names.copy(), self.codes.copy()
        longer.parents, longer.depths = self.parents.copy(), self.depths.copy()
        for name in new:
            longer._add(name)
        return longer

    def _add(self, name: str) -> int:
        found = self.codes.get(name)
        if found is not None:
            return found
        above = name.rpartition("/")[0] if self.tree else ""
        parent = self._add(above) if above else -1
        code = self.codes[name] = len(self.names)
        self.names.append(name)
        self.parents.append(parent)
        self.depths.append(self.depths[parent] + 1 if parent >= 0 else 0)
        return code

    def known(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of those names that are values."""
        return [self.codes[name] for name in names if name in self.codes]

    def line(self, code: int) -> list[int]:
        """Return a value and its ancestors, from the lowest to the highest."""
        found = []
        while code >= 0:
            found.append(code)
            code = self.parents[code]
        return found

    @cached_property
    def below(self) -> dict[int, list[int]]:
        """Return the values right below each value, those at the top below -1."""
        found: dict[int, list[int]] = {}
        for code, parent in enumerate(self.parents):
            found.setdefault(parent, []).append(code)
        return found

    @cached_property
    def levels(self) -> list[tuple[Codes, Codes]]:
        """Return per depth from 1 on the values and their parents."""
        depths = np.array(self.depths, dtype=np.int32)
        parents = np.array(self.parents, dtype=np.int32)
        found = []
        for depth in range(1, int(depths.max(initial=0)) + 1):
            here = np.flatnonzero(depths == depth).astype(np.int32)
            found.append((here, parents[here]))
        return found


@dataclass(frozen=True)
class Terms:
    """The values of one facet: the first of each document, then pairs for the further ones.

    ``repeated`` are the ancestors that a document with several values in a tree would be counted
    at more than once.
    """

    values: Values
    first: Codes  # -1 where a document has none
    further_documents: Codes = field(default_factory=lambda: NONE)
    further: Codes = field(default_factory=lambda: NONE)
    repeated_documents: Codes = field(default_factory=lambda: NONE)
    repeated: Codes = field(default_factory=lambda: NONE)

    def extended(self, rows: Sequence[Sequence[str]]) -> "Terms":
        """Return the column with the values of further documents at its end."""
        values = self.values.with_names(chain.from_iterable(rows))
        code = values.codes.__getitem__
        first = np.full(len(rows), -1, dtype=np.int32)
        further: list[tuple[int, int]] = []
        repeated: list[tuple[int, int]] = []
        start = len(self.first)
        for place, row in enumerate(rows):
            if not row:
                continue
            first[place] = code(row[0])
            if len(row) > 1:
                codes = list(dict.fromkeys(map(code, row)))
                further += [(start + place, one) for one in codes[1:]]
                repeated += [(start + place, one) for one in _counted_again(values, codes)]
        return Terms(
            values,
            np.concatenate((self.first, first)),
            *_with_pairs(self.further_documents, self.further, further),
            *_with_pairs(self.repeated_documents, self.repeated, repeated),
        )

    def taken(self, kept: NDArray[np.int64], renumbered: NDArray[np.int64]) -> "Terms":
        """Return the column of the documents ``kept`` only, with their new numbers."""
        return Terms(
            self.values,
            self.first[kept],
            *_renumbered(self.further_documents, self.further, renumbered),
            *_renumbered(self.repeated_documents, self.repeated, renumbered),
        )

    def having(self, names: Iterable[str]) -> Mask:
        """Return which documents have one of these values (in a tree: or one below it)."""
        chosen = np.zeros(len(self.values.names) + 1, dtype=np.bool_)  # the last is for -1
        chosen[self.values.known(names)] = True
        if self.values.tree:
            for here, parents in self.values.levels:
                chosen[here] |= chosen[parents]
        mask: Mask = chosen[self.first]
        mask[self.further_documents[chosen[self.further]]] = True
        return mask

    def counts(self, chosen: "Chosen") -> NDArray[np.int64]:
        """Return per value how many of the chosen documents have it."""
        if 2 * chosen.documents.size <= len(self.first):
            return self._counted(chosen)
        return self.totals - self._counted(chosen.others)  # quicker when most are chosen

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """Return per value how many documents have it."""
        return self._counted(Chosen(np.ones(len(self.first), dtype=np.bool_)))

    def _counted(self, chosen: "Chosen") -> NDArray[np.int64]:
        size = len(self.values.names)
        first = self.first if chosen.all else self.first[chosen.documents]
        counts = np.bincount(first + 1, minlength=size + 1)[1:]
        counts = counts + self._pairs(self.further_documents, self.further, chosen, size)
        if self.values.tree:
            for here, parents in reversed(self.values.levels):
                np.add.at(counts, parents, counts[here])
            counts = counts - self._pairs(self.repeated_documents, self.repeated, chosen, size)
        return counts

    def _pairs(
        self, documents: Codes, codes: Codes, chosen: "Chosen", size: int
    ) -> NDArray[np.int64]:
        if not chosen.all:
            codes = codes[chosen.mask[documents]]
        return np.bincount(codes, minlength=size)


class Chosen:
    """Some of the documents: as a mask, and as their numbers, which are quicker when few."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.documents = np.flatnonzero(mask).astype(np.int32)
        self.all = self.documents.size == mask.size

    @cached_property
    def others(self) -> "Chosen":
        """Return the documents that were not chosen."""
        return Chosen(~self.mask)


@dataclass(frozen=True)
class Numbers:
    """The values of one number; most documents may have none."""

    documents: Codes = field(default_factory=lambda: NONE)
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def extended(self, documents: Sequence[int], values: Sequence[float]) -> "Numbers":
        """Return the column with the values of further documents at its end."""
        return Numbers(
            np.concatenate((self.documents, np.array(documents, dtype=np.int32))),
            np.concatenate((self.values, np.array(values, dtype=np.float64))),
        )

    def taken(self, renumbered: NDArray[np.int64]) -> "Numbers":
        """Return the column of the documents that have a new number."""
        documents = renumbered[self.documents]
        kept = documents >= 0
        return Numbers(documents[kept].astype(np.int32), self.values[kept])

    def between(self, lowest: float | None, highest: float | None, size: int) -> Mask:
        """Return which of ``size`` documents have a value between these, both included."""
        inside = np.ones(len(self.values), dtype=np.bool_)
        if lowest is not None:
            inside &= self.values >= lowest
        if highest is not None:
            inside &= self.values <= highest
        mask: Mask = np.zeros(size, dtype=np.bool_)
        mask[self.documents[inside]] = True
        return mask

    def extent(self, mask: Mask) -> tuple[float | None, float | None, int]:
        """Return the lowest and highest value within ``mask``, and how many have one."""
        values = self.values[mask[self.documents]]
        if not values.size:
            return None, None, 0
        return float(values.min()), float(values.max()), int(values.size)

    def dense(self, size: int, missing: float = np.nan) -> NDArray[np.float64]:
        """Return one place per document."""
        found = np.full(size, missing)
        found[self.documents] = self.values
        return found


def _counted_again(values: Values, codes: list[int]) -> list[int]:
    """Return the ancestors that these values of one document have in common."""
    if not values.tree:
        return []
    seen: set[int] = set()
    again: list[int] = []
    for code in codes:
        for one in values.line(code):
            (again.append if one in seen else seen.add)(one)
    return again


def _with_pairs(
    documents: Codes, codes: Codes, pairs: list[tuple[int, int]]
) -> tuple[Codes, Codes]:
    if not pairs:
        return documents, codes
    more = np.array(pairs, dtype=np.int32)
    return np.concatenate((documents, more[:, 0])), np.concatenate((codes, more[:, 1]))


def _renumbered(
    documents: Codes, codes: Codes, renumbered: NDArray[np.int64]
) -> tuple[Codes, Codes]:
    places = renumbered[documents]
    kept = places >= 0
    return places[kept].astype(np.int32), codes[kept]
