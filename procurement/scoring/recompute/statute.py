"""The decree: articles 43, 44, 144 and 147 of no. 2-22-431, since 1 September 2023."""

from fractions import Fraction
from typing import Any

from .chain import Json
from .lot import Groups, Lot, equals
from .quantities import ZERO

DECREE = "MA-2-22-431/2023-09"
LOW = {"works": Fraction(20, 100), "supplies": Fraction(25, 100), "services": Fraction(25, 100)}
HIGH, RATE, EXEMPT = Fraction(20, 100), Fraction(15, 100), Fraction(30, 100)


def statutory(lot: Lot, place: Json, bids: list[Json], tender: Json, dossier: Json) -> Groups:
    """Rank the bids for a lot by the decree."""
    method, kept = tender["method"], {}
    for bid in bids:
        if code := refusal(bid, method, place.get("estimate")):
            lot.excluded[bid["id"]] = code
        else:
            kept[bid["id"]] = bid
    prices = {name: Fraction(bid["price"]) for name, bid in kept.items()}
    if method["kind"] == "purchase_order" or not kept:
        return equals(lot, prices, prices)
    if method["kind"] == "studies":
        return studies(lot, method, kept, prices)
    mean = sum(prices.values()) / len(prices)
    reference = (place["estimate"] + mean) / 2
    lot.numbers["statute.mean", "", "mean"] = str(mean)
    lot.numbers["statute.reference", "", "reference"] = str(reference)
    bidders = {one["id"]: one for one in dossier["bidders"]}
    applies = method.get("preference", {"applies": False}).get("applies", True)
    keys, shown = {}, {}
    for name, price in prices.items():
        moved = foreign(bidders[kept[name]["bidder"]]) if applies else ZERO
        side = (price > reference) - (price < reference)
        shown[name] = price * (1 + side * moved)  # what equals the reference counts as below it
        keys[name] = (1, shown[name]) if side > 0 else (0, -shown[name])
    return equals(lot, keys, shown)


def refusal(bid: Json, method: Json, estimate: Any) -> str | None:
    """Say why a bid does not come to the ranking: its file, its technical mark, its price."""
    gate = method if method["kind"] == "studies" else method.get("gate")
    if not bid.get("admitted", True):
        return "statute.refused_because" if bid.get("refusal") else "statute.refused"
    if gate and Fraction(bid["technical"]) < Fraction(gate["threshold"]):
        return "statute.gate"
    zeros = [part for part in bid.get("technical_parts", {}).values() if Fraction(part) == 0]
    if gate and gate.get("zero_excludes") and zeros:
        return "statute.gate_zero"
    if method["kind"] == "purchase_order":
        return None
    if bid["price"] > estimate * (1 + HIGH):
        return "statute.excessive"
    low = estimate * (1 - LOW[method.get("category", "services")])
    return "statute.abnormally_low" if bid["price"] < low else None


def foreign(bidder: Json) -> Fraction:
    """Return by what share article 147 moves a price: the foreign share, below 30 % Moroccan."""
    if bidder.get("moroccan_share") is None:
        return ZERO if bidder.get("established", True) else RATE
    share = Fraction(bidder["moroccan_share"])
    return ZERO if share >= EXEMPT else RATE * (1 - share)


def studies(lot: Lot, method: Json, kept: Json, prices: dict[str, Fraction]) -> Groups:
    """Rank by N = Nt × (1 − w) + 100 × lowest / price × w."""
    weight, total = Fraction(method["price_weight"]), {}
    for name, price in prices.items():
        financial = 100 * min(prices.values()) / price
        total[name] = Fraction(kept[name]["technical"]) * (1 - weight) + financial * weight
        lot.numbers["statute.studies_mark", name, "financial"] = str(financial)
    return equals(lot, {name: -one for name, one in total.items()}, total)
