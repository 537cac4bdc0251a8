"""Which documents have which word: an immutable inverted list of one batch of documents.

The words are sorted, and the entries of a word stand beside those of the next one, so that all
words with one beginning are one slice. Pure: numpy and rapidfuzz, no database.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.search.folding import forms, stems

Entries = NDArray[np.int32]  # document << 1 | 1 when the word stands in a title
NO_ENTRIES: Entries = np.empty(0, dtype=np.int32)
LAST = "\U0010ffff"
SHORTEST_WITH_TYPO = 4
SHORTEST_WITH_TWO_TYPOS = 8


class _Numbering(dict[str, int]):
    """Numbers words as they come; a class so that ``map`` can call it without a Python frame."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True)
class Postings:
    """The words of a batch of documents, in order, with the entries of each."""

    text: str  # the words, one a line: as objects they would scatter over the memory
    starts: NDArray[np.int32]
    entries: Entries

    @classmethod
    def build(cls, titles: Sequence[str], bodies: Sequence[str]) -> "Postings":
        """Index documents, numbered from 0, by the words of their titles and of their bodies."""
        numbering = _Numbering()
        number = numbering.__getitem__
        numbers: list[NDArray[np.int64]] = []
        documents: list[NDArray[np.int64]] = []
        for flag, texts in ((1, titles), (0, bodies)):
            split = [text.split() for text in texts]
            counts = np.fromiter(map(len, split), np.int64, len(split))
            total = int(counts.sum())
            numbers.append(np.fromiter(map(number, chain.from_iterable(split)), np.int64, total))
            documents.append(np.repeat(np.arange(len(split)) << 1 | flag, counts))
        return _assemble(numbering, np.concatenate(numbers), np.concatenate(documents))

    @cached_property
    def words(self) -> list[str]:
        """Return the words in their order."""
        return _lines(self.text)

    def slice_of(self, first: int, last: int) -> Entries:
        """Return the entries of the words from number ``first`` to before ``last``."""
        return self.entries[self.starts[first] : self.starts[last]]

    def exact(self, word: str) -> Entries:
        """Return the entries of this very word."""
        place = bisect_left(self.words, word)
        if place < len(self.words) and self.words[place] == word:
            return self.slice_of(place, place + 1)
        return NO_ENTRIES

    def beginning(self, start: str) -> Entries:
        """Return the entries of all words that begin with ``start``."""
        return self.slice_of(bisect_left(self.words, start), bisect_left(self.words, start + LAST))

    def inflected(self, word: str) -> Entries:
        """Return the entries of all words that have a form in common with ``word``."""
        hashes, owners = self._forms
        found: set[int] = set()
        for form in forms(word):
            first = np.searchsorted(hashes, hash(form), side="left")
            last = np.searchsorted(hashes, hash(form), side="right")
            found.update(owners[first:last].tolist())
        if not found:
            return NO_ENTRIES
        return np.concatenate([self.slice_of(one, one + 1) for one in found])

    def near(self, word: str) -> dict[str, int]:
        """Return the words that differ by a typo, with how many: one from 4 letters, two from 8.

        Swapped neighbours are one typo. A word with a digit is never guessed.
        """
        most = typos_allowed(word)
        if not most:
            return {}
        found: dict[str, int] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            for other, distance, _ in process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=20,
            ):
                found[other] = int(distance)
        return found

    def prepare(self) -> None:
        """Compute now what the first question would have to wait for."""
        _ = self._forms, self._by_length

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """Return the words that may be guessed, by their length."""
        found: dict[int, list[str]] = {}
        for word in self.words:
            if word.isalpha():
                found.setdefault(len(word), []).append(word)
        return found

    @cached_property
    def _forms(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the hashes of all forms, sorted, and the word each belongs to."""
        hashes = array("q")
        owners = array("i")
        for place, word in enumerate(self.words):
            for form in stems(word):
                hashes.append(hash(form))
                owners.append(place)
        order = np.argsort(np.frombuffer(hashes, np.int64), kind="stable")
        return np.frombuffer(hashes, np.int64)[order], np.frombuffer(owners, np.int32)[order]


def typos_allowed(word: str) -> int:
    """Return how many typos are bridged in a word of this length; none when it has a digit."""
    if len(word) < SHORTEST_WITH_TYPO or not word.isalpha():
        return 0
    return 1 if len(word) < SHORTEST_WITH_TWO_TYPOS else 2


def merge(parts: Iterable[tuple[Postings, NDArray[np.int64]]]) -> Postings:
    """Make one of several; beside each, the new number of its documents (-1: it is gone)."""
    parts = list(parts)
    numbering = _Numbering()
    numbers = [np.empty(0, np.int64)]
    entries = [np.empty(0, np.int64)]
    for part, renumbered in parts:
        known = np.fromiter(map(numbering.__getitem__, _lines(part.text)), np.int64)
        word = np.repeat(known, np.diff(part.starts))
        document = renumbered[part.entries >> 1]
        kept = document >= 0
        numbers.append(word[kept])
        entries.append(document[kept] << 1 | (part.entries[kept] & 1))
    return _assemble(numbering, np.concatenate(numbers), np.concatenate(entries))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _assemble(
    numbering: dict[str, int], numbers: NDArray[np.int64], entries: NDArray[np.int64]
) -> Postings:
    """Sort the pairs of word and entry by word, in the alphabetical order of the words."""
    words = sorted(numbering)
    rank = np.empty(len(words), dtype=np.int64)
    rank[np.fromiter(map(numbering.__getitem__, words), np.int64)] = np.arange(len(words))
    pairs = rank[numbers] << 32
    pairs |= entries
    pairs.sort()
    starts = np.searchsorted(pairs, np.arange(len(words) + 1, dtype=np.int64) << 32)
    return Postings(
        "\n".join(words), starts.astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
    )
