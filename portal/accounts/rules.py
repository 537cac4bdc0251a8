"""The rules of accounts that no other part of the portal needs to know."""

from collections.abc import Iterable
from datetime import timedelta

from portal.permissions import Actor, OrganisationKind, Role

# What an organisation may be besides its first kind. The public roles are never a side business:
# a verified manufacturer must not make itself an authority.
SIDE_KINDS = (
    OrganisationKind.MANUFACTURER,
    OrganisationKind.DISTRIBUTOR,
    OrganisationKind.SUBCONTRACTOR,
    OrganisationKind.PARTNER,
)
PUBLIC_KINDS = frozenset({OrganisationKind.AUTHORITY, OrganisationKind.CLUSTER})

# What the verification vouches for: a change asks for a new one.
VERIFIED_COLUMNS = (
    "kind", "other_kinds", "name_fr", "name_ar", "name_en",
    "ice", "rc_number", "rc_court", "tax_id",
)  # fmt: skip

WARNING_BEFORE_ERASURE = timedelta(days=30)


def may_decide(actor: Actor, organisation_id: object, kinds: Iterable[OrganisationKind]) -> bool:
    """Say whether ``actor`` may verify, refuse or suspend an organisation of these kinds.

    Nobody decides about an organisation of their own, and only an authority about another
    authority or a cluster.
    """
    if any(m.organisation_id == organisation_id for m in actor.memberships):
        return False
    deciding = {OrganisationKind.AUTHORITY}
    if not PUBLIC_KINDS & set(kinds):
        deciding.add(OrganisationKind.CLUSTER)
    return any(
        m.verified and m.role in (Role.EDITOR, Role.ADMIN) and m.kind in deciding
        for m in actor.memberships
    )


def loses_last_admin(
    roles: Iterable[tuple[object, Role]], person: object, role: Role | None
) -> bool:
    """Say whether nobody would be left to administer if ``person`` had ``role`` from now on.

    Args:
        roles: everybody's present role, as pairs of person and role.
        person: whose role changes.
        role: the new one; ``None`` when the person leaves.
    """
    after = [role if one == person else other for one, other in roles]
    return Role.ADMIN not in after
