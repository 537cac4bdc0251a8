from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.permissions import (
    PUBLIC,
    SIGNED_IN,
    STRANGER,
    Action,
    Actor,
    Membership,
    OrganisationKind,
    Role,
    authority,
    either,
    held_back,
    may,
    member,
    stranger,
    verifier,
)

OURS, THEIRS = uuid4(), uuid4()


@dataclass(frozen=True)
class Thing:
    organisation_id: UUID | None


memberships = st.builds(
    Membership,
    organisation_id=st.sampled_from([OURS, THEIRS]),
    kind=st.sampled_from(list(OrganisationKind)),
    role=st.sampled_from(list(Role)),
    verified=st.booleans(),
    organisation_name=st.just(""),
    other_kinds=st.lists(st.sampled_from(list(OrganisationKind)), max_size=2).map(tuple),
)
actors = st.builds(
    Actor, person_id=st.just(uuid4()), memberships=st.lists(memberships, max_size=3).map(tuple)
)
things = st.sampled_from([Thing(OURS), Thing(THEIRS), Thing(None)])
kinds = st.none() | st.frozensets(st.sampled_from(list(OrganisationKind)), min_size=1)
rules = st.builds(
    lambda kinds, role, verified, of_subject: member(
        kinds, at_least=role, verified=verified, of_subject=of_subject
    ),
    kinds,
    st.sampled_from(list(Role)),
    st.booleans(),
    st.booleans(),
)


@given(rules, things)
def test_a_stranger_may_nothing_that_asks_for_membership(rule, thing):
    assert not may(STRANGER, Action("x", rule), thing)
    assert not may(STRANGER, Action("x", rule))


@given(actors, rules, things)
def test_what_one_may_do_to_one_thing_the_guard_of_the_route_lets_through(actor, rule, thing):
    action = Action("x", rule)

    assert not may(actor, action, thing) or may(actor, action)


@given(actors, things, st.sampled_from(list(Role)))
def test_a_higher_role_may_no_less(actor, thing, asked):
    promoted = Actor(
        actor.person_id,
        memberships=tuple(
            Membership(m.organisation_id, m.kind, Role.ADMIN, m.verified) for m in actor.memberships
        ),
    )
    action = Action("x", member(at_least=asked))

    assert not may(actor, action, thing) or may(promoted, action, thing)


@given(actors, rules)
def test_nobody_reaches_the_things_of_an_organisation_they_do_not_belong_to(actor, rule):
    outsider = Actor(
        actor.person_id,
        memberships=tuple(m for m in actor.memberships if m.organisation_id != THEIRS),
    )

    assert not may(outsider, Action("x", member()), Thing(THEIRS))


@given(actors, rules, rules, things)
def test_either_is_the_union(actor, one, other, thing):
    union = Action("x", either(one, other))

    assert may(actor, union, thing) is (
        may(actor, Action("a", one), thing) or may(actor, Action("b", other), thing)
    )


def actor_of(kind, role=Role.EDITOR, *, verified=True, other=()):
    return Actor(uuid4(), memberships=(Membership(OURS, kind, role, verified, "", other),))


@pytest.mark.parametrize("kind", list(OrganisationKind))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verified", [True, False])
def test_who_verifies_and_who_is_an_authority(kind, role, verified):
    actor = actor_of(kind, role, verified=verified)
    public_body = kind in (OrganisationKind.CLUSTER, OrganisationKind.AUTHORITY)

    assert verifier(actor, Thing(THEIRS)) is (public_body and verified and role != Role.VIEWER)
    assert authority(actor, None) is (kind == OrganisationKind.AUTHORITY and verified)


def test_a_maker_who_distributes_as_well_may_what_distributors_may():
    rule = member({OrganisationKind.DISTRIBUTOR})
    both = actor_of(OrganisationKind.MANUFACTURER, other=(OrganisationKind.DISTRIBUTOR,))

    assert rule(both, Thing(OURS))
    assert not rule(actor_of(OrganisationKind.MANUFACTURER), Thing(OURS))


@pytest.mark.parametrize(
    ("action", "stranger_may", "known_may"), [(PUBLIC, True, True), (SIGNED_IN, False, True)]
)
def test_the_actions_of_the_portal(action, stranger_may, known_may):
    assert may(STRANGER, action) is stranger_may
    assert may(actor_of(OrganisationKind.BUYER), action) is known_may
    assert stranger(STRANGER, None) is True
    assert stranger(actor_of(OrganisationKind.BUYER), None) is False


def suspended_in(organisation, role=Role.ADMIN):
    kind = OrganisationKind.MANUFACTURER
    since = datetime(2026, 7, 1, tzinfo=UTC)
    return Membership(organisation, kind, role, False, "Atlas (fictif)", suspended_at=since)


def test_members_of_a_suspended_organisation_read_and_change_nothing():
    person = Actor(uuid4(), memberships=(suspended_in(OURS),))
    edits = Action("edit", member(at_least=Role.EDITOR))
    exports = Action("export", member(at_least=Role.ADMIN, reads=True))

    assert may(person, Action("read", member()), Thing(OURS))
    assert may(person, exports, Thing(OURS))
    assert not may(person, edits, Thing(OURS))
    assert not may(person, edits)


def test_another_organisation_of_the_same_person_goes_on():
    other = Membership(THEIRS, OrganisationKind.MANUFACTURER, Role.EDITOR, True)
    person = Actor(uuid4(), memberships=(suspended_in(OURS), other))
    edits = Action("edit", member(at_least=Role.EDITOR, verified=True))

    assert (may(person, edits, Thing(THEIRS)), may(person, edits, Thing(OURS))) == (True, False)


def test_who_is_held_back_by_a_suspension_is_told_apart_from_who_never_might():
    submits = Action("submit", member(at_least=Role.EDITOR, verified=True))
    admin = Actor(uuid4(), memberships=(suspended_in(OURS),))
    viewer = Actor(uuid4(), memberships=(suspended_in(OURS, Role.VIEWER),))

    assert held_back(admin, submits, Thing(OURS)) == admin.memberships[0]
    assert held_back(admin, submits, Thing(THEIRS)) is None
    assert held_back(viewer, submits, Thing(OURS)) is None
    assert held_back(STRANGER, submits) is None
