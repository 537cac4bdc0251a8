"""What is to be allocated: lots, offers for one lot or several, and the published limits."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import msgspec
from msgspec import Struct

from procurement.scoring.errors import DuplicateName, FloatRefused, Malformed, UnknownReference

LimitKind = Literal["max_lots", "max_packages", "money", "volume", "sme_share", "lot"]


class Limit(Struct, frozen=True, order=True):
    """One published limit: what it holds down, and the bidder it names (empty: everybody).

    The kind « lot » says that the lot ``of`` must be awarded.
    """

    kind: LimitKind
    of: str = ""

    def __str__(self) -> str:
        """Return where the limit stands in a tender's file."""
        if self.kind == "lot":
            return f"tender.lots[{self.of}]"
        name = "capacity" if self.kind == "money" else self.kind
        return f"tender.limits.{name}" + (f"[{self.of}]" if self.of else "")


class Offer(Struct, frozen=True, kw_only=True):
    """One offer: all of ``lots`` or nothing.

    ``cost``: what is minimised (the evaluated price, in centimes; negative for a revenue);
    ``price``: what is paid, in centimes, and what the limits on money and on shares count.
    """

    id: str
    bidder: str
    lots: tuple[str, ...]
    cost: int
    price: int


class Rules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The limits. What names a bidder (``…_of``) stands in place of what holds for everybody.

    ``max_packages``: how many offers of two lots or more one bidder may win.
    ``money``: per bidder, the most centimes it may win; ``volume_of``: the most volume, counted
    in ``volume`` (per lot; 0 where none is given).
    ``sme_share``: least share of the awarded prices that goes to small and medium bidders.
    """

    max_lots: int | None = None
    max_lots_of: dict[str, int] = {}
    max_packages: int | None = None
    max_packages_of: dict[str, int] = {}
    money: dict[str, int] = {}
    volume: dict[str, int] = {}
    volume_of: dict[str, int] = {}
    sme_share: Fraction | None = None


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lots to award, each exactly once; those in ``optional`` at most once.

    Raises:
        DuplicateName: two lots or two offers have one name, or an offer names a lot twice.
        UnknownReference: an offer names a lot that is not here.
        FloatRefused: a cost or a price is not a whole number.
        Malformed: an offer without lots, a negative limit, a share outside 0 to 1.
    """

    lots: tuple[str, ...]
    offers: tuple[Offer, ...]
    rules: Rules = Rules()
    sme: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _distinct("lots", self.lots)
        _distinct("offers", (offer.id for offer in self.offers))
        lots = set(self.lots)
        for offer in self.offers:
            _check_offer(offer, lots)
        _check_rules(self.rules)


def limits_of(problem: Problem) -> tuple[Limit, ...]:
    """Return the published limits of a problem, those of everybody first; not the lots."""
    rules = problem.rules
    of_all: tuple[tuple[LimitKind, object], ...] = (
        ("max_lots", rules.max_lots),
        ("max_packages", rules.max_packages),
        ("sme_share", rules.sme_share),
    )
    found = [Limit(kind) for kind, value in of_all if value is not None]
    of_bidders: tuple[tuple[LimitKind, dict[str, int]], ...] = (
        ("max_lots", rules.max_lots_of),
        ("max_packages", rules.max_packages_of),
        ("money", rules.money),
        ("volume", rules.volume_of),
    )
    for kind, named in of_bidders:
        found += [Limit(kind, bidder) for bidder in sorted(named)]
    return tuple(found)


def without(problem: Problem, relaxed: Iterable[Limit]) -> Problem:
    """Return the problem without these limits; a bidder named by its own limit is then free."""
    gone = set(relaxed)
    rules = problem.rules

    def named(kind: LimitKind, values: dict[str, int]) -> dict[str, int]:
        return {who: most for who, most in values.items() if Limit(kind, who) not in gone}

    def freed(kind: LimitKind, values: dict[str, int]) -> dict[str, int]:
        # Without its own limit a bidder is free: it does not fall back under that of everybody.
        free = len(problem.lots)
        return {who: free if Limit(kind, who) in gone else most for who, most in values.items()}

    loose = msgspec.structs.replace(
        rules,
        max_lots=None if Limit("max_lots") in gone else rules.max_lots,
        max_lots_of=freed("max_lots", rules.max_lots_of),
        max_packages=None if Limit("max_packages") in gone else rules.max_packages,
        max_packages_of=freed("max_packages", rules.max_packages_of),
        money=named("money", rules.money),
        volume_of=named("volume", rules.volume_of),
        sme_share=None if Limit("sme_share") in gone else rules.sme_share,
    )
    optional = problem.optional | {limit.of for limit in gone if limit.kind == "lot"}
    return msgspec.structs.replace(problem, rules=loose, optional=optional)


def _distinct(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DuplicateName(field, name=name)
        seen.add(name)


def _check_offer(offer: Offer, lots: set[str]) -> None:
    field = f"offers[{offer.id}]"
    if not offer.lots:
        raise Malformed(field, why="it names no lot")
    _distinct(f"{field}.lots", offer.lots)
    for lot in offer.lots:
        if lot not in lots:
            raise UnknownReference(f"{field}.lots", name=lot)
    for name, value in (("cost", offer.cost), ("price", offer.price)):
        if type(value) is not int:
            raise FloatRefused(f"{field}.{name}", text=repr(value))


def _check_rules(rules: Rules) -> None:
    single = [rules.max_lots, rules.max_packages]
    for named in (
        rules.max_lots_of,
        rules.max_packages_of,
        rules.money,
        rules.volume,
        rules.volume_of,
    ):
        single += named.values()
    for value in single:
        if value is None:
            continue
        if type(value) is not int:
            raise FloatRefused("rules", text=repr(value))
        if value < 0:
            raise Malformed("rules", why=f"the limit {value} is negative")
    if rules.sme_share is not None and not 0 <= rules.sme_share <= 1:
        raise Malformed("rules.sme_share", why=f"the share {rules.sme_share} is not from 0 to 1")
