"""Lots awarded together: cover, limits, sum, and that nothing is cheaper."""

from collections import Counter
from fractions import Fraction

from .chain import Json, unequal
from .lot import new
from .quantities import ZERO, Points
from .value import remaining

TRIED = 200_000  # allocations tried one by one, at most


def together(tender: Json, dossier: Json, outcome: Json, notes: list[str]) -> list[str]:
    """Check an allocation of all the lots: what it covers, its limits, its sum, its proof."""
    marking = remaining(new(""), dossier["bids"], tender["method"], dossier)
    rejected = {one["bid"] for one in dossier.get("rejections", [])}
    offers = {bid["id"]: bid for bid in marking.bids if bid["id"] not in rejected}
    costs = marking.evaluated() if marking.bids else {}
    covered = sorted({lot for bid in offers.values() for lot in bid["lots"]})
    winners = {one["lot"]: one["winner"] for one in outcome["lots"] if one.get("winner")}
    if any(one["status"] in ("draw_needed", "not_proven") for one in outcome["lots"]):
        notes.append("together: a draw or a proof is missing; what is awarded is not proven again")
        return []
    chosen = sorted(set(winners.values()))
    found = unequal("together, lots", covered, sorted(winners))
    for one in outcome["lots"]:
        mine = "awarded" if one["lot"] in covered else "unsuccessful"
        found += unequal(f"lot {one['lot']}, status", mine, one["status"])
    if not set(chosen) <= set(offers):
        return [*found, f"together: {chosen} are not all admissible"]
    for bid in chosen:
        won = sorted(lot for lot in winners if winners[lot] == bid)
        found += unequal(f"together, {bid}", sorted(offers[bid]["lots"]), won)
    paid = sum(offers[bid]["price"] for bid in chosen)
    found += unequal("together, paid", paid, sum(one.get("amount") or 0 for one in outcome["lots"]))
    if not within([offers[bid] for bid in chosen], tender, dossier):
        found.append("together: a limit is not kept")
    total = sum((costs[bid] for bid in chosen), ZERO)
    told = [one["values"] for one in outcome.get("lines", []) if one["code"] == "allocation.total"]
    found += unequal("together, total", [{"total": total, "paid": paid}] if covered else [], told)
    return found + cheapest(total, covered, offers, costs, tender, dossier, notes)


def within(chosen: list[Json], tender: Json, dossier: Json) -> bool:
    """Say whether bids together keep the limits."""
    limits = tender.get("limits", {})
    lots: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for bid in chosen:
        lots[bid["bidder"]] += len(bid["lots"])
        money[bid["bidder"]] += bid["price"]
    small = sum(money[one["id"]] for one in dossier["bidders"] if one.get("sme"))
    return (
        max([0, *lots.values()]) <= (limits.get("max_lots") or sum(lots.values()))
        and all(money[who] <= most for who, most in limits.get("capacity", {}).items())
        and small >= Fraction(limits.get("sme_share") or 0) * sum(money.values())
    )


def cheapest(
    total: Fraction,
    covered: list[str],
    offers: Json,
    costs: Points,
    tender: Json,
    dossier: Json,
    notes: list[str],
) -> list[str]:
    """Try every allocation for one below the total, if they are few enough."""
    tried = 0
    open_: list[tuple[list[str], list[Json]]] = [(covered, [])]
    while open_ and tried < TRIED:
        left, chosen = open_.pop()
        tried += 1
        for bid in offers.values() if left else ():
            if left[0] in bid["lots"] and {*bid["lots"]} <= {*left}:
                open_.append(([one for one in left if one not in bid["lots"]], [*chosen, bid]))
        cost = sum((costs[bid["id"]] for bid in chosen), ZERO)
        if not left and cost < total and within(chosen, tender, dossier):
            return [f"together: {[bid['id'] for bid in chosen]} costs less than {total}"]
    if open_:
        notes.append(f"together: that nothing is cheaper was not proven again: above {TRIED} ways")
    return []
