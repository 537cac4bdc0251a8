"""The points of bids under published criteria, and what they are worth in money."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from .chain import Json
from .lot import Lot
from .marks import mark
from .quantities import ONE, ZERO, Points, held, rounding

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
