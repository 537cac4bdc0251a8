"""What can be done with the catalogue, and who may."""

from portal.permissions import Action, OrganisationKind, Role, either, member, verifier

SUPPLIERS = frozenset(
    {OrganisationKind.MANUFACTURER, OrganisationKind.DISTRIBUTOR, OrganisationKind.SUBCONTRACTOR}
)

DEVICE_REGISTER = Action("catalog.device.register", member(SUPPLIERS, at_least=Role.EDITOR))
DEVICE_VIEW_OWN = Action("catalog.device.view_own", either(member(SUPPLIERS), verifier))
DEVICE_EDIT = Action("catalog.device.edit", member(SUPPLIERS, at_least=Role.EDITOR))
# Only a verified organisation brings a record before the verifier.
DEVICE_SUBMIT = Action(
    "catalog.device.submit", member(SUPPLIERS, at_least=Role.EDITOR, verified=True)
)
DEVICE_REVIEW = Action("catalog.device.review", verifier)
PROFILE_EDIT = Action("catalog.profile.edit", member(at_least=Role.ADMIN))
