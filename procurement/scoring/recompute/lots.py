"""The lots, one after the other: limits, turns, equals, the draw and the award."""

from collections import Counter
from collections.abc import Callable

from .chain import Json, sha256
from .lot import Groups, Lot, new

FIRST = {"cooperative", "union_of_cooperatives", "auto_entrepreneur"}  # article 43-II-2


def in_order(
    tender: Json, dossier: Json, method: Callable[..., Groups], *, statute: bool
) -> list[Lot]:
    """Award lot after lot; who reached a limit is set aside from those that follow."""
    limits, lots = tender.get("limits", {}), []
    most, capacity = limits.get("max_lots"), limits.get("capacity", {})
    won: Counter[str] = Counter()
    money: Counter[str] = Counter()
    unsure: set[str] = set()  # who may win an earlier lot once its draw is made, and has a limit
    for place in tender["lots"]:
        lot, left = new(place["id"]), []
        bids = {bid["id"]: bid for bid in dossier["bids"] if lot.name in bid["lots"]}
        waits = statute and {bid["bidder"] for bid in bids.values()} & unsure
        for name, bid in {} if waits else bids.items():
            own = bid["bidder"]
            barred = statute or bid.get("admitted", True)
            if barred and most is not None and won[own] >= most:
                lot.excluded[name] = "statute.cap" if statute else "value.max_lots"
            elif barred and own in capacity and money[own] + bid["price"] > capacity[own]:
                lot.excluded[name] = "statute.capacity" if statute else "value.capacity"
            else:
                left.append(bid)
        award(lot, method(lot, place, left, tender, dossier), tender, dossier)
        concerned = {bids[name]["bidder"] for name in (bids if statute else lot.ranking)}
        if waits or concerned & unsure:
            lot.status, lot.winner, lot.amount = "draw_needed", None, None
        if lot.status == "draw_needed":
            unsure |= {one for one in concerned if most is not None or one in capacity}
        elif lot.winner is not None:
            won[bids[lot.winner]["bidder"]] += 1
            money[bids[lot.winner]["bidder"]] += lot.amount
        lots.append(lot)
    return lots


def award(lot: Lot, waiting: Groups, tender: Json, dossier: Json) -> None:
    """Part the equals that come up, skip the rejected in their turn, award to the next."""
    bids, seed = {bid["id"]: bid for bid in dossier["bids"]}, seed_of(tender["method"], dossier)
    rejected = [one["bid"] for one in dossier.get("rejections", []) if one["lot"] == lot.name]
    done: Groups = []
    while waiting and lot.status == "unsuccessful":
        group, *waiting = parted(waiting, bids, tender["method"], dossier)
        done.append(group)
        left = sorted(group, key=lambda bid: sha256(f"{seed}|{lot.name}|{bid}"))
        while left and lot.status == "unsuccessful":
            if rejected and rejected[0] in (left if seed is None else left[:1]):
                left.remove(rejected.pop(0))
            elif len(left) > 1 and seed is None:
                lot.status = "draw_needed"
            else:
                lot.status, lot.winner, lot.amount = "awarded", left[0], bids[left[0]]["price"]
    if rejected:
        lot.excluded["rejections"] = "they are not in turn"
    rank = 1
    for group in [*done, *waiting]:
        lot.ranking |= {bid: (rank, lot.ranking[bid]) for bid in group}
        rank += len(group)


def parted(waiting: Groups, bids: Json, method: Json, dossier: Json) -> Groups:
    """Put cooperatives and auto-entrepreneurs before their equals, where the decree rules."""
    status = {one["id"]: one.get("status", "company") for one in dossier["bidders"]}
    first = [bid for bid in waiting[0] if status[bids[bid]["bidder"]] in FIRST]
    rest = [bid for bid in waiting[0] if bid not in first]
    statute = method["kind"] != "value_for_money"
    return [first, rest, *waiting[1:]] if statute and first and rest else waiting


def seed_of(method: Json, dossier: Json) -> str | None:
    """Return the seed of the draw, where one may part equals."""
    drawn = method["kind"] != "value_for_money" or "draw" in method.get("ties", ["draw"])
    return dossier.get("seed") if drawn else None
