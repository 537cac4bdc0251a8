"""Who may read the audit: an organisation's administrators their own trail, an authority all."""

from uuid import UUID

from portal.permissions import Action, Actor, Role, authority, either, member

SEE = Action("audit.trail.see", either(member(at_least=Role.ADMIN, reads=True), authority))


def readable_organisations(actor: Actor) -> tuple[UUID, ...] | None:
    """Return the organisations whose trail this person may read; ``None`` is every record."""
    if authority(actor, None):
        return None
    return tuple(one.organisation_id for one in actor.memberships if one.role is Role.ADMIN)
