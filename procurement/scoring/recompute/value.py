"""Value for money: who stays, and in which order by points or by money."""

from fractions import Fraction

from .chain import Json
from .lot import Groups, Lot, equals
from .points import Marking


def value(lot: Lot, place: Json, bids: list[Json], tender: Json, dossier: Json) -> Groups:
    """Rank the bids for a lot by points, or by what quality is worth in money."""
    method = tender["method"]
    money, marking = method.get("objective") == "money", remaining(lot, bids, method, dossier)
    if not marking.bids:
        return []
    totals = marking.evaluated() if money else marking.weighted(lot)
    keys = {bid: [one if money else -one] for bid, one in totals.items()}
    for rule in method.get("ties", ["draw"]):
        for bid in marking.bids if rule == "lower_price" else ():
            keys[bid["id"]].append(marking.price(bid))
        for node, top in marking.nodes:
            if rule == f"higher:{node['id']}":
                for name, points in marking.points(node, top=top).items():
                    keys[name].append(-points)
    return equals(lot, {bid: tuple(key) for bid, key in keys.items()}, totals)


def remaining(lot: Lot, bids: list[Json], method: Json, dossier: Json) -> Marking:
    """Set aside the bids that were refused and those below a published minimum."""
    for bid in bids:
        if not bid.get("admitted", True):
            lot.excluded[bid["id"]] = "value.refused"
    marking = Marking(method, [bid for bid in bids if bid["id"] not in lot.excluded], dossier)
    for node, top in marking.nodes:
        if node.get("minimum") is not None and marking.bids:
            for name, points in marking.points(node, top=top).items():
                if points < Fraction(node["minimum"]):
                    lot.excluded.setdefault(name, "value.below_minimum")
    return Marking(method, [bid for bid in bids if bid["id"] not in lot.excluded], dossier)
