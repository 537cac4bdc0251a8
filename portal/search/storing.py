"""Writing documents to PostgreSQL; unchanged ones are left alone. SQL only, in bulk."""

from collections.abc import Sequence
from uuid import UUID

from portal import database
from portal.search.documents import Prepared

UPSERT = """
INSERT INTO search_document AS old
    ("index", subject, version, digest, deleted, title_words, body_words, columns, card)
SELECT $1, subject, $2, digest, false, title_words, body_words, columns, card
FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS new (subject, digest, title_words, body_words, columns, card)
ON CONFLICT ("index", subject) DO UPDATE SET
    version = EXCLUDED.version, digest = EXCLUDED.digest, deleted = false,
    title_words = EXCLUDED.title_words, body_words = EXCLUDED.body_words,
    columns = EXCLUDED.columns, card = EXCLUDED.card
WHERE old.deleted OR old.digest <> EXCLUDED.digest
RETURNING id, subject, xmax = 0 AS is_new
"""
FORGET = """
UPDATE search_document SET version = $2, deleted = true, digest = 0,
    title_words = '', body_words = '', columns = '', card = ''
WHERE "index" = $1 AND subject = ANY($3::uuid[]) AND NOT deleted
RETURNING id
"""
PURGE = """
WITH gone AS (
    DELETE FROM search_document WHERE "index" = $1 AND deleted AND version <= $2 RETURNING version
)
UPDATE search_index SET purged = greatest(purged, (SELECT max(version) FROM gone))
WHERE name = $1 AND EXISTS (SELECT FROM gone)
"""


async def store(index: str, version: int, prepared: Sequence[Prepared]) -> int:
    """Write documents that are new or changed, with their identifiers, and count them."""
    by_subject = {one.subject: one for one in prepared}
    every = list(by_subject.values())
    rows = await database.fetch(
        UPSERT,
        index,
        version,
        [one.subject for one in every],
        [one.digest for one in every],
        [one.title_words for one in every],
        [one.body_words for one in every],
        [one.columns for one in every],
        [one.card for one in every],
    )
    await _forget_identifiers([row["id"] for row in rows if not row["is_new"]])
    keys = [(row["id"], key) for row in rows for key in by_subject[row["subject"]].keys]
    if keys:
        await database.fetch(
            'INSERT INTO search_identifier ("index", key, document)'
            " SELECT $1, key, document FROM unnest($2::text[], $3::int[]) AS new (key, document)",
            index,
            [key for _, key in keys],
            [document for document, _ in keys],
        )
    return len(rows)


async def forget(index: str, version: int, gone: Sequence[UUID]) -> int:
    """Leave only a mark of these documents, for the web processes to see, and count them."""
    if not gone:
        return 0
    rows = await database.fetch(FORGET, index, version, list(gone))
    await _forget_identifiers([row["id"] for row in rows])
    return len(rows)


async def purge(index: str, version: int) -> None:
    """Remove the marks of documents deleted up to ``version``."""
    await database.fetch(PURGE, index, version)


async def _forget_identifiers(ids: list[int]) -> None:
    if ids:
        await database.fetch("DELETE FROM search_identifier WHERE document = ANY($1::int[])", ids)
