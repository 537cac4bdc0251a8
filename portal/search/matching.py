"""Which documents of a snapshot match some words, and how well. Pure.

Every word has to be found. Per word a document scores by where and how: in a title (+4), as the
very word (3), inflected (2), by its beginning, by a synonym or across a typo (1). When no document
has all the words, those that have the most of them answer, and the result says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.folding import asked_words
from portal.search.postings import NO_ENTRIES, Entries
from portal.search.snapshot import Snapshot

Scores = NDArray[np.uint8]

MOST_WORDS = 10
IN_TITLE = 4
VERY_WORD = 3
INFLECTED = 2
SIMILAR = 1
EXACT_IDENTIFIER = 127
IDENTIFIER_BEGINNING = 100


@dataclass(frozen=True)
class Match:
    """What the words alone find: a score above 0 per matching document."""

    scores: Scores
    corrected: str | None = None
    partial: bool = False


def match(
    snapshot: Snapshot,
    words: str,
    exact: Sequence[int] = (),
    beginnings: Sequence[int] = (),
) -> Match:
    """Find the documents for ``words``, and those an identifier (or its beginning) found."""
    asked = asked_words(words)[:MOST_WORDS]
    identified = bool(len(exact) or len(beginnings))
    if not asked and not identified:
        scores = snapshot.alive.astype(np.uint8)
        return Match(scores if not words.strip() else np.zeros_like(scores))
    found = _of_words(snapshot, asked, strict=identified) if asked else _nothing(snapshot)
    if identified:
        scores = found.scores.copy()
        scores[snapshot.numbers_of(beginnings)] = IDENTIFIER_BEGINNING
        scores[snapshot.numbers_of(exact)] = EXACT_IDENTIFIER
        found = Match(scores)
    return found


def _nothing(snapshot: Snapshot) -> Match:
    return Match(np.zeros(len(snapshot), dtype=np.uint8))


def _of_words(snapshot: Snapshot, asked: list[str], *, strict: bool) -> Match:
    """Score the documents by the words; when ``strict`` nothing is guessed."""
    total = np.zeros(len(snapshot), dtype=np.uint8)
    having = np.zeros(len(snapshot), dtype=np.uint8)
    understood: list[str] = []
    for place, word in enumerate(asked):
        entries = _entries(snapshot, word, last=place == len(asked) - 1)
        heard = word
        if not strict and not any(part.size for _, part in entries):
            heard, entries = _across_typos(snapshot, word)
        understood.append(heard)
        scores = _scores(snapshot, entries)
        total += scores
        having += scores > 0
    having[~snapshot.alive] = 0
    most = int(having.max(initial=0))
    partial = most < len(asked)
    if most == 0 or (partial and (strict or most * 2 < len(asked))):
        return _nothing(snapshot)
    total[having < most] = 0
    corrected = " ".join(understood) if understood != asked else None
    return Match(total, corrected, partial)


def _entries(snapshot: Snapshot, word: str, *, last: bool) -> list[tuple[int, Entries]]:
    """Return the entries that a word is found by, from the weakest to the strongest."""
    found = _synonyms(snapshot, word)
    if last:
        found.append((SIMILAR, _gathered(snapshot, "beginning", word)))
    found.append((INFLECTED, _gathered(snapshot, "inflected", word)))
    found.append((VERY_WORD, _gathered(snapshot, "exact", word)))
    return found


def _synonyms(snapshot: Snapshot, word: str) -> list[tuple[int, Entries]]:
    """Return the entries of the words that mean the same."""
    others = snapshot.index.synonyms.of(word)
    return [(SIMILAR, _gathered(snapshot, "inflected", other)) for other in others]


def _across_typos(snapshot: Snapshot, word: str) -> tuple[str, list[tuple[int, Entries]]]:
    """Return the likeliest word that was meant, and the entries of all that are as near."""
    near: dict[str, int] = {}
    for _, postings in snapshot.segments:
        near |= postings.near(word)
    if not near:
        return word, []
    least = min(near.values())
    nearest = {
        other: _gathered(snapshot, "exact", other)
        for other, distance in sorted(near.items())
        if distance == least
    }
    likeliest = max(nearest, key=lambda other: nearest[other].size)
    return likeliest, [
        *_synonyms(snapshot, likeliest),
        (SIMILAR, np.concatenate(list(nearest.values()))),
        (SIMILAR, _gathered(snapshot, "inflected", likeliest)),
    ]


def _gathered(snapshot: Snapshot, how: str, word: str) -> Entries:
    """Return what every segment answers, with the numbers of the whole snapshot."""
    found = []
    for first, postings in snapshot.segments:
        entries = getattr(postings, how)(word)
        if entries.size:
            found.append(entries + np.int32(first << 1) if first else entries)
    if not found:
        return NO_ENTRIES
    return found[0] if len(found) == 1 else np.concatenate(found)


def _scores(snapshot: Snapshot, entries: list[tuple[int, Entries]]) -> Scores:
    """Return the best score of each document: written from the weakest to the strongest."""
    scores = np.zeros(len(snapshot), dtype=np.uint8)
    split = [(value, part >> 1, (part & 1).astype(np.bool_)) for value, part in entries]
    for value, documents, titled in split:
        scores[documents[~titled]] = value
    for value, documents, titled in split:
        scores[documents[titled]] = value + IN_TITLE
    return scores
