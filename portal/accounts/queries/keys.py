"""Access keys: a person's own, and the one that a program shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.accounts.queries.hidden import of_shown

OWN = """
    SELECT id, name, purpose, made_at, ends_at, used_on, revoked_at FROM access_key
    WHERE person = $1 ORDER BY made_at DESC, id
"""
# A key opens nothing of an organisation that is suspended, or refused after its verification.
OPEN = f"""
    SELECT k.id, k.person AS person_id, k.used_on, ARRAY(
        SELECT m.organisation FROM membership m
        WHERE m.person = k.person AND NOT {of_shown("m.organisation")}) AS held
    FROM access_key k JOIN person p ON p.id = k.person
    WHERE k.digest = $1 AND k.revoked_at IS NULL AND k.ends_at > $2 AND p.erased_at IS NULL
"""  # noqa: S608 — a constant


@dataclass(frozen=True)
class KeyView:
    """A key as its owner sees it; nobody sees the key itself again."""

    id: UUID
    name: str
    purpose: str
    made_at: datetime
    ends_at: datetime
    used_on: date | None
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Say whether a program gets in with it."""
        return self.revoked_at is None and now < self.ends_at


@dataclass(frozen=True)
class OpenKey:
    """A key that opens: whose it is, and of which organisations it does not count."""

    id: UUID
    person_id: UUID
    used_on: date | None
    held: frozenset[UUID]


async def keys_of(person_id: UUID) -> list[KeyView]:
    """Return a person's keys, the newest first."""
    return [KeyView(**dict(row)) for row in await database.fetch(OWN, person_id)]


async def open_key(digest: bytes, now: datetime) -> OpenKey | None:
    """Return the key with this digest if it opens; never from a cache, so revoking acts at once."""
    for row in await database.fetch(OPEN, digest, now):
        return OpenKey(row["id"], row["person_id"], row["used_on"], frozenset(row["held"]))
    return None


async def exported_keys(person_id: UUID) -> list[dict[str, Any]]:
    """Return what is kept of a person's keys, ready for JSON; never a digest."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in dict(row).items()
            if name != "id"
        }
        for row in await database.fetch(OWN, person_id)
    ]
