"""Random criteria trees, and random answers, marks and evidence for them."""

from random import Random
from typing import Any

Json = dict[str, Any]

FORMULAS = (
    "linear_between_bounds",
    "reference_over_price",
    "points_per_percent",
    "low_over_price",
    "world_bank",
    "linear_min_max",
    "difference_to_lowest",
    "multiple_of_lowest",
)
EVALUATORS = ("E1", "E2", "E3")
ROUNDINGS = ("half_up", "half_even", "down", "up")
STEPS = ({"at": "24", "points": "20"}, {"at": "36", "points": "60"}, {"at": "60", "points": "100"})


def method(random: Random, *, money: bool = False) -> Json:
    """Return a method that marks what a tender asks for, or turns it into money."""
    nodes = [_price(random)]
    nodes += [_quality(random, f"Q{place}") for place in range(random.choice((0, 1, 2, 3)))]
    if len(nodes) > 1 and random.random() < 0.3:
        group = {"id": "G", "kind": {"kind": "branch", "criteria": _weighted(random, nodes[1:])}}
        nodes = [nodes[0], group, *([_quality(random, "Q9")] if random.random() < 0.5 else [])]
    _weighted(random, nodes)
    for node in nodes[1:]:
        if random.random() < 0.3:
            node["minimum"] = random.choice(("20", "50", "60"))
    found: Json = {"kind": "value_for_money", "criteria": nodes}
    found["points_decimals"] = random.choice((0, 1, 2, 2, 3))
    found["rounding"] = random.choice(ROUNDINGS)
    found["round_at"] = random.choice(("criterion", "total"))
    found["ties"] = random.choice((["draw"], ["lower_price", "draw"], ["lower_price"], []))
    if len(nodes) > 1 and random.random() < 0.3:
        found["ties"] = [f"higher:{nodes[-1]['id']}", *found["ties"]]
    if money:
        found["objective"] = "money"
        _price_quality(random, nodes[1:])
    if random.random() < 0.3:
        found["margin"] = {
            "percent": random.choice(("15", "7.5", "10/3")),
            "base": random.choice(("price", "adjusted_for_scope")),
            "legal_basis": "the donor's rules (fictional)",
        }
    return found


def _price_quality(random: Random, nodes: list[Json]) -> None:
    for node in nodes:
        if random.random() < 0.8:
            node["worth"] = random.choice((0, 1_000, 33_333, 250_000))


def leaves(nodes: list[Json]) -> list[Json]:
    """Return the criteria that hold no others."""
    found = []
    for node in nodes:
        inner = node["kind"].get("criteria")
        found += leaves(inner) if inner else [node]
    return found


def answer(
    random: Random, method: Json, bid: Json, marks: list[Json], evidence: list[Json]
) -> None:
    """Answer every criterion for one bid: in the bid itself, by evaluators, by a pilot's pack."""
    if random.random() < 0.3:
        bid["scope_adjustment"] = random.choice((-1, 1)) * random.randrange(bid["price"] // 50)
    for node in leaves(method["criteria"]):
        kind = node["kind"]
        match kind["kind"]:
            case "judged":
                marks += [
                    {
                        "evaluator": who,
                        "bid": bid["id"],
                        "criterion": node["id"],
                        "points": _mark(random, kind) if place == 0 or here else None,
                        "reason": "as seen (fictional)",
                    }
                    for place, who in enumerate(EVALUATORS)
                    for here in (kind.get("absent") != "skip" or random.random() < 0.8,)
                ]
            case "absolute":
                quantity = {"value": str(random.randrange(0, 140)), "unit": "day"}
                bid.setdefault("answers", {})[node["id"]] = quantity
            case "steps":
                months = random.choice(("0", "23", "24", "35.5", "36", "60", "61"))
                bid.setdefault("answers", {})[node["id"]] = {"value": months, "unit": "month"}
            case "life_cycle_cost":
                _state_costs(random, kind, bid)
            case "evidence":
                evidence.append(_pack(random, node, bid["id"]))


def _weighted(random: Random, nodes: list[Json]) -> list[Json]:
    cuts = sorted(random.sample(range(1, 20), len(nodes) - 1))
    for node, low, high in zip(nodes, [0, *cuts], [*cuts, 20], strict=True):
        node["weight"] = (high - low) * 500
    return nodes


def _formula(random: Random) -> Json:
    name = random.choice(FORMULAS)
    around = random.randrange(500_000, 9_000_000)
    parameters = {
        "linear_between_bounds": {"best": str(around // 2), "worst": str(around * 2)},
        "reference_over_price": {"reference": str(around)},
        "points_per_percent": {"reference": str(around), "points_per_percent": "3/2"},
        "multiple_of_lowest": {"multiple": random.choice(("1.5", "2", "3"))},
    }.get(name)
    return {"formula": name} | ({"parameters": parameters} if parameters else {})


def _price(random: Random) -> Json:
    if random.random() < 0.25:
        kind = {
            "kind": "life_cycle_cost",
            "rate": random.choice(("0.035", "0.05", "0")),
            "years": 5,
            "timing": random.choice(("start", "end")),
            "residual": random.random() < 0.5,
            "flows": [
                {"name": "energy", "first": 1, "last": 5},
                {"name": "overhaul", "first": 3, "last": 3},
            ],
            **_formula(random),
        }
        return {"id": "P", "kind": kind}
    return {"id": "P", "kind": {"kind": "price", **_formula(random)}}


def _quality(random: Random, name: str) -> Json:
    kind = random.choice(("judged", "judged", "absolute", "steps", "evidence"))
    if kind == "judged":
        made: Json = {"aggregate": random.choice(("mean", "median"))}
        made |= {"absent": random.choice(("error", "skip"))}
        made |= random.choice(({}, {"high": "10"}, {"low": "1", "high": "5"}))
        made |= {"dispute": "20"} if random.random() < 0.3 else {}
    elif kind == "absolute":
        made = {"best": "30", "worst": "120", "unit": "day"}
    elif kind == "steps":
        made = {"steps": list(STEPS), "unit": "month"}
    else:
        made = {
            "metric": "uptime",
            "level": "0.05",
            "steps": [{"at": "90", "points": "40"}, {"at": "97.5", "points": "100"}],
            "min_exposure": {"value": "24", "unit": "month"},
            "min_coverage": "0.8",
            "neutral": random.choice(("0", "30")),
        }
    return {"id": name, "kind": {"kind": kind, **made}}


def _mark(random: Random, kind: Json) -> str:
    low, high = int(kind.get("low", "0")), int(kind.get("high", "100"))
    return random.choice((str(low), str(high), str(random.randint(low, high)), f"{low}.5"))


def _state_costs(random: Random, kind: Json, bid: Json) -> None:
    bid["flows"] = {
        flow["name"]: [
            random.randrange(0, bid["price"] // 10 + 1)
            for _ in range(flow["last"] - flow["first"] + 1)
        ]
        for flow in kind["flows"]
    }
    if kind["residual"]:
        bid["residual"] = random.randrange(0, bid["price"] // 5 + 1)


def _pack(random: Random, node: Json, bid: str) -> Json:
    bound = random.choice(("89.9", "90", "97", "97.5", "99"))
    return {
        "bid": bid,
        "criterion": node["id"],
        "metric": node["kind"]["metric"],
        "level": node["kind"]["level"],
        "lower_bound": {"value": bound, "unit": "percent"},
        "exposure": {"value": random.choice(("12", "24", "60")), "unit": "month"},
        "coverage": random.choice(("0.79", "0.8", "1")),
        "pack": "0" * 64,
    }
