"""Compute a record of Tajhiz again, by other means: `python recompute.py RECORD.json`.

This one file needs Python alone and shares nothing with the engines that made the record: it was
written from the published rules and reckons with fractions throughout. It checks the chain of
SHA-256 links, the seal of the tender, the draw, who was set aside, the ranking, the awards, the
amounts and the main numbers of the explanation; it prints what differs and then ends with 1.

Of lots awarded together it checks that the allocation keeps every limit and adds up, and proves
that none is cheaper where there are few enough to try them all; where not, it says so.
"""
# fmt: off — short enough to be read on paper

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from types import SimpleNamespace as Lot
from typing import Any

Json = dict[str, Any]
Points = dict[str, Fraction]
Groups = list[list[str]]
ZERO, ONE = Fraction(0), Fraction(1)
SECTIONS = ["tender", "dossier", "engine", "randomness", "outcome"]
TRIED = 200_000  # allocations tried one by one, at most

# Decree 2-22-431, articles 43, 44, 144 and 147, since 1 September 2023.
DECREE = "MA-2-22-431/2023-09"
LOW = {"works": Fraction(20, 100), "supplies": Fraction(25, 100), "services": Fraction(25, 100)}
HIGH, RATE, EXEMPT = Fraction(20, 100), Fraction(15, 100), Fraction(30, 100)
FIRST = {"cooperative", "union_of_cooperatives", "auto_entrepreneur"}


def differences(record: Any) -> list[str]:
    """Return what the record says otherwise than this evaluator; nothing when it holds."""
    return check(record)[0]


def check(record: Any) -> tuple[list[str], list[str]]:
    """Return what differs, and what could not be proven again."""
    notes: list[str] = []
    try:
        found, parts = chain(record)
        return found or content(parts, notes), notes
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        ArithmeticError,
        RecursionError,
    ) as error:
        return [f"it cannot be re-computed: {type(error).__name__}: {error}"], notes


def chain(record: Json) -> tuple[list[str], Json]:
    """Check each link: SHA-256 of the one before, the name and the canonical content."""
    if record["format"] != "tajhiz.record/1":
        return [f"format: {record['format']} is not known"], {}
    if [one["name"] for one in record["sections"]] != SECTIONS:
        return [f"sections: they are not {', '.join(SECTIONS)}"], {}
    found, head = [], "0" * 64
    for one in record["sections"]:
        head = sha256(f"{head}\n{one['name']}\n{canonical(one['content'])}")
        found += unequal(f"link of {one['name']}", head, one["link"])
    found += unequal("head", head, record["head"])
    return found, {one["name"]: one["content"] for one in record["sections"]}


def content(parts: Json, notes: list[str]) -> list[str]:
    """Compare everything that follows from the tender and what came in."""
    tender, dossier, outcome = parts["tender"]["tender"], parts["dossier"], parts["outcome"]
    seed, commitment = dossier.get("seed"), tender.get("draw_commitment")
    statute = tender["method"]["kind"] != "value_for_money"
    found = unequal("seal", sha256(canonical(tender)), parts["tender"]["seal"])
    found += unequal("engine", "statutory" if statute else "value_for_money", outcome["engine"])
    engine, random = parts["engine"], parts["randomness"]
    said = [outcome["engine"], outcome["rules"]]
    found += unequal("rules", [engine["name"], engine["rules"]], said)
    found += unequal("stream", "EMC-1", random["stream"])
    found += unequal("seed", [seed, commitment], [random["draw_seed"], random["draw_commitment"]])
    if seed is not None:
        found += unequal("commitment", sha256(seed), commitment)
    if statute and outcome["rules"] != DECREE:
        return [*found, f"rules: {outcome['rules']} are not known to this evaluator"]
    if not statute and tender.get("allocation") == "together":
        return found + together(tender, dossier, outcome, notes)
    lots = in_order(tender, dossier, statutory if statute else value)
    found += unequal("lots", [lot.name for lot in lots], [one["lot"] for one in outcome["lots"]])
    return found + [
        one for lot, said in zip(lots, outcome["lots"], strict=False) for one in compared(lot, said)
    ]


def compared(lot: Lot, said: Json) -> list[str]:
    """Compare one lot with what the record says of it."""
    at, found = f"lot {lot.name}", []
    for name in ("status", "winner", "amount"):
        found += unequal(f"{at}, {name}", getattr(lot, name), said.get(name))
    ranking = {one["bid"]: (one["rank"], one["key"]) for one in said.get("ranking", [])}
    excluded = {one["bid"]: one["code"] for one in said.get("excluded", [])}
    told: dict[Any, Any] = {}
    for line in [*said.get("lines", []), *said.get("warnings", [])]:
        values, bid = line.get("values", {}), line.get("subject", "")
        told |= {(line["code"], bid, name): str(one) for name, one in values.items()}
        if "points" in values and "criterion" in values:
            told["points", bid, values["criterion"]] = str(values["points"])
    told = {key: told.get(key) for key in lot.numbers}
    for name, mine, theirs in (
        ("ranking", lot.ranking, ranking),
        ("number", lot.numbers, told),
        ("set aside", lot.excluded, excluded),
    ):
        for key in sorted(mine.keys() | theirs.keys()):
            found += unequal(f"{at}, {name}, {key}", mine.get(key), theirs.get(key))
    return found


def unequal(place: str, mine: object, theirs: object) -> list[str]:
    """Say what differs at one place."""
    return [] if mine == theirs else [f"{place}: {mine}, the record says {theirs}"]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(thing: object) -> str:
    """Write JSON with sorted keys and no spaces."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rounding(value: Fraction, mode: str) -> int:
    """Round to an integer; « half up » goes away from zero."""
    size = abs(value)
    found = {
        "down": floor(size),
        "up": ceil(size),
        "half_even": round(size),
        "half_up": floor(size + Fraction(1, 2)),
    }[mode]
    return found if value >= 0 else -found


# --- the lots, one after the other ---


def in_order(tender: Json, dossier: Json, method: Callable[..., Groups]) -> list[Lot]:
    """Award lot after lot; who reached a limit is set aside from those that follow."""
    limits, lots, statute = tender.get("limits", {}), [], method is statutory
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


def new(name: str) -> Lot:
    """Return a lot that nobody has won."""
    return Lot(
        name=name,
        status="unsuccessful",
        winner=None,
        amount=None,
        ranking={},
        excluded={},
        numbers={},
    )


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


def equals(lot: Lot, keys: dict[str, Any], shown: dict[str, Fraction]) -> Groups:
    """Group bids by their keys, the lowest key first, and note what each is ranked by."""
    lot.ranking = {bid: str(shown[bid]) for bid in keys}
    groups: dict[Any, list[str]] = {}
    for bid, key in keys.items():
        groups.setdefault(key, []).append(bid)
    return [groups[key] for key in sorted(groups)]


# --- the decree ---


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


# --- published criteria ---
SHARE: dict[str, Callable[..., Fraction]] = {  # price, lowest, highest, parameters → 0 to 1
    "linear_between_bounds": lambda p, low, high, g: (g["worst"] - p) / (g["worst"] - g["best"]),
    "reference_over_price": lambda p, low, high, g: g["reference"] / p,
    "points_per_percent": lambda p, low, high, g: (
        1 - g["points_per_percent"] * (p / g["reference"] - 1)
    ),
    "low_over_price": lambda p, low, high, g: low / p,
    "world_bank": lambda p, low, high, g: low / p,
    "linear_min_max": lambda p, low, high, g: (high - p) / (high - low) if high > low else ONE,
    "difference_to_lowest": lambda p, low, high, g: 2 - p / low,
    "multiple_of_lowest": lambda p, low, high, g: (g["multiple"] - p / low) / (g["multiple"] - 1),
}


class Marking:
    """The points of some bids under a method, criterion by criterion."""

    def __init__(self, method: Json, bids: list[Json], dossier: Json) -> None:
        self.method, self.bids, self.dossier = method, bids, dossier
        self.mode, self.nodes = method.get("rounding", "half_up"), list(all_of(method["criteria"]))
        self.rounds = method.get("round_at", "criterion")

    def price(self, bid: Json) -> Fraction:
        """Return the price a bid is ranked by: with its scope and the margin for foreign bids."""
        margin, price = self.method.get("margin"), bid["price"] + bid.get("scope_adjustment", 0)
        bidder = next(one for one in self.dossier["bidders"] if one["id"] == bid["bidder"])
        if not margin or bidder.get("established", True):
            return Fraction(price)
        base = price if margin.get("base") == "adjusted_for_scope" else bid["price"]
        return Fraction(price + rounding(Fraction(margin["percent"]) * base / 100, self.mode))

    def cost(self, kind: Json, bid: Json) -> Fraction:
        """Return Σ flow/(1+r)^t − residual/(1+r)^N from the ranking price, rounded once."""
        rate, total = 1 + Fraction(kind["rate"]), self.price(bid)
        for flow in kind["flows"]:
            for year, amount in enumerate(bid["flows"][flow["name"]], flow["first"]):
                total += amount / rate ** max(0, year - (kind.get("timing") == "start"))
        if kind.get("residual"):
            total -= bid.get("residual", 0) / rate ** kind["years"]
        return Fraction(rounding(total, self.mode))

    def points(self, node: Json, *, top: bool) -> Points:
        """Return points out of 100, rounded where the tender rounds its criteria."""
        kind, bids = node["kind"], [bid["id"] for bid in self.bids]
        if kind["kind"] == "branch":
            parts = [(one["weight"], self.points(one, top=False)) for one in kind["criteria"]]
            found = {bid: sum((w * p[bid] for w, p in parts), ZERO) / 10_000 for bid in bids}
        elif kind["kind"] in ("price", "life_cycle_cost"):
            found = self.priced(kind)
        else:
            found = {bid["id"]: mark(kind, node["id"], bid, self.dossier) for bid in self.bids}
        return self.rounded(found) if top and self.rounds == "criterion" else found

    def rounded(self, points: Points) -> Points:
        """Round points to the published decimals."""
        step = 10 ** self.method.get("points_decimals", 2)
        return {bid: Fraction(rounding(one * step, self.mode), step) for bid, one in points.items()}

    def priced(self, kind: Json) -> Points:
        """Return the points that the published formula gives for prices or costs."""
        cycle, floor_price = kind["kind"] == "life_cycle_cost", Fraction(kind.get("floor") or 0)
        prices = {
            bid["id"]: self.cost(kind, bid) if cycle else max(self.price(bid), floor_price)
            for bid in self.bids
        }
        given = {name: Fraction(text) for name, text in kind.get("parameters", {}).items()}
        low, high, share = min(prices.values()), max(prices.values()), SHARE[kind["formula"]]
        return {bid: 100 * held(share(one, low, high, given)) for bid, one in prices.items()}

    def weighted(self, lot: Lot) -> Points:
        """Return the weighted points of each bid."""
        total = {bid["id"]: ZERO for bid in self.bids}
        for node in self.method["criteria"]:
            for bid, points in self.points(node, top=True).items():
                lot.numbers["points", bid, node["id"]] = str(points)
                total[bid] += node["weight"] * points / 10_000
        return self.rounded(total) if self.rounds == "total" else total

    def evaluated(self) -> Points:
        """Return price, or life-cycle cost, plus the published worth of what lacks to 100."""
        cycle = [one["kind"] for one, _ in self.nodes if one["kind"]["kind"] == "life_cycle_cost"]
        worth = [
            (node["worth"], self.points(node, top=top))
            for node, top in self.nodes
            if "worth" in node
        ]
        found = {}
        for bid in self.bids:
            lacks = sum((one * (100 - points[bid["id"]]) for one, points in worth), ZERO)
            base = self.cost(cycle[0], bid) if cycle else self.price(bid)
            found[bid["id"]] = base + rounding(lacks, self.mode)
        return found


def all_of(nodes: list[Json], *, top: bool = True) -> Iterable[tuple[Json, bool]]:
    """Yield every criterion, what a branch holds before it, and whether it is a top-level one."""
    for node in nodes:
        yield from all_of(node["kind"].get("criteria", []), top=False)
        yield node, top


def held(share: Fraction) -> Fraction:
    """Hold a share between 0 and 1."""
    return min(max(share, ZERO), ONE)


def mark(kind: Json, name: str, bid: Json, dossier: Json) -> Fraction:
    """Mark what evaluators gave, what a bid states, or the lower bound a pilot measured."""
    if kind["kind"] == "judged":
        low, high = Fraction(kind.get("low", 0)), Fraction(kind.get("high", 100))
        return 100 * (judged(kind, name, bid, dossier) - low) / (high - low)
    if kind["kind"] == "absolute":
        best, worst = Fraction(kind["best"]), Fraction(kind["worst"])
        return 100 * held((Fraction(bid["answers"][name]["value"]) - worst) / (best - worst))
    if kind["kind"] == "evidence":
        reached = measured(kind, name, bid, dossier)
    else:
        reached = Fraction(bid["answers"][name]["value"])
    if reached is None:
        return Fraction(kind.get("neutral", 0))
    steps = [one["points"] for one in kind["steps"] if Fraction(one["at"]) <= reached]
    return Fraction(steps[-1]) if steps else ZERO


def measured(kind: Json, name: str, bid: Json, dossier: Json) -> Fraction | None:
    """Return the lower bound of a pack that holds enough, or nothing."""
    for pack in dossier.get("evidence", []):
        long = Fraction(pack["exposure"]["value"]) >= Fraction(kind["min_exposure"]["value"])
        dense = Fraction(pack["coverage"]) >= Fraction(kind["min_coverage"])
        if (pack["bid"], pack["criterion"]) == (bid["id"], name):
            return Fraction(pack["lower_bound"]["value"]) if long and dense else None
    return None


def judged(kind: Json, name: str, bid: Json, dossier: Json) -> Fraction:
    """Return the mean or the median of the evaluators' marks."""
    given = [
        one["points"]
        for one in dossier.get("marks", [])
        if (one["bid"], one["criterion"]) == (bid["id"], name)
    ]
    marks = sorted(Fraction(one) for one in given if one is not None)
    if kind.get("aggregate") == "median":
        return (marks[len(marks) // 2] + marks[(len(marks) - 1) // 2]) / 2
    return sum(marks, ZERO) / len(marks)


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


def main() -> int:
    """Re-compute the records named on the command line; 1: one differs, 2: one is not there."""
    if not sys.argv[1:]:
        print("usage: python recompute.py RECORD.json …", file=sys.stderr)
        return 2
    ended = 0
    for name in sys.argv[1:]:
        try:
            data = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            print(f"{name}: it cannot be read: {error}", file=sys.stderr)
            return 2
        found, notes = check(data)
        print(f"{name}: {'DIFFERS' if found else 'holds'}", *found, *notes, sep="\n  ")
        ended = 1 if found else ended
    return ended


if __name__ == "__main__":
    sys.exit(main())
