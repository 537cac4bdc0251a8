"""What is stored of a document: folded words, columns and card, computed once when written."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

import msgspec

from portal.search.folding import FOLDING_VERSION, fold, identifier_key, indexed_words
from portal.search.index import Document
from portal.search.snapshot import Columns

LANGUAGES = ("fr", "ar", "en")
TITLE_LETTERS = 24
LONGEST_KEY = 200

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Prepared:
    """One document as it is written."""

    subject: UUID
    digest: int
    title_words: str
    body_words: str
    columns: str
    card: str
    keys: tuple[str, ...]


def shown_title(titles: Mapping[str, str], language: str) -> str:
    """Return the title a reader of ``language`` sees: their own, else French, English, Arabic."""
    for code in (language, "fr", "en", "ar"):
        if titles.get(code):
            return titles[code]
    return next((title for title in titles.values() if title), "")


def prepare(document: Document) -> Prepared:
    """Fold a document; two that would be stored alike have the same digest."""
    titled = indexed_words(" ".join(document.titles.values()))
    body = indexed_words(" ".join(document.texts.values())) - titled
    columns = _encode(
        Columns(
            facets={name: list(values) for name, values in document.facets.items() if values},
            numbers=dict(document.numbers),
            titles={
                code: fold(shown_title(document.titles, code))[:TITLE_LETTERS] for code in LANGUAGES
            },
        )
    )
    card = _encode(dict(document.card))
    keys = tuple(
        dict.fromkeys(
            key
            for one in document.identifiers
            if 0 < len(key := identifier_key(one)) <= LONGEST_KEY
        )
    )
    title_words, body_words = " ".join(sorted(titled)), " ".join(sorted(body))
    mark = blake2b(digest_size=8)
    for part in (str(FOLDING_VERSION), title_words, body_words, *keys):
        mark.update(part.encode() + b"\0")
    mark.update(columns + b"\0" + card)
    return Prepared(
        subject=document.id,
        digest=int.from_bytes(mark.digest(), "big", signed=True),
        title_words=title_words,
        body_words=body_words,
        columns=columns.decode(),
        card=card.decode(),
        keys=keys,
    )
