"""What records of the audit are about, in the accounts: many at once, a statement for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal import database
from portal.accounts.naming import in_language

ORGANISATIONS = "SELECT id, name_fr, name_ar, name_en FROM organisation WHERE id::text = ANY($1)"
PEOPLE = "SELECT id::text, name FROM person WHERE id::text = ANY($1) AND name <> ''"
INVITATIONS = "SELECT id::text, email FROM invitation WHERE id::text = ANY($1)"


@dataclass(frozen=True)
class RecordedOrganisation:
    """An organisation as far as a record of the audit names it."""

    id: UUID
    name: str

    @property
    def organisation_id(self) -> UUID:
        """Return the id, as permissions ask for it."""
        return self.id


async def recorded_organisations(ids: Sequence[str]) -> list[RecordedOrganisation]:
    """Return the organisations with these ids that there are."""
    rows = await database.fetch(ORGANISATIONS, list(ids))
    return [
        RecordedOrganisation(row["id"], in_language(row["name_fr"], row["name_ar"], row["name_en"]))
        for row in rows
    ]


async def recorded_people(ids: Sequence[str]) -> dict[str, str]:
    """Return the names of people by id; whoever is erased has none."""
    return {row["id"]: row["name"] for row in await database.fetch(PEOPLE, list(ids))}


async def recorded_invitations(ids: Sequence[str]) -> dict[str, str]:
    """Return who was invited, by the id of the invitation."""
    return {row["id"]: row["email"] for row in await database.fetch(INVITATIONS, list(ids))}
