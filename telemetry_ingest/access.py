"""What can be done with pilots, and who may."""

from portal.permissions import (
    PUBLIC,
    Action,
    Actor,
    OrganisationKind,
    Role,
    Rule,
    Subject,
    authority,
    either,
    member,
)

MAKERS = frozenset({OrganisationKind.MANUFACTURER, OrganisationKind.SUBCONTRACTOR})
HOSTS = frozenset({OrganisationKind.BUYER, OrganisationKind.CLUSTER})
SIDES = MAKERS | HOSTS


def of_side(name: str, *, at_least: Role, reads: bool = False) -> Rule:
    """Return the rule « is a member of the side of the pilot called ``name`` »: host or owner."""
    roles = list(Role)
    enough = set(roles[roles.index(at_least) :])

    def rule(actor: Actor, subject: Subject | None) -> bool:
        return any(
            one.role in enough
            and bool(one.kinds & SIDES)
            and (one.verified or reads)
            and (reads or not one.suspended_at)
            and (subject is None or one.organisation_id == getattr(subject, name, None))
            for one in actor.memberships
        )

    return rule


PILOT_PROPOSE = Action(
    "telemetry.pilot.propose", member(SIDES, at_least=Role.EDITOR, verified=True)
)
PILOT_VIEW = Action(
    "telemetry.pilot.view",
    either(
        of_side("owner_id", at_least=Role.VIEWER, reads=True),
        of_side("host_id", at_least=Role.VIEWER, reads=True),
        authority,
    ),
)
PILOT_AGREE = Action(
    "telemetry.pilot.agree",
    either(of_side("owner_id", at_least=Role.ADMIN), of_side("host_id", at_least=Role.ADMIN)),
)
# Other terms are proposed by whoever may propose; the signatures are asked for again.
PILOT_CHANGE = Action(
    "telemetry.pilot.change",
    either(of_side("owner_id", at_least=Role.EDITOR), of_side("host_id", at_least=Role.EDITOR)),
)
# The hospital's engineer runs the pilot: enrols devices, starts and closes it.
PILOT_RUN = Action("telemetry.pilot.run", of_side("host_id", at_least=Role.EDITOR))
# Also while it is suspended, and by an authority: a token that was stolen must not go on.
TOKEN_REVOKE = Action(
    "telemetry.token.revoke",
    either(
        of_side("host_id", at_least=Role.EDITOR, reads=True),
        member({OrganisationKind.AUTHORITY}, at_least=Role.EDITOR, verified=True, of_subject=False),
    ),
)
EVIDENCE_MAKE = Action(
    "telemetry.evidence.make",
    either(of_side("owner_id", at_least=Role.EDITOR), of_side("host_id", at_least=Role.EDITOR)),
)
EVIDENCE_VIEW = PUBLIC
# Who answers for the platform; a pilot's two sides see their own devices on its pages.
HEALTH_VIEW = Action("telemetry.health.view", authority)
