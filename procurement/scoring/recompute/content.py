"""Everything that follows from the tender and what came in, against what the record says."""

from collections import Counter
from typing import Any

from . import statute, together, value
from .chain import Json, canonical, links, sections, sha256, unequal
from .given import Given
from .layout import RECORD
from .lot import Line, Lot, line_of
from .lots import in_order
from .marks import Impossible
from .notes import Note
from .reading import sound

AGAIN = {"awarded", "dearer", "no_offer", "package", "rejected", "total"}
"""The lines about an allocation, « allocation.… », that are computed again."""
INFORMING = {
    "value.price_weight_neutralised", "value.below_resolution", "value.rank_reversal",
    "value.one_evaluator",
}  # fmt: skip
"""Warnings that decide nothing; with the other lines about an allocation, all that is not."""


def differences(record: Any) -> list[str]:
    """Return what the record says otherwise than this evaluator; nothing when it holds.

    Raises:
        Unreadable: it is no record that can be computed again.
    """
    return check(record)[0]


def check(record: Any) -> tuple[list[str], list[Note]]:
    """Return what differs, and what could not be proven again.

    Raises:
        Unreadable: it is no record that can be computed again.
    """
    sound(record)
    parts = sections(record)
    RECORD(parts, "$")
    if found := links(record):
        return found, []
    given = Given(parts["tender"]["tender"], parts["dossier"])
    notes: list[Note] = []
    try:
        return [*_bound(parts, given), *_computed(parts["outcome"], given, notes)], notes
    except (Impossible, ZeroDivisionError, KeyError) as error:
        return [f"it cannot be computed again: {type(error).__name__}: {error}"], notes


def _bound(parts: Json, given: Given) -> list[str]:
    """Check the seal, the engine and the draw's commitment."""
    outcome, engine, random = parts["outcome"], parts["engine"], parts["randomness"]
    seed, commitment = given.seed, given.tender.get("draw_commitment")
    name = "statutory" if given.statute else "value_for_money"
    rules = statute.DECREE if given.statute else value.RULES
    found = unequal("seal", sha256(canonical(given.tender)), parts["tender"]["seal"])
    found += unequal("engine", [name, rules], [outcome["engine"], outcome["rules"]])
    found += unequal("engine", [name, rules], [engine["name"], engine["rules"]])
    found += unequal("stream", "EMC-1", random["stream"])
    found += unequal("seed", [seed, commitment], [random["draw_seed"], random["draw_commitment"]])
    return found if seed is None else found + unequal("commitment", sha256(seed), commitment)


def _computed(outcome: Json, given: Given, notes: list[Note]) -> list[str]:
    """Compute the outcome again and compare all of it."""
    found: list[str] = []
    if given.together:
        value.published(given)
        found, lots, about = together.together(given, outcome, notes)
        found += unequal("packages", together.packages(given, lots), outcome.get("packages", []))
    elif given.statute:
        about, lots = statute.about(given), in_order(given)
    else:
        value.published(given)
        about, lots = Counter(), in_order(given)
    found += unequal("lots", [lot.name for lot in lots], [one["lot"] for one in outcome["lots"]])
    for lot, said in zip(lots, outcome["lots"], strict=False):
        found += compared(lot, said)
    return found + told("tender", about, outcome.get("lines", []), [])


def compared(lot: Lot, said: Json) -> list[str]:
    """Compare one lot with what the record says of it."""
    at = f"lot {lot.name}"
    found = [f"{at}: {fault}" for fault in lot.faults]
    for name in ("status", "winner", "amount"):
        found += unequal(f"{at}, {name}", getattr(lot, name), said.get(name))
    ranking = {one["bid"]: (one["rank"], one["key"]) for one in said.get("ranking", [])}
    excluded = {one["bid"]: one["code"] for one in said.get("excluded", [])}
    ranks = [one["rank"] for one in said.get("ranking", [])]
    sizes = [len(ranks), len(said.get("excluded", []))]
    if [len(ranking), len(excluded)] != sizes or ranks != sorted(ranks):
        found.append(f"{at}: a bid is there twice, or out of its place")
    for name, mine, theirs in (
        ("ranking", lot.ranking, ranking),
        ("set aside", lot.excluded, excluded),
    ):
        for key in sorted(mine.keys() | theirs.keys()):
            found += unequal(f"{at}, {name}, {key}", mine.get(key), theirs.get(key))
    return found + told(at, lot.lines, said.get("lines", []), said.get("warnings", []))


def again(code: str) -> bool:
    """Say whether lines of a code are computed again."""
    area, _, name = code.partition(".")
    return name in AGAIN if area == "allocation" else code not in INFORMING


def told(at: str, mine: Counter[Line], lines: list[Json], warnings: list[Json]) -> list[str]:
    """Compare the lines, whatever their order; none may lack and none be there besides."""
    theirs = Counter(
        line_of(one["code"], one.get("subject", ""), one.get("values", {}), warning=warning)
        for warning, several in ((False, lines), (True, warnings))
        for one in several
        if again(one["code"])
    )
    return [
        f"{at}, {words}: {'warning ' if one[0] else ''}{one[1]} {one[2]} {dict(one[3])}"
        for words, several in (
            ("the record lacks", mine - theirs),
            ("the record has besides", theirs - mine),
        )
        for one in sorted(several, key=str)
    ]
