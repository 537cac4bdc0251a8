"""What evaluators gave, what a bid states, what a pilot measured: points out of 100."""

from fractions import Fraction

from .chain import Json
from .given import Given
from .lot import Lot
from .quantities import ZERO, held, said, summed

NOTHING = "nothing was measured"
SHORT = "the device was observed for less than the published minimum"
SPARSE = "the readings cover less than the published minimum"


class Impossible(ValueError):
    """What the record says was computed cannot be computed from what came in."""


def mark(node: Json, bid: Json, given: Given) -> Fraction:
    """Mark what evaluators gave, what a bid states, or the lower bound a pilot measured."""
    kind, name = node["kind"], node["id"]
    if kind["kind"] == "judged":
        low, high = scale(kind)
        return 100 * (middle(kind, marks_of(name, bid, given)) - low) / (high - low)
    if kind["kind"] == "absolute":
        best, worst = Fraction(kind["best"]), Fraction(kind["worst"])
        return 100 * held((stated(node, bid) - worst) / (best - worst))
    if kind["kind"] == "steps":
        return reached(kind, stated(node, bid))
    pack, why = measured(node, bid, given)
    if not why:
        return reached(kind, Fraction(pack["lower_bound"]["value"]))
    if kind.get("too_little") == "error":
        raise Impossible(f"{bid['id']}, {name}: {why}")
    return Fraction(kind.get("neutral", 0))


def scale(kind: Json) -> tuple[Fraction, Fraction]:
    """Return the ends of the scale of the evaluators' marks."""
    return Fraction(kind.get("low", 0)), Fraction(kind.get("high", 100))


def stated(node: Json, bid: Json) -> Fraction:
    """Return what a bid states, in the published unit."""
    answer = bid.get("answers", {}).get(node["id"])
    if answer is None or answer["unit"] != node["kind"]["unit"]:
        raise Impossible(f"{bid['id']} does not state {node['id']} in {node['kind']['unit']}")
    return Fraction(answer["value"])


def reached(kind: Json, value: Fraction) -> Fraction:
    """Return the points of the last published step that is reached; 0 below the first."""
    steps = [one["points"] for one in kind["steps"] if Fraction(one["at"]) <= value]
    return Fraction(steps[-1]) if steps else ZERO


def measured(node: Json, bid: Json, given: Given) -> tuple[Json, str]:
    """Return the pack about a bid, and why it is too weak to be marked, if it is."""
    kind, packs = node["kind"], given.evidence.get((bid["id"], node["id"]), [])
    if not packs:
        return {}, NOTHING
    (pack,) = packs
    units = [pack["metric"], pack["lower_bound"]["unit"], pack["exposure"]["unit"]]
    asked = [kind["metric"], kind.get("unit", "percent"), kind["min_exposure"]["unit"]]
    if [*units, Fraction(pack["level"])] != [*asked, Fraction(kind["level"])]:
        raise Impossible(f"the evidence of {bid['id']} for {node['id']} is of something else")
    if Fraction(pack["exposure"]["value"]) < Fraction(kind["min_exposure"]["value"]):
        return pack, SHORT
    sparse = Fraction(pack["coverage"]) < Fraction(kind["min_coverage"])
    return pack, SPARSE if sparse else ""


def marks_of(name: str, bid: Json, given: Given) -> list[Fraction]:
    """Return the marks of a bid, from the lowest to the highest; who was absent gave none."""
    given_marks = given.marks.get((bid["id"], name), [])
    marks = sorted(Fraction(one["points"]) for one in given_marks if one["points"] is not None)
    low, high = scale(given.criteria[name]["kind"])
    if not marks or not low <= marks[0] <= marks[-1] <= high:
        raise Impossible(f"the marks of {bid['id']} for {name} are missing or off their scale")
    return marks


def middle(kind: Json, marks: list[Fraction]) -> Fraction:
    """Return the mean or the median of marks that are sorted."""
    if kind.get("aggregate") == "median":
        return median(marks)
    return summed(marks) / len(marks)


def median(marks: list[Fraction]) -> Fraction:
    """Return the median of marks that are sorted."""
    return (marks[len(marks) // 2] + marks[(len(marks) - 1) // 2]) / 2


def all_there(node: Json, bids: list[Json], given: Given) -> None:
    """Check that whoever marked one of the bids marked them all, where the tender asks for it."""
    if node["kind"].get("absent", "error") == "skip":
        return
    marks = {bid["id"]: given.marks.get((bid["id"], node["id"]), []) for bid in bids}
    everyone = {one["evaluator"] for several in marks.values() for one in several}
    for bid, several in marks.items():
        if len([one for one in several if one["points"] is not None]) < len(everyone):
            raise Impossible(f"a mark of {bid} for {node['id']} is missing")


def tell_marks(lot: Lot, node: Json, bid: Json, given: Given) -> None:
    """Tell what each evaluator gave, and what lies far from the median."""
    name, dispute = node["id"], node["kind"].get("dispute")
    several = given.marks.get((bid["id"], name), [])
    half = median(marks_of(name, bid, given)) if several else ZERO
    for one in several:
        who, reason = one["evaluator"], one.get("reason") or "—"
        if one["points"] is None:
            lot.tell("value.mark_absent", bid["id"], criterion=name, evaluator=who, reason=reason)
            continue
        mine = Fraction(one["points"])
        lot.tell("value.mark", bid["id"], criterion=name, evaluator=who, reason=reason, given=mine)
        if dispute is not None and abs(mine - half) > Fraction(dispute):
            lot.warn(
                "value.dispute", bid["id"], criterion=name, evaluator=who, given=mine,
                median=said(half), limit=Fraction(dispute),
            )  # fmt: skip
