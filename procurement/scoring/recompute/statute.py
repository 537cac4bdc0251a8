"""The decree: articles 43, 44, 144 and 147 of no. 2-22-431, since 1 September 2023."""

from collections import Counter
from fractions import Fraction

from .chain import Json
from .given import Given
from .lot import Groups, Line, Lot, equals, line_of
from .marks import Impossible
from .quantities import ZERO, summed

DECREE, TEXT, SINCE = "MA-2-22-431/2023-09", "décret n° 2-22-431", "2023-09-01"
LOW = {"works": Fraction(20, 100), "supplies": Fraction(25, 100), "services": Fraction(25, 100)}
HIGH, RATE, EXEMPT = Fraction(20, 100), Fraction(15, 100), Fraction(30, 100)
WEIGHTS = Fraction(10, 100), Fraction(40, 100)  # of the price of studies, article 144-3
SILENT = {"applies": False, "reason": "not announced"}  # a tender without a word on article 147


def about(given: Given) -> Counter[Line]:
    """Return the lines about the whole tender."""
    if given.method.get("rules", DECREE) != DECREE:
        raise Impossible(f"the tender names the rules {given.method['rules']}")
    found = [line_of("statute.rules", "", {"version": DECREE, "text": TEXT, "since": SINCE})]
    opened = given.tender["opened_on"]
    if opened < SINCE:
        found.append(line_of("statute.not_in_force", "", {"version": DECREE, "opened": opened}))
    if len(given.lots) > 1:
        found.append(line_of("statute.lot_order", "", {}))
    return Counter(found)


def statutory(lot: Lot, bids: list[Json], given: Given) -> Groups:
    """Rank the bids for a lot by the decree."""
    method, kept = given.method, _kept(lot, bids, given)
    prices = {name: Fraction(bid["price"]) for name, bid in kept.items()}
    if method["kind"] == "purchase_order":
        for name, price in prices.items():
            lot.tell("statute.price", name, price=price)
        return equals(lot, prices, prices)
    if not kept:
        return []
    if method["kind"] == "studies":
        return _studies(lot, method, kept, prices)
    return _around(lot, kept, prices, given)


def _kept(lot: Lot, bids: list[Json], given: Given) -> Json:
    """Set aside whose file, technical mark or price does not pass, in this order."""
    method, passed = given.method, [bid for bid in bids if _passes(lot, bid, given.method)]
    if method["kind"] == "purchase_order":
        return {bid["id"]: bid for bid in passed}
    estimate = given.lots[lot.name].get("estimate")
    if estimate is None:
        raise Impossible(f"lot {lot.name}: its estimate is missing")
    low = estimate * (1 - LOW[method.get("category", "services")])
    high = estimate * (1 + HIGH)
    lot.tell("statute.estimate", estimate=estimate)
    lot.tell("statute.upper_bound", bound=high)
    lot.tell("statute.lower_bound", bound=low)
    kept = {}
    for bid in passed:
        name, price = bid["id"], bid["price"]
        if price in (low, high):
            lot.warn("statute.on_bound_kept", name, price=price)
        if price > high:
            lot.exclude("statute.excessive", name, price=price, bound=high)
        elif price < low:
            lot.exclude("statute.abnormally_low", name, price=price, bound=low)
        else:
            kept[name] = bid
    if method["kind"] == "studies" and len(kept) < len(passed):
        lot.warn("statute.studies_bounds")
    return kept


def _passes(lot: Lot, bid: Json, method: Json) -> bool:
    """Say whether a bid passes the examination of the files and the technical gate."""
    name, gate = bid["id"], method if method["kind"] == "studies" else method.get("gate")
    if not bid.get("admitted", True):
        if bid.get("refusal"):
            lot.exclude("statute.refused_because", name, reason=bid["refusal"])
        else:
            lot.exclude("statute.refused", name)
        return False
    if not gate:
        return True
    if bid.get("technical") is None:
        raise Impossible(f"the technical mark of {name} is missing")
    mark, least = Fraction(bid["technical"]), Fraction(gate["threshold"])
    parts = bid.get("technical_parts", {})
    zeros = sorted(part for part, points in parts.items() if Fraction(points) == 0)
    if mark < least:
        lot.exclude("statute.gate", name, mark=mark, threshold=least)
    elif gate.get("zero_excludes") and zeros:
        lot.exclude("statute.gate_zero", name, criterion=", ".join(zeros))
    return name not in lot.excluded


def _around(lot: Lot, kept: Json, prices: dict[str, Fraction], given: Given) -> Groups:
    """Rank by the reference price: the closest below it, then the closest above it."""
    total = summed(prices.values())
    reference = (given.lots[lot.name]["estimate"] + total / len(prices)) / 2
    lot.tell("statute.mean", total_price=total, count=len(prices), mean=total / len(prices))
    lot.tell("statute.reference", reference=reference)
    moved = _moved(lot, kept, given)
    keys, shown = {}, {}
    for name, price in prices.items():
        side = (price > reference) - (price < reference)
        shown[name] = price * (1 + side * moved[name])  # what equals the reference is not moved
        keys[name] = (1, shown[name]) if side > 0 else (0, -shown[name])
        _tell_place(lot, name, price, reference)
        if moved[name]:
            _tell_moved(lot, name, price, shown[name], moved[name])
    above = sum(key[0] for key in keys.values())
    lot.tell("statute.order", below=len(keys) - above, above=above)
    lot.tell("statute.equal_below_first")
    return equals(lot, keys, shown)


def _moved(lot: Lot, kept: Json, given: Given) -> dict[str, Fraction]:
    """Return by what share article 147 moves each price, and tell why."""
    preference = given.method.get("preference", SILENT)
    if not preference.get("applies", True):
        if not preference.get("reason", "").strip():
            raise Impossible("the preference is switched off without a reason")
        lot.tell("statute.preference_off", reason=preference["reason"])
        return dict.fromkeys(kept, ZERO)
    lot.tell("statute.preference_on", rate=100 * RATE)
    found = {}
    for name, bid in kept.items():
        bidder = given.bidders[bid["bidder"]]
        found[name] = foreign(bidder)
        if bidder.get("moroccan_share") is not None:
            share = Fraction(bidder["moroccan_share"])
            tell = lot.warn if found[name] else lot.tell
            code = "statute.consortium_partly" if found[name] else "statute.consortium_exempt"
            tell(code, name, share=100 * share, threshold=100 * EXEMPT, rate=100 * found[name])
    return found


def foreign(bidder: Json) -> Fraction:
    """Return by what share article 147 moves a price: the foreign share, below 30 % Moroccan."""
    if bidder.get("moroccan_share") is None:
        return ZERO if bidder.get("established", True) else RATE
    share = Fraction(bidder["moroccan_share"])
    return ZERO if share >= EXEMPT else RATE * (1 - share)


def _tell_place(lot: Lot, name: str, price: Fraction, reference: Fraction) -> None:
    distance = abs(reference - price)
    if price == reference:
        lot.warn("statute.equal", name, price=price, distance=distance)
        lot.tell("statute.equal", name, price=price, distance=distance)
    else:
        code = "statute.above" if price > reference else "statute.below"
        lot.tell(code, name, price=price, distance=distance)


def _tell_moved(lot: Lot, name: str, price: Fraction, shown: Fraction, rate: Fraction) -> None:
    if shown == price:
        lot.warn("statute.not_adjusted", name, price=price)
        lot.tell("statute.not_adjusted", name, price=price)
    else:
        code = "statute.raised" if shown > price else "statute.lowered"
        lot.tell(code, name, price=price, adjusted=shown, rate=100 * rate)


def _studies(lot: Lot, method: Json, kept: Json, prices: dict[str, Fraction]) -> Groups:
    """Rank by N = Nt × (1 − w) + 100 × lowest / price × w."""
    weight, lowest, total = Fraction(method["price_weight"]), min(prices.values()), {}
    if not WEIGHTS[0] <= weight <= WEIGHTS[1]:
        raise Impossible(f"the price weighs {weight}, outside article 144")
    lot.tell("statute.lowest", lowest=lowest, weight=100 * weight)
    for name, price in prices.items():
        technical, financial = Fraction(kept[name]["technical"]), 100 * lowest / price
        total[name] = technical * (1 - weight) + financial * weight
        lot.tell(
            "statute.studies_mark", name, technical=technical, price=price,
            financial=financial, total=total[name],
        )  # fmt: skip
    return equals(lot, {name: -one for name, one in total.items()}, total)
