"""The points of bids under published criteria, and what they are worth in money."""

from collections.abc import Callable
from fractions import Fraction

from .chain import Json
from .given import Given
from .marks import Impossible, all_there, mark
from .quantities import ONE, ZERO, Points, held, rounding, summed

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
ABSOLUTE = {"linear_between_bounds", "reference_over_price", "points_per_percent"}
"""Formulas whose points do not depend on the other bids."""
PARAMETERS = {
    "linear_between_bounds": {"best", "worst"},
    "reference_over_price": {"reference"},
    "points_per_percent": {"reference", "points_per_percent"},
    "multiple_of_lowest": {"multiple"},
}
PRICED = ("price", "life_cycle_cost")


class Marking:
    """The points of some bids under a method, criterion by criterion."""

    def __init__(self, bids: list[Json], given: Given) -> None:
        self.bids, self.given, self.method = bids, given, given.method
        self.mode, self.nodes = self.method.get("rounding", "half_up"), given.nodes
        self.rounds = self.method.get("round_at", "criterion")
        self.known: dict[str, Points] = {}

    def price(self, bid: Json) -> Fraction:
        """Return the price a bid is ranked by: with its scope and the margin for foreign bids."""
        price = bid["price"] + bid.get("scope_adjustment", 0)
        if price < 0:
            raise Impossible(f"the scope of {bid['id']} takes away more than its price")
        return Fraction(price + self.margin(bid))

    def margin(self, bid: Json) -> int:
        """Return what the published preference adds to the price of a foreign bidder."""
        margin = self.method.get("margin")
        if not margin or self.given.bidders[bid["bidder"]].get("established", True):
            return 0
        scope = bid.get("scope_adjustment", 0) if margin.get("base", "price") != "price" else 0
        return rounding(Fraction(margin["percent"]) * (bid["price"] + scope) / 100, self.mode)

    def cost(self, kind: Json, bid: Json) -> Fraction:
        """Return Σ flow/(1+r)^t − residual/(1+r)^N from the ranking price, rounded once."""
        rate, total = 1 + Fraction(kind["rate"]), self.price(bid)
        for flow in kind["flows"]:
            amounts = bid.get("flows", {}).get(flow["name"], [])
            if not 0 <= flow["first"] <= flow["last"] <= kind["years"]:
                raise Impossible(f"{flow['name']}: its years are not in the published period")
            if len(amounts) != flow["last"] - flow["first"] + 1:
                raise Impossible(f"{bid['id']} does not state {flow['name']} for each year")
            for year, amount in enumerate(amounts, flow["first"]):
                total += amount / rate ** max(0, year - (kind.get("timing") == "start"))
        if kind.get("residual"):
            total -= bid.get("residual", 0) / rate ** kind["years"]
        return Fraction(rounding(total, self.mode))

    def points(self, node: Json, *, top: bool) -> Points:
        """Return points out of 100, rounded where the tender rounds its criteria."""
        if node["id"] not in self.known:
            found = self.exact(node)
            rounds = top and self.rounds == "criterion"
            self.known[node["id"]] = self.rounded(found) if rounds else found
        return self.known[node["id"]]

    def exact(self, node: Json) -> Points:
        """Return points out of 100 as they are before any rounding."""
        kind, bids = node["kind"], [bid["id"] for bid in self.bids]
        if kind["kind"] == "branch":
            parts = [(one["weight"], self.points(one, top=False)) for one in kind["criteria"]]
            return {bid: summed(w * p[bid] for w, p in parts) / 10_000 for bid in bids}
        if kind["kind"] in PRICED:
            return self.priced(kind)
        if kind["kind"] == "judged":
            all_there(node, self.bids, self.given)
        return {bid["id"]: mark(node, bid, self.given) for bid in self.bids}

    def rounded(self, points: Points) -> Points:
        """Round points to the published decimals."""
        step = 10 ** self.method.get("points_decimals", 2)
        return {bid: Fraction(rounding(one * step, self.mode), step) for bid, one in points.items()}

    def amounts(self, kind: Json) -> Points:
        """Return the prices or the costs that are marked, by bid, the published floor applied."""
        least = Fraction(kind.get("floor") or 0)
        cycle = kind["kind"] == "life_cycle_cost"
        return {
            bid["id"]: self.cost(kind, bid) if cycle else max(self.price(bid), least)
            for bid in self.bids
        }

    def priced(self, kind: Json) -> Points:
        """Return the points that the published formula gives for prices or costs."""
        prices, share = self.amounts(kind), SHARE[kind["formula"]]
        given = {name: Fraction(text) for name, text in kind.get("parameters", {}).items()}
        low, high = min(prices.values()), max(prices.values())
        return {bid: 100 * held(share(one, low, high, given)) for bid, one in prices.items()}

    def totals(self) -> Points:
        """Return the weighted points of each bid."""
        total = {bid["id"]: ZERO for bid in self.bids}
        for node in self.method["criteria"]:
            for bid, points in self.points(node, top=True).items():
                total[bid] = summed([total[bid], node["weight"] * points / 10_000])
        return self.rounded(total) if self.rounds == "total" else total

    def base(self, bid: Json) -> Fraction:
        """Return what quality is added to: the price, or the life-cycle cost where there is one."""
        cycle = self.cycle()
        return self.cost(cycle["kind"], bid) if cycle else self.price(bid)

    def cycle(self) -> Json | None:
        """Return the criterion of the life-cycle cost, if there is one."""
        found = [one for one, _ in self.nodes if one["kind"]["kind"] == "life_cycle_cost"]
        return found[0] if found else None

    def lacking(self) -> list[tuple[Json, Points]]:
        """Return what lacks to 100 points, for each criterion whose points have a worth."""
        return [
            (node, {bid: 100 - one for bid, one in self.points(node, top=top).items()})
            for node, top in self.nodes
            if node.get("worth") is not None
        ]

    def evaluated(self) -> Points:
        """Return price, or life-cycle cost, plus the published worth of what lacks to 100."""
        found, worth = {}, self.lacking()
        for bid in self.bids:
            lacks = summed(node["worth"] * points[bid["id"]] for node, points in worth)
            found[bid["id"]] = self.base(bid) + rounding(lacks, self.mode)
        return found


def lawful(kind: Json) -> None:
    """Check that a price formula is known, with its parameters and a multiple of at most 3."""
    given = {name: Fraction(text) for name, text in kind.get("parameters", {}).items()}
    if kind["formula"] not in SHARE or given.keys() != PARAMETERS.get(kind["formula"], set()):
        raise Impossible(f"the formula {kind['formula']}, or what it is given, is not known")
    if not 1 < given.get("multiple", 2) <= 3:
        raise Impossible("the multiple of the lowest price is not above 1, or above 3")
    if given.get("best", 0) >= given.get("worst", given.get("best", 0) + 1):
        raise Impossible("the bounds of a price formula are the wrong way round")


def relative(node: Json) -> bool:
    """Say whether the points of a bid depend on the other bids."""
    kind = node["kind"]
    if kind["kind"] in PRICED:
        return kind["formula"] not in ABSOLUTE
    return any(relative(one) for one in kind.get("criteria", []))
