"""Value for money: who stays, and in which order by points or by money."""

from fractions import Fraction

from .chain import Json
from .explained import tell_points, tell_prices, tell_totals
from .given import Given
from .lot import Groups, Lot, equals
from .marks import Impossible
from .points import PRICED, Marking, lawful, relative

RULES = "tajhiz.value_for_money/1"


def published(given: Given) -> None:
    """Check that the published weights make the whole, and that the rules for equals are known."""
    nodes, money = given.method["criteria"], given.method.get("objective") == "money"
    if not money or any(node["weight"] for node in nodes):
        _whole(nodes)
    for node, _ in given.nodes:
        if node["kind"]["kind"] == "branch":
            _whole(node["kind"]["criteria"])
        if node["kind"]["kind"] in PRICED:
            lawful(node["kind"])
    known = {"lower_price", "draw", *(f"higher:{node['id']}" for node, _ in given.nodes)}
    ties = given.method.get("ties", ["draw"])
    if not known.issuperset(ties) or "draw" in ties[:-1]:
        raise Impossible(f"these rules for equal bids are not known: {', '.join(ties)}")


def _whole(nodes: list[Json]) -> None:
    if sum(node["weight"] for node in nodes) != 10_000:
        raise Impossible("the published weights do not add up to 10000")


def value(lot: Lot, bids: list[Json], given: Given) -> Groups:
    """Rank the bids for a lot by points, or by what quality is worth in money."""
    money = given.method.get("objective") == "money"
    admitted = _admitted(lot, bids)
    first = Marking(admitted, given)
    left = remaining(lot, first, given)
    tell_prices(lot, first)
    for node, top in given.nodes:
        if relative(node) and left.bids and not money:
            tell_points(lot, node, left, top=top)
        elif not relative(node) and admitted:
            tell_points(lot, node, first, top=top)
    if not left.bids:
        return []
    totals = left.evaluated() if money else left.totals()
    tell_totals(lot, left, totals)
    return equals(lot, keys_of(left, totals, money=money), totals)


def keys_of(left: Marking, totals: dict[str, Fraction], *, money: bool) -> dict[str, object]:
    """Return what each bid is put in order by, the lowest first: its total, then the tie rules."""
    keys = {bid: [one if money else -one] for bid, one in totals.items()}
    for rule in dict.fromkeys(left.method.get("ties", ["draw"])):
        for bid in left.bids if rule == "lower_price" else ():
            keys[bid["id"]].append(left.price(bid))
        for node, top in left.nodes:
            if rule == f"higher:{node['id']}":
                for name, points in left.points(node, top=top).items():
                    keys[name].append(-points)
    return {bid: tuple(key) for bid, key in keys.items()}


def _admitted(lot: Lot, bids: list[Json]) -> list[Json]:
    """Set aside the bids that were refused."""
    for bid in bids:
        if not bid.get("admitted", True):
            lot.exclude("value.refused", bid["id"], reason=bid.get("refusal") or "—")
    return [bid for bid in bids if bid["id"] not in lot.excluded]


def remaining(lot: Lot, first: Marking, given: Given) -> Marking:
    """Set aside the bids below a published minimum, each for the first criterion it fails."""
    for node, top in first.nodes:
        if node.get("minimum") is None or not first.bids:
            continue
        least = Fraction(node["minimum"])
        for name, points in first.points(node, top=top).items():
            if points < least and name not in lot.excluded:
                lot.exclude(
                    "value.below_minimum", name,
                    criterion=node["id"], points=points, minimum=least,
                )  # fmt: skip
    return Marking([bid for bid in first.bids if bid["id"] not in lot.excluded], given)
