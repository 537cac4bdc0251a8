"""What evaluators gave, what a bid states, what a pilot measured: points out of 100."""

from fractions import Fraction

from .chain import Json
from .quantities import ZERO, held


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
