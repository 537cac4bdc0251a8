"""What can be done with the catalogue, and who may."""

from portal.permissions import (
    Action,
    Actor,
    OrganisationKind,
    Role,
    Subject,
    either,
    member,
    verifier,
)

SUPPLIERS = frozenset(
    {OrganisationKind.MANUFACTURER, OrganisationKind.DISTRIBUTOR, OrganisationKind.SUBCONTRACTOR}
)


def _of_others(actor: Actor, subject: Subject | None) -> bool:
    """Say whether this is a verifier, and not one who would decide about their own device."""
    mine = {one.organisation_id for one in actor.memberships}
    return verifier(actor, subject) and (subject is None or subject.organisation_id not in mine)


DEVICE_REGISTER = Action("catalog.device.register", member(SUPPLIERS, at_least=Role.EDITOR))
# The list of one's own records; who may only read because of a suspension finds it as well.
DEVICE_LIST_OWN = Action(
    "catalog.device.list_own", member(SUPPLIERS, at_least=Role.EDITOR, reads=True)
)
DEVICE_VIEW_OWN = Action("catalog.device.view_own", either(member(SUPPLIERS), verifier))
DEVICE_EDIT = Action("catalog.device.edit", member(SUPPLIERS, at_least=Role.EDITOR))
# Only a verified organisation brings a record before the verifier.
DEVICE_SUBMIT = Action(
    "catalog.device.submit", member(SUPPLIERS, at_least=Role.EDITOR, verified=True)
)
DEVICE_REVIEW = Action("catalog.device.review", _of_others)
PROFILE_EDIT = Action("catalog.profile.edit", member(at_least=Role.ADMIN))
