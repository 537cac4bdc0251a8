from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import loses_last_admin, may_decide
from portal.accounts.states import (
    ORGANISATION_MOVES,
    MoveNotAllowed,
    OrganisationState,
    check_move,
)
from portal.permissions import Actor, Membership, OrganisationKind, Role

OTHER = uuid4()


def somebody(kind, *, role=Role.EDITOR, verified=True, organisation=None):
    return Actor(uuid4(), memberships=(Membership(organisation or uuid4(), kind, role, verified),))


@pytest.mark.parametrize(
    ("kind", "decides_about"),
    [
        (OrganisationKind.AUTHORITY, set(OrganisationKind)),
        (
            OrganisationKind.CLUSTER,
            set(OrganisationKind) - {OrganisationKind.AUTHORITY, OrganisationKind.CLUSTER},
        ),
        (OrganisationKind.MANUFACTURER, set()),
        (OrganisationKind.BUYER, set()),
    ],
)
def test_may_decide_by_kind(kind, decides_about):
    actor = somebody(kind)

    assert {one for one in OrganisationKind if may_decide(actor, OTHER, [one])} == decides_about


@pytest.mark.parametrize(
    "actor",
    [
        somebody(OrganisationKind.AUTHORITY, role=Role.VIEWER),
        somebody(OrganisationKind.AUTHORITY, verified=False),
        somebody(OrganisationKind.AUTHORITY, organisation=OTHER),
        Actor(),
    ],
)
def test_may_decide_refuses_readers_the_unverified_ones_own_and_strangers(actor):
    assert not may_decide(actor, OTHER, [OrganisationKind.BUYER])


people = st.sampled_from("abcd")
roles = st.dictionaries(people, st.sampled_from(list(Role)), min_size=1).filter(
    lambda members: Role.ADMIN in members.values()
)


@given(roles, people, st.one_of(st.none(), st.sampled_from(list(Role))))
def test_an_organisation_never_loses_its_last_admin(members, person, role):
    if person not in members or loses_last_admin(members.items(), person, role):
        return

    after = {**members, person: role}

    assert Role.ADMIN in after.values()


@given(roles)
def test_the_only_admin_cannot_leave_and_one_of_two_can(members):
    admins = [one for one, role in members.items() if role == Role.ADMIN]

    assert loses_last_admin(members.items(), admins[0], None) is (len(admins) == 1)


def test_moves_are_exactly_the_table():
    allowed = set()
    for source in OrganisationState:
        for target in OrganisationState:
            try:
                check_move(source, target)
            except MoveNotAllowed:
                continue
            allowed.add((source, target))

    assert allowed == {(s, t) for s, targets in ORGANISATION_MOVES.items() for t in targets}
    assert (OrganisationState.REFUSED, OrganisationState.VERIFIED) not in allowed
