"""What the home page shows each audience: first steps, and figures that lead to their lists."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.package import HomeCard, HomeNumber, Package, Waiting
from portal.permissions import Actor, OrganisationKind, verifier
from portal.web.i18n import lazy

AUDIENCE_OF = {
    OrganisationKind.BUYER: "buyer",
    OrganisationKind.MANUFACTURER: "manufacturer",
    OrganisationKind.DISTRIBUTOR: "manufacturer",
    OrganisationKind.SUBCONTRACTOR: "manufacturer",
    OrganisationKind.PARTNER: "manufacturer",
    OrganisationKind.ORGANISER: "organiser",
    OrganisationKind.CLUSTER: "authority",
    OrganisationKind.AUTHORITY: "authority",
}
# In the order strangers see them.
TITLES = {
    "public": lazy("Open to everybody"),
    "buyer": lazy("I buy for a hospital or a clinic"),
    "manufacturer": lazy("I make or distribute devices"),
    "organiser": lazy("I organise an event"),
    "authority": lazy("I work for the ministry or the cluster"),
    "engineer": lazy("I connect a pilot device"),
}


@dataclass(frozen=True)
class Audience:
    """One group of people and what they can do first."""

    name: str
    title: str  # msgid
    cards: tuple[HomeCard, ...]


def audiences_of(actor: Actor) -> list[str]:
    """Return the audiences a person belongs to, by the organisations they work for."""
    return list(dict.fromkeys(AUDIENCE_OF[one.kind] for one in actor.memberships))


def anything(route: str) -> bool:
    """Say that every page is open; what a home page for strangers shows leads to sign-in."""
    return True


def audiences(
    packages: Iterable[Package], actor: Actor, is_open: Callable[[str], bool] = anything
) -> list[Audience]:
    """Return what to show: one's own audiences first; to strangers, all of them.

    Args:
        packages: those of this deployment.
        actor: who is asking.
        is_open: says whether this person may use the page of a route.
    """
    own = audiences_of(actor)
    order = [*own, "public"] if own else list(TITLES)
    useful = (
        card
        for one in packages
        for card in one.home_cards
        if is_open(card.route) and not (card.strangers_only and actor.signed_in)
    )
    cards = sorted(useful, key=lambda card: card.order)
    found = [
        Audience(name, TITLES[name], tuple(card for card in cards if card.audience == name))
        for name in order
    ]
    return [one for one in found if one.cards]


async def waiting(packages: Iterable[Package], actor: Actor) -> list[Waiting]:
    """Return what waits for a verifier, in every package; nothing for anybody else."""
    if not verifier(actor, None):
        return []
    asked = [one.waiting(actor, datetime.now(UTC)) for one in packages if one.waiting]
    return await asyncio.gather(*asked)


async def numbers(packages: Iterable[Package]) -> list[HomeNumber]:
    """Return the figures of every package, counted now."""
    asked = [package.home_numbers() for package in packages if package.home_numbers]
    answers = await asyncio.gather(*asked)
    return sorted((one for answer in answers for one in answer), key=lambda one: one.order)
