"""Reading from PostgreSQL what a snapshot is made of, and what a page of results shows."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from portal import database
from portal.search.folding import identifier_key
from portal.search.index import Hit, Index
from portal.search.snapshot import Row

BATCH = 2_000
SHORTEST_BEGINNING = 5
MOST_IDENTIFIED = 50

CHANGES = """
SELECT id, version, deleted, title_words, body_words, columns FROM search_document
WHERE "index" = $1 AND (version, id) > ($2, $3)
ORDER BY version, id LIMIT $4
"""
IDENTIFIED = """
(SELECT document, true AS is_exact FROM search_identifier
    WHERE "index" = $1 AND key COLLATE "C" = ANY($2) LIMIT $5)
UNION ALL
(SELECT document, false FROM search_identifier
    WHERE "index" = $1 AND key COLLATE "C" > $3 AND key COLLATE "C" < $4 LIMIT $5)
"""

_decode = msgspec.json.decode


@dataclass(frozen=True)
class Version:
    """Where an index stands; another incarnation has nothing in common with this one."""

    incarnation: UUID | None = None
    number: int = 0
    purged: int = 0


async def version_of(index: str) -> Version:
    """Return where an index stands now."""
    rows = await database.fetch(
        "SELECT incarnation, version, purged FROM search_index WHERE name = $1", index
    )
    if not rows:
        return Version()
    return Version(rows[0]["incarnation"], rows[0]["version"], rows[0]["purged"])


async def changes(index: str, since: int) -> AsyncIterator[tuple[int, list[Row]]]:
    """Yield the rows written after a version in batches, each with the last version in it.

    What changes meanwhile gets a later version, so it is read again by the next call, never
    missed.
    """
    version, last = since, 2**31 - 1
    while True:
        rows = await database.fetch(CHANGES, index, version, last, BATCH)
        if not rows:
            return
        version, last = rows[-1]["version"], rows[-1]["id"]
        yield (
            version,
            [
                Row(r["id"], r["deleted"], r["title_words"], r["body_words"], r["columns"])
                for r in rows
            ],
        )
        if len(rows) < BATCH:
            return


async def identified(index: Index, words: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the ids of documents one of whose identifiers was typed, in full or begun.

    Only what holds a digit is looked up: words are words.
    """
    if not any(letter.isdigit() for letter in words):
        return (), ()
    keys = [key for one in index.identify(words) if (key := identifier_key(one))]
    typed = identifier_key(words)
    if not keys and not typed:
        return (), ()
    # A range of the keys that begin with what was typed; none when it is too short.
    begun = typed if len(typed) >= SHORTEST_BEGINNING else "\U0010ffff"
    rows = await database.fetch(
        IDENTIFIED, index.name, keys, begun, begun + "\U0010ffff", MOST_IDENTIFIED
    )
    exact = dict.fromkeys(row["document"] for row in rows if row["is_exact"])
    beginnings = dict.fromkeys(row["document"] for row in rows if not row["is_exact"])
    return tuple(exact), tuple(one for one in beginnings if one not in exact)


async def hits(ids: Sequence[int], exact: frozenset[int]) -> tuple[Hit, ...]:
    """Return the results with these ids, in this order; one deleted meanwhile is left out."""
    if not ids:
        return ()
    rows = await database.fetch(
        "SELECT id, subject, card FROM search_document WHERE id = ANY($1::int[]) AND NOT deleted",
        list(ids),
    )
    found = {row["id"]: row for row in rows}
    return tuple(
        Hit(UUID(int=found[one]["subject"].int), _decode(found[one]["card"]), one in exact)
        for one in ids
        if one in found
    )
