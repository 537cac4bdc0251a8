"""A line for every number of the points: what was stated, given, measured or paid."""

from collections.abc import Callable
from fractions import Fraction

from .chain import Json
from .lot import Lot
from .marks import marks_of, measured, middle, scale, stated, tell_marks
from .points import Marking, relative
from .quantities import Points


def tell_prices(lot: Lot, marking: Marking) -> None:
    """Tell how the price a bid is ranked by differs from the one it asks."""
    margin = marking.method.get("margin")
    for bid in marking.bids:
        if scope := bid.get("scope_adjustment"):
            lot.tell("value.scope", bid["id"], price=bid["price"], added=scope)
        if margin and (added := marking.margin(bid)):
            percent, ranking = Fraction(margin["percent"]), marking.price(bid)
            lot.tell("value.margin", bid["id"], percent=percent, added=added, ranking=ranking)


def tell_points(lot: Lot, node: Json, marking: Marking, *, top: bool) -> None:
    """Tell the points of one criterion and where they come from."""
    kind = node["kind"]["kind"]
    TOLD[kind](lot, node, marking, marking.points(node, top=top))


def tell_totals(lot: Lot, marking: Marking, totals: Points) -> None:
    """Tell the number that each bid is ranked by."""
    if marking.method.get("objective") != "money":
        for name, total in totals.items():
            lot.tell("value.total", name, points=total)
        return
    cycle, worth = marking.cycle(), marking.lacking()
    for bid in marking.bids:
        name, base = bid["id"], marking.base(bid)
        if cycle:
            lot.tell("value.cost", name, criterion=cycle["id"], cost=base)
        for node, lacks in worth:
            lot.tell(
                "value.worth", name, criterion=node["id"], missing=lacks[name],
                worth=node["worth"], added=node["worth"] * lacks[name],
            )  # fmt: skip
        added = totals[name] - base
        lot.tell("value.evaluated", name, price=base, added=added, evaluated=totals[name])


def _absolute(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    kind, name = node["kind"], node["id"]
    best, worst = Fraction(kind["best"]), Fraction(kind["worst"])
    lot.tell("value.scale", criterion=name, unit=kind["unit"], best=best, worst=worst)
    for bid in marking.bids:
        answer, own = stated(node, bid), points[bid["id"]]
        lot.tell("value.absolute", bid["id"], criterion=name, given=answer, points=own)


def _steps(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    for bid in marking.bids:
        lot.tell(
            "value.steps", bid["id"], criterion=node["id"], given=stated(node, bid),
            unit=node["kind"]["unit"], points=points[bid["id"]],
        )  # fmt: skip


def _judged(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    kind, name, (low, high) = node["kind"], node["id"], scale(node["kind"])
    for bid in marking.bids:
        tell_marks(lot, node, bid, marking.given)
        marks = marks_of(name, bid, marking.given)
        lot.tell(
            f"value.{kind.get('aggregate', 'mean')}", bid["id"], criterion=name, count=len(marks),
            given=middle(kind, marks), low=low, high=high, points=points[bid["id"]],
        )  # fmt: skip


def _evidence(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    kind, name = node["kind"], node["id"]
    for bid in marking.bids:
        pack, why = measured(node, bid, marking.given)
        if why:
            own = points[bid["id"]]
            lot.tell("value.neutral", bid["id"], criterion=name, points=own, why=why)
            continue
        lot.tell(
            "value.evidence", bid["id"], criterion=name, points=points[bid["id"]],
            metric=kind["metric"], given=Fraction(pack["lower_bound"]["value"]),
            unit=kind.get("unit", "percent"), level=Fraction(kind["level"]),
            exposure=Fraction(pack["exposure"]["value"]), exposure_unit=pack["exposure"]["unit"],
            pack=pack["pack"],
        )  # fmt: skip


def _priced(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    kind, amounts = node["kind"], marking.amounts(node["kind"])
    low, high = min(amounts.values()), max(amounts.values())
    base = {"criterion": node["id"], "formula": kind["formula"], "lowest": low, "highest": high}
    cycle = kind["kind"] == "life_cycle_cost"
    if cycle:
        base |= {"years": kind["years"], "rate": Fraction(kind["rate"])}
    if relative(node) and low == high:
        lot.tell("value.one_bid" if len(amounts) == 1 else "value.prices_equal", **base)
    for bid in marking.bids:
        name, price = bid["id"], marking.price(bid)
        if not cycle and amounts[name] != price:
            lot.tell("value.floor", name, price=price, floor=amounts[name])
        code = "value.life_cycle" if cycle else "value.price"
        lot.tell(code, name, **base, price=amounts[name], points=points[name])


def _branch(lot: Lot, node: Json, marking: Marking, points: Points) -> None:
    for bid, own in points.items():
        lot.tell("value.branch", bid, criterion=node["id"], points=own)


TOLD: dict[str, Callable[[Lot, Json, Marking, Points], None]] = {
    "absolute": _absolute,
    "branch": _branch,
    "evidence": _evidence,
    "judged": _judged,
    "life_cycle_cost": _priced,
    "price": _priced,
    "steps": _steps,
}
