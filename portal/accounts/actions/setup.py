"""What is done from the command line, by whoever runs the portal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.accounts.actions.registration import NewPerson, add_organisation, insert_person
from portal.accounts.passwords import hashed
from portal.accounts.states import OrganisationState
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor, OrganisationKind


async def add_administrator(
    *,
    email: str,
    name: str,
    organisation: str,
    kind: OrganisationKind,
    language: str,
    password: str,
    now: datetime,
    fictional: bool = False,
) -> bool:
    """Add a verified organisation and its administrator; ``False`` when the address is taken."""
    password_hash = await hashed(password)
    async with database.transaction():
        new = NewPerson(email, name, language, "")
        person_id = await insert_person(new, password_hash, confirmed_at=now)
        if person_id is None:
            return False
        values: dict[str, Any] = {
            "kind": kind.value,
            "other_kinds": [],
            "name_fr": organisation,
            "state": OrganisationState.VERIFIED.value,
            "verified_at": now,
            "fictional": fictional,
        }
        organisation_id = await add_organisation(values, person_id)
        await record(
            "organisation.verified",
            subject=("organisation", organisation_id),
            actor=Actor(),
            organisation_id=organisation_id,
            reason="command line",
        )
    return True


async def unlock(email: str) -> bool:
    """Switch somebody's second factor off and tell them; ``False`` when there was none."""
    async with database.transaction():
        rows = await database.fetch(
            """UPDATE person SET totp_secret = NULL, totp_pending = NULL, totp_last_step = 0
               WHERE email = $1 AND totp_secret IS NOT NULL AND erased_at IS NULL
               RETURNING id, name, language""",
            email,
        )
        for row in rows:
            await database.fetch("DELETE FROM recovery_code WHERE person = $1", row["id"])
            await record(
                "person.unprotected",
                subject=("person", UUID(str(row["id"]))),
                actor=Actor(),
                reason="command line",
            )
            await notify(
                email,
                template="accounts/mail/unprotected",
                language=row["language"],
                name=row["name"],
            )
    return bool(rows)
