"""What can be done with accounts, and who may."""

from portal.permissions import (
    Action,
    OrganisationKind,
    Role,
    either,
    member,
    signed_in,
    verifier,
)

ORGANISATION_REGISTER = Action("accounts.organisation.register", signed_in)
ORGANISATION_VIEW = Action("accounts.organisation.view", either(member(), verifier))
# Also while it is suspended: what was wrong with it can be put right.
ORGANISATION_EDIT = Action("accounts.organisation.edit", member(at_least=Role.ADMIN, reads=True))
MEMBERS_VIEW = Action("accounts.members.view", either(member(), verifier))
# Also while it is suspended: who has left must not keep their place.
MEMBERS_MANAGE = Action("accounts.members.manage", member(at_least=Role.ADMIN, reads=True))
MEMBERS_INVITE = Action("accounts.members.invite", member(at_least=Role.ADMIN))
MEMBERSHIP_LEAVE = Action("accounts.membership.leave", member())
ORGANISATION_VERIFY = Action("accounts.organisation.verify", verifier)
SUCCESSION_RECORD = Action(
    "accounts.succession.record",
    member({OrganisationKind.AUTHORITY}, at_least=Role.EDITOR, verified=True, of_subject=False),
)
