from uuid import uuid4

from portal.package import HomeCard, HomeNumber, Package
from portal.permissions import STRANGER, Actor, Membership, OrganisationKind, Role
from portal.web import home


def card(audience: str, order: int = 100) -> HomeCard:
    return HomeCard(audience=audience, title=audience, text="", route="home", order=order)


def package(name: str, *cards: HomeCard, home_numbers=None) -> Package:
    return Package(name=name, folder=home.__file__, home_cards=cards, home_numbers=home_numbers)


def works_for(*kinds: OrganisationKind) -> Actor:
    memberships = (Membership(uuid4(), kind, Role.VIEWER, verified=True) for kind in kinds)
    return Actor(person_id=uuid4(), memberships=tuple(memberships))


PACKAGES = (
    package("one", card("buyer", 2), card("authority"), card("public")),
    package("two", card("buyer", 1), card("manufacturer")),
)


def test_strangers_see_every_audience_that_has_something():
    found = home.audiences(PACKAGES, STRANGER)

    assert [one.name for one in found] == ["public", "buyer", "manufacturer", "authority"]


def test_people_see_their_own_audiences_first_and_then_what_is_public():
    actor = works_for(
        OrganisationKind.DISTRIBUTOR, OrganisationKind.BUYER, OrganisationKind.PARTNER
    )

    assert [one.name for one in home.audiences(PACKAGES, actor)] == [
        "manufacturer",
        "buyer",
        "public",
    ]


def test_cards_stand_in_their_order():
    buyer = home.audiences(PACKAGES, works_for(OrganisationKind.BUYER))[0]

    assert [one.order for one in buyer.cards] == [1, 2]


def test_every_kind_of_organisation_has_an_audience():
    assert set(home.AUDIENCE_OF) == set(OrganisationKind)
    assert set(home.AUDIENCE_OF.values()) <= set(home.TITLES)


async def test_numbers_come_from_all_packages_in_order():
    async def first():
        return [HomeNumber("b", 2, "home", order=2)]

    async def second():
        return [HomeNumber("a", 1, "home", order=1), HomeNumber("c", 3, "home", order=3)]

    found = await home.numbers(
        (package("one", home_numbers=first), package("two", home_numbers=second), package("three"))
    )

    assert [one.label for one in found] == ["a", "b", "c"]
