"""The port: what an index is, what is put into it, what is asked of it and what it answers.

A package declares an :class:`Index` and turns its rows into :class:`Document` values; it never
knows which adapter (``postgres`` or ``meilisearch``) answers.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.search.synonyms import NONE, Synonyms


class FacetKind(StrEnum):
    """How the values of a facet are counted and shown."""

    TERMS = "terms"  # a flat list of values
    TREE = "tree"  # values are paths "A/A01/A0101"; a document counts at every ancestor
    NUMBER = "number"  # a numeric range, with the extent of the matching documents


@dataclass(frozen=True)
class Facet:
    """Something results can be narrowed by."""

    name: str
    label: str  # msgid
    kind: FacetKind = FacetKind.TERMS
    unit: str = ""


@dataclass(frozen=True)
class Document:
    """What one subject puts into an index.

    Attributes:
        id: the subject's own id.
        titles: name by language ("fr", "ar", "en"); what matches here ranks first.
        texts: everything else a person may search for, by language ("" when it has none).
        identifiers: exact keys (GTIN, reference, ICE …) as given; an exact hit ranks above all.
        facets: facet name → values; a tree value is a full path with "/" between levels.
        numbers: facet or sort name → value.
        card: JSON-ready data that the result list shows without another query.
    """

    id: UUID
    titles: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)


Loader = Callable[[Sequence[UUID]], Awaitable[list[Document]]]
AllIds = Callable[[], AsyncIterator[Sequence[UUID]]]
Identify = Callable[[str], tuple[str, ...]]


def as_typed(words: str) -> tuple[str, ...]:
    """Take the whole of what was typed for one identifier."""
    return (words,)


@dataclass(frozen=True)
class Index:
    """One searchable collection: how to load its documents, and what they are narrowed by.

    ``load`` answers for the ids it is given; an id it does not answer for is removed from the
    index (deleted, or no longer public). ``all_ids`` yields batches of every public id.
    ``sorts`` names the entries of ``Document.numbers`` (or "title") results may be ordered by.
    ``identify`` reads identifiers out of what was typed or scanned (a UDI holds a GTIN).
    ``boost`` names a number from 0 to 255: of two equally good matches the higher comes first.
    ``open_numbers`` is the beginning of the names of numbers that are facets as well, whichever
    they are (the numeric attributes of devices): those that most results have are offered.
    ``synonyms`` are words that find each other, though they weigh less than the word itself.
    """

    name: str
    load: Loader
    all_ids: AllIds
    facets: tuple[Facet, ...] = ()
    sorts: tuple[str, ...] = ("title",)
    identify: Identify = as_typed
    boost: str = ""
    open_numbers: str = ""
    synonyms: Synonyms = NONE


@dataclass(frozen=True)
class Query:
    """What a person asks: words, filters, order and page. Built from the address, and only so."""

    words: str = ""
    language: str = "fr"
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # facet → values (OR)
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    sort: str = ""  # "" is by relevance; "-name" is descending
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet, with how many results choosing it would give."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class FacetCounts:
    """A facet as counted without its own filter (so that its other values stay reachable)."""

    name: str
    values: tuple[FacetValue, ...] = ()
    lowest: float | None = None  # NUMBER only: extent of the matching documents
    highest: float | None = None
    having: int = 0  # NUMBER only: how many of the matching documents have a value


@dataclass(frozen=True)
class Hit:
    """One result."""

    id: UUID
    card: Mapping[str, Any]
    exact: bool = False  # found by one of its identifiers


@dataclass(frozen=True)
class Result:
    """One page of results.

    ``total`` counts all that match; ``unfiltered_total`` what the words alone would match, so
    that « nothing matches » and « your filters exclude all » can be told apart.
    """

    hits: tuple[Hit, ...]
    total: int
    unfiltered_total: int
    facets: Mapping[str, FacetCounts]
    corrected: str | None = None  # the words as they were understood, when a typo was bridged
    partial: bool = False  # no document has all the words; these have the most of them
