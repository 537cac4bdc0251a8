"""Who may do what with a pilot: its two sides, each by role, and nobody else."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from portal.permissions import Actor, Membership, OrganisationKind, Role, may
from telemetry_ingest.access import (
    EVIDENCE_MAKE,
    PILOT_AGREE,
    PILOT_CHANGE,
    PILOT_PROPOSE,
    PILOT_RUN,
    PILOT_VIEW,
    TOKEN_REVOKE,
)


@dataclass(frozen=True)
class Sides:
    owner_id: UUID
    host_id: UUID

    @property
    def organisation_id(self) -> UUID:
        return self.owner_id


PILOT = Sides(uuid4(), uuid4())
OWNER, HOST, OTHER = PILOT.owner_id, PILOT.host_id, uuid4()
MAKER, BUYER, AUTHORITY = (
    OrganisationKind.MANUFACTURER, OrganisationKind.BUYER, OrganisationKind.AUTHORITY,
)  # fmt: skip


def actor(organisation: UUID, kind: OrganisationKind, role: Role, *, verified=True) -> Actor:
    return Actor(uuid4(), memberships=(Membership(organisation, kind, role, verified),))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (actor(OWNER, MAKER, Role.ADMIN), {PILOT_VIEW, PILOT_CHANGE, PILOT_AGREE, EVIDENCE_MAKE}),
        (actor(OWNER, MAKER, Role.EDITOR), {PILOT_VIEW, PILOT_CHANGE, EVIDENCE_MAKE}),
        (actor(OWNER, MAKER, Role.VIEWER), {PILOT_VIEW}),
        (actor(OWNER, MAKER, Role.ADMIN, verified=False), {PILOT_VIEW}),
        (
            actor(HOST, BUYER, Role.ADMIN),
            {PILOT_VIEW, PILOT_CHANGE, PILOT_AGREE, PILOT_RUN, TOKEN_REVOKE, EVIDENCE_MAKE},
        ),
        (
            actor(HOST, BUYER, Role.EDITOR),
            {PILOT_VIEW, PILOT_CHANGE, PILOT_RUN, TOKEN_REVOKE, EVIDENCE_MAKE},
        ),
        (actor(HOST, BUYER, Role.VIEWER), {PILOT_VIEW}),
        (actor(OTHER, BUYER, Role.ADMIN), set()),
        (actor(OTHER, AUTHORITY, Role.VIEWER), {PILOT_VIEW}),
        (actor(OTHER, AUTHORITY, Role.EDITOR), {PILOT_VIEW, TOKEN_REVOKE}),
        (actor(HOST, BUYER, Role.EDITOR, verified=False), {PILOT_VIEW, TOKEN_REVOKE}),
        (actor(HOST, BUYER, Role.VIEWER, verified=False), {PILOT_VIEW}),
        (Actor(), set()),
    ],
)
def test_each_side_may_its_part(who, allowed):
    every = (PILOT_VIEW, PILOT_CHANGE, PILOT_AGREE, PILOT_RUN, TOKEN_REVOKE, EVIDENCE_MAKE)

    assert {one for one in every if may(who, one, PILOT)} == allowed


def test_verified_makers_and_hosts_propose():
    asked = [
        may(actor(OTHER, kind, role, verified=verified), PILOT_PROPOSE)
        for kind, role, verified in (
            (MAKER, Role.EDITOR, True), (BUYER, Role.EDITOR, True), (MAKER, Role.VIEWER, True),
            (MAKER, Role.EDITOR, False), (AUTHORITY, Role.ADMIN, True),
        )
    ]  # fmt: skip

    assert asked == [True, True, False, False, False]
