"""Lots awarded together: points, cover, limits, sum, and that nothing is cheaper."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from .chain import Json, unequal
from .given import Given
from .lot import Line, Lot, line_of
from .notes import EQUAL, OPEN, TOO_MANY, Note
from .quantities import ZERO
from .turns import ranked, tell_equals
from .value import value

TRIED = 200_000  # ways tried one by one, at most
Checked = tuple[list[str], list[Lot], Counter[Line]]
"""What differs, the lots, and the lines about all of them."""


def ranked_lots(given: Given) -> list[Lot]:
    """Return the lots with who was set aside and the order, none of them awarded by itself."""
    draws = "draw" in given.method.get("ties", ["draw"])
    lots = []
    for name, bids in given.by_lot.items():
        lot = Lot(name)
        groups = value(lot, [bid for bid in bids if len(bid["lots"]) == 1], given)
        tell_equals(lot, groups, given.seed if draws else None)
        ranked(lot, groups)
        lot.tell("value.together")
        lots.append(lot)
    return lots


class Offers:
    """The bids that may be awarded, by name, with their evaluated prices and the lines about them.

    ``lines``: of offers for several lots only; those for one lot are explained beside it.
    """

    def __init__(self, given: Given) -> None:
        lot, packages = Lot(""), {n for n, bid in given.bids.items() if len(bid["lots"]) > 1}
        value(lot, list(given.bids.values()), given)
        rejected = {act["bid"] for acts in given.rejections.values() for act in acts}
        self.costs = {name: Fraction(key) for name, key in lot.keys.items()}
        self.bids = {name: given.bids[name] for name in self.costs if name not in rejected}
        self.by_lot: dict[str, list[Json]] = {}
        for bid in self.bids.values():
            for name in bid["lots"]:
                self.by_lot.setdefault(name, []).append(bid)
        self.lines = Counter(
            {one: n for one, n in lot.lines.items() if one[2] in packages and not one[0]}
        )


def together(given: Given, outcome: Json, notes: list[Note]) -> Checked:
    """Check an allocation of all the lots; take over what it awards, if it may."""
    offers, lots, found = Offers(given), ranked_lots(given), []
    said = {one["lot"]: one for one in outcome["lots"]}
    chosen: dict[str, list[str]] = defaultdict(list)
    for lot in lots:
        fault = _taken(lot, said.get(lot.name, {}), offers)
        found += [fault] if fault else []
        if lot.winner is not None:
            chosen[lot.winner].append(lot.name)
            _tell_award(lot, offers, given)
    for bid, won in chosen.items():
        found += unequal(f"together, {bid}", sorted(offers.bids[bid]["lots"]), sorted(won))
    about = offers.lines + Counter(
        line_of("allocation.rejected", act["bid"], {"reason": act["reason"]})
        for act in given.dossier.get("rejections", [])
    )
    if any(lot.status in ("draw_needed", "not_proven") for lot in lots):
        notes.append(Note(OPEN, {}))
        return found, lots, about + _totals(outcome)
    total = sum((offers.costs[bid] for bid in chosen), ZERO)
    paid = sum(offers.bids[bid]["price"] for bid in chosen)
    if chosen:
        about[line_of("allocation.total", "", {"total": int(total), "paid": paid})] += 1
    if not within([offers.bids[bid] for bid in chosen], given):
        found.append("together: a limit is not kept")
    return found + cheapest(total, offers, given, notes), lots, about


def _totals(outcome: Json) -> Counter[Line]:
    """Return the totals as the record tells them, where nothing is awarded by them yet."""
    told = [one for one in outcome.get("lines", []) if one["code"] == "allocation.total"]
    return Counter(line_of(one["code"], "", one.get("values", {})) for one in told)


def _taken(lot: Lot, said: Json, offers: Offers) -> str:
    """Take over what the record awards, if it may; else say why not."""
    if lot.name not in offers.by_lot:
        lot.tell("allocation.no_offer", lot=lot.name)
        return ""
    lot.status, winner = said.get("status", ""), said.get("winner")
    if lot.status in ("draw_needed", "not_proven"):
        return ""
    lot.status = "awarded"
    if winner not in offers.bids or lot.name not in offers.bids[winner]["lots"]:
        return f"lot {lot.name}: {winner} may not be awarded it"
    lot.winner = winner
    return ""


def _tell_award(lot: Lot, offers: Offers, given: Given) -> None:
    """Tell an award, no amount for one lot of a package, and who is lowest for this lot alone."""
    assert lot.winner is not None
    bid, costs = offers.bids[lot.winner], offers.costs
    lots = [name for name in given.lots if name in bid["lots"]]
    lot.amount = bid["price"] if len(lots) == 1 else None
    if len(lots) == 1:
        lot.tell("allocation.awarded", bid["id"], lot=lot.name, price=bid["price"])
    else:
        lot.tell("allocation.package", bid["id"], lots=", ".join(lots), price=bid["price"])
    alone = {name: costs[name] for name, one in offers.bids.items() if one["lots"] == [lot.name]}
    for name, cost in alone.items():
        cheaper = len(lots) > 1 or cost < costs[bid["id"]]
        if cost == min(alone.values()) and name != bid["id"] and cheaper:
            lot.tell("allocation.dearer", name, lot=lot.name, lowest=cost)


def packages(given: Given, lots: list[Lot]) -> list[Json]:
    """Return the offers that win several lots for one price, by their names."""
    won = sorted({lot.winner for lot in lots if lot.winner is not None and lot.amount is None})
    return [
        {
            "bid": name,
            "lots": [lot for lot in given.lots if lot in given.bids[name]["lots"]],
            "amount": given.bids[name]["price"],
        }
        for name in won
    ]


def within(chosen: list[Json], given: Given) -> bool:
    """Say whether bids together keep the limits."""
    limits = given.limits
    lots: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for bid in chosen:
        lots[bid["bidder"]] += len(bid["lots"])
        money[bid["bidder"]] += bid["price"]
    small = sum(paid for who, paid in money.items() if given.bidders[who].get("sme"))
    return (
        max([0, *lots.values()]) <= (limits.get("max_lots") or sum(lots.values()))
        and all(money[who] <= most for who, most in limits.get("capacity", {}).items())
        and small >= Fraction(limits.get("sme_share") or 0) * sum(money.values())
    )


def cheapest(total: Fraction, offers: Offers, given: Given, notes: list[Note]) -> list[str]:
    """Try every allocation that could be as cheap, if they are few enough, for a cheaper one."""
    ways, tried, equal = Ways(offers), 0, 0
    open_ = [ways.start]
    while open_:
        way = open_.pop()
        if not way.left and within(chosen := [offers.bids[bid] for bid in way.chosen], given):
            if way.cost < total * ways.unit:
                return [f"together: {[bid['id'] for bid in chosen]} costs less than {total}"]
            equal += 1
        for further in ways.after(way):
            tried += 1
            if further.cost + further.rest <= total * ways.unit:
                open_.append(further)
        if tried > TRIED:
            notes.append(Note(TOO_MANY, {"tried": TRIED}))
            return []
    if equal > 1:
        notes.append(Note(EQUAL, {}))
    return []


class Way(NamedTuple):
    """An allocation begun: the lots left as bits, its cost, the least that the rest can cost."""

    left: int
    cost: int
    rest: int
    chosen: tuple[str, ...]


class Ways:
    """How an allocation can go on, lot after lot; costs are in 1/``unit`` of a centime.

    No offer covers a lot for less than the least cost per lot of those for it: their sum is below
    every allocation of the lots that are left.
    """

    def __init__(self, offers: Offers) -> None:
        sizes = {len(bid["lots"]) for bid in offers.bids.values()}
        self.unit = lcm(*sizes)
        cost = {name: int(offers.costs[name] * self.unit) for name in offers.bids}
        places = {name: place for place, name in enumerate(sorted(offers.by_lot))}
        least = {
            name: min(cost[bid["id"]] // len(bid["lots"]) for bid in bids)
            for name, bids in offers.by_lot.items()
        }
        self.bids: list[list[Way]] = [[] for _ in places]
        for name, bid in offers.bids.items():
            lots = sorted(places[lot] for lot in bid["lots"])
            rest = sum(least[lot] for lot in bid["lots"])
            covers = sum(1 << place for place in lots)
            for place in lots:
                self.bids[place].append(Way(covers, cost[name], rest, (name,)))
        self.start = Way((1 << len(places)) - 1, 0, sum(least.values()), ())

    def after(self, way: Way) -> Iterator[Way]:
        """Yield the ways to cover the first lot that is left, bid by bid."""
        first = (way.left & -way.left).bit_length() - 1
        for bid in self.bids[first] if way.left else ():
            if bid.left & way.left == bid.left:
                cost, rest = way.cost + bid.cost, way.rest - bid.rest
                yield Way(way.left ^ bid.left, cost, rest, way.chosen + bid.chosen)
