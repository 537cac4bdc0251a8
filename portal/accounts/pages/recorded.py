"""The organisations, people and invitations that records of the audit are about."""

from collections.abc import Sequence

from portal.accounts.access import ORGANISATION_VIEW
from portal.accounts.naming import ROLES
from portal.accounts.queries.recorded import (
    recorded_invitations,
    recorded_organisations,
    recorded_people,
)
from portal.package import AuditSubject, Concerned, DetailWords
from portal.permissions import Actor, may
from portal.web.i18n import lazy


async def organisations(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the names of organisations; with their page where this person may open it."""
    return {
        str(one.id): Concerned(one.name, "accounts.organisation", {"organisation_id": one.id})
        if may(actor, ORGANISATION_VIEW, one)
        else Concerned(one.name)
        for one in await recorded_organisations(ids)
    }


async def people(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the names of people; nobody has a page that others may open."""
    return {key: Concerned(name) for key, name in (await recorded_people(ids)).items()}


async def invitations(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return who was invited."""
    return {key: Concerned(email) for key, email in (await recorded_invitations(ids)).items()}


AUDIT_SUBJECTS = (
    AuditSubject("organisation", lazy("Organisation"), organisations),
    AuditSubject("person", lazy("Person"), people),
    AuditSubject("invitation", lazy("Invitation"), invitations),
)
_ROLE = DetailWords("role", ROLES)
AUDIT_DETAILS = {
    "invitation.sent": _ROLE,
    "membership.started": _ROLE,
    "membership.changed": _ROLE,
}
