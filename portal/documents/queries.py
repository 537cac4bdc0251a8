"""Reading about documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.queries.hidden import of_shown
from portal.documents.states import DocumentState

# What a suspended organisation made public is public no longer, and is again when it comes back.
COLUMNS = (
    "id, organisation_id, sha256, name, media_type, size_bytes, state,"
    f" public AND {of_shown('organisation_id')} AS public, actor, created_at"
)


@dataclass(frozen=True)
class DocumentRow:
    """One document."""

    id: UUID
    organisation_id: UUID | None
    sha256: str
    name: str
    media_type: str
    size_bytes: int
    state: DocumentState
    public: bool
    actor: str
    created_at: datetime

    @property
    def is_image(self) -> bool:
        """Say whether there are previews of it."""
        return self.media_type.startswith("image/")


async def documents(ids: Sequence[UUID]) -> dict[UUID, DocumentRow]:
    """Return the documents with these ids, those that exist."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM document WHERE id = ANY($1)",  # noqa: S608 - own words only
        list(ids),
    )
    return {
        row["id"]: DocumentRow(**{**dict(row), "state": DocumentState(row["state"])})
        for row in rows
    }


async def document(document_id: UUID) -> DocumentRow | None:
    """Return one document."""
    return (await documents([document_id])).get(document_id)


async def quarantined() -> list[UUID]:
    """Return the documents that the virus scanner has to see, the oldest first."""
    rows = await database.fetch(
        "SELECT id FROM document WHERE state = 'quarantined' ORDER BY created_at LIMIT 200"
    )
    return [row["id"] for row in rows]


async def digests_in_use(digests: Sequence[str]) -> set[str]:
    """Return which of these digests belong to a document that is not refused."""
    rows = await database.fetch(
        "SELECT DISTINCT sha256 FROM document WHERE sha256 = ANY($1) AND state <> 'refused'",
        list(digests),
    )
    return {row["sha256"] for row in rows}


async def names_of(ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Return the name of each document, and whether it can be had, by id."""
    rows = await database.fetch(
        "SELECT id::text, name, state FROM document WHERE id::text = ANY($1)", list(ids)
    )
    return {row["id"]: (row["name"], row["state"] == DocumentState.AVAILABLE) for row in rows}
