"""How a document, a filter and the settings of an index are written for Meilisearch. Pure.

Attribute names: ``t_<facet>_<level>`` values of a facet (level 0 when it is no tree),
``n_<number>`` numbers, ``s_<language>`` sort keys, ``folded_…`` our own folding, so that Arabic
recall does not depend on what the server does with alef, ta marbuta and the article.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from meilisearch_python_sdk.models.settings import (
    Faceting,
    Filter,
    FilterableAttributeFeatures,
    FilterableAttributes,
    LocalizedAttributes,
    MeilisearchSettings,
    MinWordSizeForTypos,
    Pagination,
    TypoTolerance,
)

from portal.search.documents import LANGUAGES, LONGEST_KEY, TITLE_LETTERS, shown_title
from portal.search.folding import (
    asked_words,
    fold,
    identifier_key,
    indexed_words,
    light_stem,
    stems,
)
from portal.search.index import Document, FacetKind, Index
from portal.search.postings import SHORTEST_WITH_TWO_TYPOS, SHORTEST_WITH_TYPO

LOCALES = {"fr": "fra", "ar": "ara", "en": "eng"}
DEEPEST = 8
MOST_HITS = 1_000_000
MOST_VALUES = 5_000
MOST_WORDS = 10
VALUE_BYTES = 460  # Meilisearch cuts facet values at 468 bytes
NUMBERS = "n_"
PRESENT = "present_numbers"
SEARCHABLE = (
    "identifiers",
    *(f"title_{code}" for code in LANGUAGES),
    "folded_title",
    *(f"text_{code}" for code in LANGUAGES),
    "text_other",
    "folded_text",
)


def term_attribute(name: str, level: int = 0) -> str:
    """Return where the values of a facet are, at one level of its tree."""
    return f"t_{name}_{level}"


def number_attribute(name: str) -> str:
    """Return where a number is; a point in its name would mean a nested field."""
    return NUMBERS + name.replace(".", "__")


def number_name(attribute: str) -> str:
    """Return the number an attribute holds."""
    return attribute.removeprefix(NUMBERS).replace("__", ".")


def cut(value: str) -> str:
    """Return a facet value no longer than the server keeps."""
    return value.encode()[:VALUE_BYTES].decode(errors="ignore")


def written(index: Index, document: Document) -> dict[str, Any]:
    """Return the document as the server stores it."""
    titles = " ".join(document.titles.values())
    texts = " ".join(document.texts.values())
    found: dict[str, Any] = {
        "id": str(document.id),
        "card": msgspec.json.encode(dict(document.card)).decode(),
        "identifiers": _keys(document.identifiers),
        "folded_title": _folded(titles),
        "folded_text": _folded(texts),
        "text_other": " ".join(t for code, t in document.texts.items() if code not in LANGUAGES),
        PRESENT: list(document.numbers),
    }
    for code in LANGUAGES:
        found[f"title_{code}"] = document.titles.get(code, "")
        found[f"text_{code}"] = document.texts.get(code, "")
        found[f"s_{code}"] = fold(shown_title(document.titles, code))[:TITLE_LETTERS]
    for name, value in document.numbers.items():
        found[number_attribute(name)] = value
    for facet in index.facets:
        if facet.kind is not FacetKind.NUMBER:
            values = document.facets.get(facet.name, ())
            found |= _terms(facet.name, values, tree=facet.kind is FacetKind.TREE)
    return found


def _keys(identifiers: Iterable[str]) -> list[str]:
    keys = dict.fromkeys(identifier_key(one) for one in identifiers)
    return [key for key in keys if 0 < len(key) <= LONGEST_KEY]


def _folded(text: str) -> str:
    """Return the folded words of a text, and the stems they meet their inflections by."""
    words = indexed_words(text)
    return " ".join(sorted(words.union(*map(stems, words))))


def _terms(name: str, values: Iterable[str], *, tree: bool) -> dict[str, list[str]]:
    if not tree:
        return {term_attribute(name): [cut(one) for one in values]}
    levels: dict[str, dict[str, None]] = {}
    for value in values:
        parts = value.split("/")[:DEEPEST]
        for level in range(len(parts)):
            path = "/".join(parts[: level + 1])
            levels.setdefault(term_attribute(name, level), {})[path] = None
    return {attribute: list(paths) for attribute, paths in levels.items()}


def question(index: Index, words: str) -> list[str]:
    """Return the words to send: folded, and those that have synonyms as the server knows them."""
    return [_sent(index.synonyms.listed(word)) for word in asked_words(words)[:MOST_WORDS]]


def _sent(word: str) -> str:
    """Return a folded word as it is asked for; an Arabic one as the stem stored beside it."""
    return word if word.isascii() else light_stem(word)


def _synonyms(index: Index) -> dict[str, list[str]]:
    """Return the synonyms as the server takes them: it ranks the word itself before them."""
    table = index.synonyms.table()
    return {_sent(word): [_sent(one) for one in others] for word, others in table.items()}


def quoted(value: str) -> str:
    """Return a value as a filter writes it."""
    escaped = re.sub(r'(["\\])', r"\\\1", cut(value))
    return f'"{escaped}"'


def filters(
    index: Index,
    chosen: Mapping[str, tuple[str, ...]],
    ranges: Mapping[str, tuple[float | None, float | None]],
) -> dict[str, str]:
    """Return the condition of every filter that there is; an unknown one is none."""
    kinds = {one.name: one.kind for one in index.facets}
    found: dict[str, str] = {}
    for name, values in chosen.items():
        kind = kinds.get(name, FacetKind.NUMBER)
        if kind is not FacetKind.NUMBER and values:
            tree = kind is FacetKind.TREE
            parts = [
                f"{term_attribute(name, value.count('/') if tree else 0)} = {quoted(value)}"
                for value in values
                if not tree or value.count("/") < DEEPEST
            ]
            found[name] = f"({' OR '.join(parts or ['id IS NULL'])})"
    for name, (lowest, highest) in ranges.items():
        is_open = bool(index.open_numbers) and name.startswith(index.open_numbers)
        if kinds.get(name) is FacetKind.NUMBER or is_open:
            attribute = quoted(number_attribute(name))
            parts = [f"{attribute} >= {lowest!r}"] if lowest is not None else []
            parts += [f"{attribute} <= {highest!r}"] if highest is not None else []
            if parts:
                found[name] = f"({' AND '.join(parts)})"
    return found


def settings_of(index: Index) -> MeilisearchSettings:
    """Return the settings that make the server answer as the port promises."""
    terms = [
        term_attribute(one.name, level)
        for one in index.facets
        if one.kind is not FacetKind.NUMBER
        for level in range(DEEPEST if one.kind is FacetKind.TREE else 1)
    ]
    sorts = [number_attribute(one) for one in index.sorts if one != "title"]
    ranking = ["sort", "words", "typo", "attribute", "proximity", "exactness"]
    if index.boost:
        ranking.append(f"{number_attribute(index.boost)}:desc")
    return MeilisearchSettings(
        searchable_attributes=list(SEARCHABLE),
        displayed_attributes=["id", "card"],
        filterable_attributes=[
            _filterable(["id", "identifiers", PRESENT, *terms], comparison=False),
            _filterable([f"{NUMBERS}*"], comparison=True),
        ],
        sortable_attributes=[*(f"s_{code}" for code in LANGUAGES), *sorts],
        ranking_rules=ranking,
        synonyms=_synonyms(index),
        typo_tolerance=TypoTolerance(
            enabled=True,
            disable_on_attributes=["identifiers"],
            disable_on_numbers=True,
            min_word_size_for_typos=MinWordSizeForTypos(
                one_typo=SHORTEST_WITH_TYPO, two_typos=SHORTEST_WITH_TWO_TYPOS
            ),
        ),
        faceting=Faceting(max_values_per_facet=MOST_VALUES, sort_facet_values_by={"*": "count"}),
        pagination=Pagination(max_total_hits=MOST_HITS),
        localized_attributes=[
            LocalizedAttributes(locales=[LOCALES[code]], attribute_patterns=[f"*_{code}"])
            for code in LANGUAGES
        ],
    )


def _filterable(patterns: list[str], *, comparison: bool) -> FilterableAttributes:
    return FilterableAttributes(
        attribute_patterns=patterns,
        features=FilterableAttributeFeatures(
            facet_search=False, filter=Filter(equality=True, comparison=comparison)
        ),
    )
