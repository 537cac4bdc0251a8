"""Everything that follows from the tender and what came in, against what the record says."""

from typing import Any

from .chain import Json, canonical, chain, sha256, unequal
from .lot import Lot
from .lots import in_order
from .statute import DECREE, statutory
from .together import together
from .value import value


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
    lots = in_order(tender, dossier, statutory if statute else value, statute=statute)
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
