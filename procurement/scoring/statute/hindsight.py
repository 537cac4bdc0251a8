"""What each offer would have had to be, and whether the winner hangs on an offer that lost.

The reference price moves with every offer, its own too: the formula is average-based. So the prices
with which a bid would have been first need not be one interval, and withdrawing a losing offer can
change the winner. This informs; it never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Literal

from procurement.scoring.errors import TieUnresolved, UnknownReference
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Line
from procurement.scoring.statute.contest import Contest, Entry
from procurement.scoring.statute.fields import Field, ReferenceField, field_of
from procurement.scoring.statute.lots import checked, examined
from procurement.scoring.statute.reference_price import reference_of
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.tender import Tender

NOTICE = Line(code="robustness.notice_statute")
Standing = Literal["first", "tied", "behind"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Prices in centimes from ``low`` to ``high``, both included; None: without end."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Needed:
    """With which prices a bid would have been first, the other offers unchanged.

    Attributes:
        bid: its name.
        price: its price, in centimes.
        first: prices with which it would have been first without a draw.
        tied: prices with which a draw would have decided.
        refused: its file or its technical mark was refused: no price would have helped.
    """

    bid: str
    price: int
    first: tuple[Interval, ...] = ()
    tied: tuple[Interval, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing one bid or two does to who is first (several: a draw would decide).

    Attributes:
        withdrawn: the bids that go.
        before: who is first with them.
        expected: who would be first among those that stay, if their order did not change.
        after: who is first then; nobody when no bid is left.
        reverses: the order of the bids that stay is no longer the one it was at its head.
    """

    withdrawn: tuple[str, ...]
    before: tuple[str, ...]
    expected: tuple[str, ...]
    after: tuple[str, ...]
    reverses: bool


@dataclass(frozen=True, slots=True)
class Order:
    """The kept bids in groups of equals, best first, and the reference price they stand around."""

    groups: tuple[tuple[str, ...], ...]
    reference: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A lot whose offers were looked at once, to ask several questions about it."""

    entries: tuple[Entry, ...]
    field: Field

    def needed(self) -> tuple[Needed, ...]:
        """Return for each bid the prices with which it would have been first."""
        places = {name: place for place, name in enumerate(self.field.offers.names)}
        return tuple(
            _needed(self.field, places[entry.id])
            if entry.id in places
            else Needed(entry.id, entry.bid.price, refused=True)
            for entry in self.entries
        )

    def withdrawals(self, *, pairs: bool = False) -> tuple[Withdrawal, ...]:
        """Withdraw each kept bid in turn, and then each pair of them."""
        kept = _kept(self.field)
        order = _order(self.field, kept)
        sets = [*combinations(kept, 1), *(combinations(kept, 2) if pairs else ())]
        return tuple(_without(self.field, kept, order, gone) for gone in sets)


def of_lot(
    tender: Tender, dossier: Dossier, lot: str, *, rules: RuleVersion | None = None
) -> Hindsight:
    """Look at the offers of a lot; the lots before it are evaluated for this, once.

    Raises:
        UnknownReference: there is no such lot.
        TieUnresolved: the lot waits for a draw in an earlier one.
    """
    contest = _contest(tender, dossier, lot, rules)
    return Hindsight(contest.entries, field_of(contest, tender.method))


def needed(
    tender: Tender, dossier: Dossier, lot: str, *, rules: RuleVersion | None = None
) -> tuple[Needed, ...]:
    """Return for each bid of a lot the prices with which it would have been first.

    Bids that a limit set aside from the lot are left out, rejections after the ranking ignored.

    Raises:
        UnknownReference: there is no such lot.
        TieUnresolved: the lot waits for a draw in an earlier one.
    """
    return of_lot(tender, dossier, lot, rules=rules).needed()


def withdrawals(
    tender: Tender,
    dossier: Dossier,
    lot: str,
    *,
    rules: RuleVersion | None = None,
    pairs: bool = False,
) -> tuple[Withdrawal, ...]:
    """Withdraw each kept bid in turn, and then each pair of them, and tell who is first then.

    Raises:
        UnknownReference: there is no such lot.
        TieUnresolved: the lot waits for a draw in an earlier one.
    """
    return of_lot(tender, dossier, lot, rules=rules).withdrawals(pairs=pairs)


def _without(
    field: Field, kept: list[int], order: list[list[int]], gone: tuple[int, ...]
) -> Withdrawal:
    after = _leaders(field, [one for one in kept if one not in gone])
    expected = _staying(order, gone)
    return Withdrawal(
        _names(field, gone), _names(field, order[0]), _names(field, expected), _names(field, after),
        reverses=sorted(expected) != sorted(after),
    )  # fmt: skip


def order_of(
    tender: Tender,
    dossier: Dossier,
    lot: str,
    *,
    rules: RuleVersion | None = None,
    without: Iterable[str] = (),
) -> Order:
    """Return the order of the kept bids of a lot when some of them are withdrawn.

    Raises:
        UnknownReference: there is no such lot.
        TieUnresolved: the lot waits for a draw in an earlier one.
    """
    field = field_of(_contest(tender, dossier, lot, rules), tender.method)
    gone = set(without)
    kept = [one for one in _kept(field) if field.offers.names[one] not in gone]
    groups = tuple(_names(field, group) for group in _order(field, kept))
    if not kept or not isinstance(field, ReferenceField):
        return Order(groups)
    prices = [field.offers.prices[one] for one in kept]
    return Order(groups, Fraction(*reference_of(prices, field.estimate, field.rules)))


def _contest(tender: Tender, dossier: Dossier, lot: str, rules: RuleVersion | None) -> Contest:
    chosen = checked(tender, dossier, rules)
    for contest, outcome in examined(tender, dossier, chosen):
        if contest.lot.id == lot:
            if outcome.lines and outcome.lines[0].code == "statute.waits":
                raise TieUnresolved("lot", rule="art. 10", bids=outcome.lines[0].values["bids"])
            return contest
    raise UnknownReference("lot", name=lot)


def _kept(field: Field) -> list[int]:
    low, high = field.span
    return [
        place
        for place, price in enumerate(field.offers.prices)
        if low <= price and (high is None or price <= high)
    ]


def _needed(field: Field, own: int) -> Needed:
    others = [place for place in _kept(field) if place != own]
    cells = list(_cells(field.span, field.cuts(own, others)))
    standings = [_standing(field, own, others, cell.low) for cell in cells]
    return Needed(
        field.offers.names[own],
        field.offers.prices[own],
        first=_joined(cells, standings, "first"),
        tied=_joined(cells, standings, "tied"),
    )


def _cells(span: tuple[int, int | None], cuts: Iterable[Fraction]) -> Iterable[Interval]:
    """Cut the span into pieces inside of which nothing changes; a whole cut is its own piece."""
    low, high = span
    starts = {low} | {start for cut in cuts for start in (ceil(cut), floor(cut) + 1)}
    inside = sorted(start for start in starts if start >= low and (high is None or start <= high))
    for start, following in pairwise(inside):
        yield Interval(start, following - 1)
    if inside:
        yield Interval(inside[-1], high)


def _standing(field: Field, own: int, others: Sequence[int], price: int) -> Standing:
    which = [*others, own]
    prices = [*(field.offers.prices[one] for one in others), price]
    keys = field.keys(which, prices)
    if any(key < keys[-1] for key in keys):
        return "behind"
    tied = [one for one, key in zip(which, keys, strict=True) if key == keys[-1]]
    leading = _favoured(field, tied)
    if own not in leading:
        return "behind"
    return "first" if len(leading) == 1 else "tied"


def _joined(
    cells: Sequence[Interval], standings: Sequence[Standing], wanted: Standing
) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for cell, standing in zip(cells, standings, strict=True):
        if standing != wanted:
            continue
        if found and found[-1].high == cell.low - 1:
            found[-1] = Interval(found[-1].low, cell.high)
        else:
            found.append(cell)
    return tuple(found)


def _favoured(field: Field, tied: list[int]) -> list[int]:
    return [one for one in tied if field.offers.favoured[one]] or tied


def _order(field: Field, kept: list[int]) -> list[list[int]]:
    """Return the kept offers in groups of equals, statuses told apart, best first."""
    keys = field.keys(kept, [field.offers.prices[one] for one in kept]) if kept else []
    ranked: dict[object, list[int]] = {}
    for key, one in sorted(zip(keys, kept, strict=True)):
        ranked.setdefault((key, not field.offers.favoured[one]), []).append(one)
    return [ranked[key] for key in sorted(ranked)]  # type: ignore[type-var]


def _leaders(field: Field, kept: list[int]) -> list[int]:
    """Return the first group of the order, without ordering all: every withdrawal asks for it."""
    if not kept:
        return []
    keys = field.keys(kept, [field.offers.prices[one] for one in kept])
    first = min(keys)
    return _favoured(field, [one for key, one in zip(keys, kept, strict=True) if key == first])


def _staying(order: list[list[int]], gone: tuple[int, ...]) -> list[int]:
    """Return who would be first if the order stayed as it was without some bids."""
    rest = ([one for one in group if one not in gone] for group in order)
    return next((group for group in rest if group), [])


def _names(field: Field, places: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(field.offers.names[place] for place in places))
