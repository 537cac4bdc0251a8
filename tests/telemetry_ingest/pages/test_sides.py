"""For which side a person acts, and that a protocol takes two people."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from portal.permissions import Actor, Membership, OrganisationKind, Role
from telemetry_ingest.access import PILOT_RUN, PILOT_VIEW
from telemetry_ingest.pages.sides import (
    acting_side,
    agreed_for_the_other,
    listed_organisations,
    own_organisations,
    side_to_agree,
    sides_of,
)

OWNER, HOST, OTHER = uuid4(), uuid4(), uuid4()
MAKER, BUYER, AUTHORITY = (
    OrganisationKind.MANUFACTURER, OrganisationKind.BUYER, OrganisationKind.AUTHORITY,
)  # fmt: skip


@dataclass
class Pilot:
    """A pilot as far as its sides go: who signed for which of them."""

    signed: dict[UUID, str]
    owner_id: UUID = OWNER
    host_id: UUID = HOST

    def agreed_by(self, side: UUID) -> bool:
        return side in self.signed

    def signer_of(self, side: UUID) -> str | None:
        return self.signed.get(side)

    def other_side(self, side: UUID) -> UUID:
        return HOST if side == OWNER else OWNER


def actor(*places: tuple[UUID, OrganisationKind, Role]) -> Actor:
    return Actor(uuid4(), memberships=tuple(Membership(*one, True) for one in places))


BOTH = actor((OWNER, MAKER, Role.ADMIN), (HOST, BUYER, Role.ADMIN))
OF_MAKER, OF_HOST = actor((OWNER, MAKER, Role.ADMIN)), actor((HOST, BUYER, Role.ADMIN))


def test_one_who_administers_both_sides_agrees_for_one_of_them_only():
    assert side_to_agree(BOTH, Pilot({})) in (OWNER, HOST)
    for mine, other in ((OWNER, HOST), (HOST, OWNER)):
        by_me, by_somebody = Pilot({mine: BOTH.label}), Pilot({mine: "person:x"})

        assert (side_to_agree(BOTH, by_me), agreed_for_the_other(BOTH, by_me)) == (None, True)
        assert side_to_agree(BOTH, by_somebody) == other
        assert not agreed_for_the_other(BOTH, by_somebody)
    assert not agreed_for_the_other(BOTH, Pilot({OWNER: BOTH.label, HOST: "person:x"}))


def test_an_administrator_of_one_side_agrees_once():
    assert side_to_agree(OF_MAKER, Pilot({})) == OWNER
    assert side_to_agree(OF_HOST, Pilot({OWNER: OF_MAKER.label})) == HOST
    assert side_to_agree(OF_MAKER, Pilot({OWNER: OF_MAKER.label})) is None
    assert not agreed_for_the_other(OF_MAKER, Pilot({OWNER: OF_MAKER.label}))


def test_an_editor_does_not_agree():
    editor = actor((OWNER, MAKER, Role.EDITOR), (HOST, BUYER, Role.ADMIN))
    assert side_to_agree(editor, Pilot({})) == HOST
    assert side_to_agree(actor((OWNER, MAKER, Role.EDITOR)), Pilot({})) is None
    assert side_to_agree(actor((OTHER, MAKER, Role.ADMIN)), Pilot({})) is None


def test_sides_come_where_one_may_most_first():
    person = actor(
        (OWNER, MAKER, Role.VIEWER), (OTHER, MAKER, Role.ADMIN), (HOST, BUYER, Role.ADMIN)
    )

    assert sides_of(person, Pilot({})) == [HOST, OWNER]
    assert acting_side(person, Pilot({}), PILOT_VIEW) == HOST
    assert acting_side(OF_MAKER, Pilot({}), PILOT_RUN) == HOST


def test_what_is_listed_and_for_whom_one_may_propose():
    assert listed_organisations(BOTH) == [OWNER, HOST]
    assert listed_organisations(actor((OTHER, AUTHORITY, Role.VIEWER))) is None
    assert list(own_organisations(BOTH)) == [OWNER, HOST]
    assert list(own_organisations(actor((OWNER, MAKER, Role.VIEWER)))) == []
