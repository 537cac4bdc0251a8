"""What must not change, or only one way, when a tender's file changes: for each engine.

Value for money alone: ``value/test_properties``; draws of the robustness: ``robustness/``.
"""

import copy
import hashlib
import json
import os
import subprocess
import sys
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring import reading, record
from procurement.scoring.engine import evaluate
from procurement.scoring.errors import BadParameter, InfeasibleAllocation
from procurement.scoring.robustness.lots import of_lots
from tests.procurement.scoring import criteria_trees, tenders

SEEDS = st.integers(0, 100_000)
KINDS = {"statutory": tenders.statutory, "value": tenders.value, "together": tenders.together}
EVERY = pytest.mark.parametrize("kind", KINDS)


def outcome(data):
    """Return what each lot came to; None where the file is refused, as some random ones are."""
    try:
        return evaluate(reading.checked(copy.deepcopy(data)))
    except (BadParameter, InfeasibleAllocation):
        return None


def decided(found, scale=1):
    return found and [
        (lot.lot, lot.status, lot.winner, lot.amount and lot.amount * scale,
         {one.bid: one.rank for one in lot.ranking}, {one.bid: one.code for one in lot.excluded})
        for lot in found.lots
    ]  # fmt: skip


def shuffled(data, seed):
    """Return the file with bidders, bids, marks, evidence and criteria in another order."""
    data, chance = copy.deepcopy(data), Random(seed)
    for name in ("bidders", "bids", "marks", "evidence"):
        chance.shuffle(data["dossier"].get(name, []))
    groups = [data["tender"]["method"].get("criteria", [])]
    for group in groups:
        chance.shuffle(group)
        groups += [one["kind"]["criteria"] for one in group if "criteria" in one["kind"]]
    return data


@EVERY
@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_the_order_of_bids_criteria_and_evaluators_does_not_matter(kind, seed):
    data = KINDS[kind](seed)

    assert decided(outcome(data)) == decided(outcome(shuffled(data, seed)))


def renamed(data):
    """Return the file with other names for the evaluators, in the reverse order."""
    names = dict(zip(criteria_trees.EVALUATORS, ("z", "y", "x"), strict=True))
    data = copy.deepcopy(data)
    for mark in data["dossier"].get("marks", []):
        mark["evaluator"] = names[mark["evaluator"]]
    return data


@pytest.mark.parametrize("kind", ["value", "together"])
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_who_an_evaluator_is_does_not_matter(kind, seed):
    data = KINDS[kind](seed)

    assert decided(outcome(data)) == decided(outcome(renamed(data)))


def dearer(data, scale):
    """Return the file with every amount of money times ``scale``."""
    data = json.loads(json.dumps(data))  # equal bids of the generator share their lists
    for lot in data["tender"]["lots"]:
        if "estimate" in lot:
            lot["estimate"] *= scale
    capacity = data["tender"].get("limits", {}).get("capacity", {})
    capacity.update({name: amount * scale for name, amount in capacity.items()})
    for bid in data["dossier"]["bids"]:
        _raise_amounts(bid, scale)
    for node in _nodes(data["tender"]["method"].get("criteria", [])):
        if node.get("worth"):
            node["worth"] *= scale
        given = node["kind"].get("parameters", {})
        for name in {"best", "worst", "reference"} & set(given):
            given[name] = str(Fraction(given[name]) * scale)
    return data


def _raise_amounts(bid, scale):
    for name in {"price", "residual", "scope_adjustment"} & set(bid):
        bid[name] *= scale
    for flow in bid.get("flows", {}).values():
        flow[:] = [amount * scale for amount in flow]


def _nodes(criteria):
    for one in criteria:
        yield one
        yield from _nodes(one["kind"].get("criteria", []))


def whole(data):
    """Return the file without what rounds amounts: margins in percent, life-cycle costs."""
    data = copy.deepcopy(data)
    data["tender"]["method"].pop("margin", None)
    for node in _nodes(data["tender"]["method"].get("criteria", [])):
        if node["kind"]["kind"] == "life_cycle_cost":
            node["kind"]["rate"] = "0"
    return data


@EVERY
@given(SEEDS, st.integers(2, 1_000))
@settings(max_examples=60, deadline=None)
def test_the_unit_of_money_does_not_matter(kind, seed, scale):
    data = whole(KINDS[kind](seed))

    assert decided(outcome(data), scale) == decided(outcome(dearer(data, scale)))


@given(SEEDS, st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_a_purchase_order_goes_to_a_lower_price_before(seed, cheaper):
    data = tenders.statutory(seed)
    data["tender"] |= {"method": {"kind": "purchase_order"}, "lots": data["tender"]["lots"][:1]}
    data["tender"].pop("limits", None)
    data["dossier"]["bids"] = [bid for bid in data["dossier"]["bids"] if bid["lots"] == ["L1"]]
    before = outcome(data).lots[0]
    for bid in data["dossier"]["bids"]:
        again = copy.deepcopy(data)
        own = next(one for one in again["dossier"]["bids"] if one["id"] == bid["id"])
        own["price"] = max(0, own["price"] - cheaper)
        ranks = {one.bid: one.rank for one in outcome(again).lots[0].ranking}
        for one in before.ranking:
            assert one.bid != bid["id"] or ranks[one.bid] <= one.rank


@pytest.mark.parametrize("kind", ["purchase_order", "together"])
@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_dominated_bid_changes_nothing_for_the_others(kind, seed):
    """Where no average and no relative formula is: the lowest price, and quality in money."""
    data = tenders.together(seed) if kind == "together" else tenders.statutory(seed)
    if kind == "purchase_order":
        data["tender"] |= {"method": {"kind": kind}, "lots": data["tender"]["lots"][:1]}
        data["tender"].pop("limits", None)
        data["dossier"]["bids"] = [bid for bid in data["dossier"]["bids"] if bid["lots"] == ["L1"]]
    if not data["dossier"]["bids"]:
        return
    worse = copy.deepcopy(data)
    model = worse["dossier"]["bids"][0]
    own = next(one for one in data["dossier"]["bidders"] if one["id"] == model["bidder"])
    worse["dossier"]["bidders"].append({**own, "id": "W"})
    dear = {"id": "worse", "bidder": "W", "price": 10 * model["price"] + 10**9}
    worse["dossier"]["bids"].append({**model, **dear})
    for name in ("marks", "evidence"):
        kept = worse["dossier"].get(name, [])
        kept += [{**one, "bid": "worse"} for one in kept if one["bid"] == model["id"]]

    first, second = outcome(data), outcome(worse)

    if first is not None and all(lot.status == "awarded" for lot in first.lots):
        assert [(lot.winner, lot.amount) for lot in first.lots] == [
            (lot.winner, lot.amount) for lot in second.lots
        ]


@EVERY
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_numbers_in_decimals_and_in_fractions_are_the_same_numbers(kind, seed):
    data = KINDS[kind](seed)

    assert decided(outcome(data)) == decided(outcome(as_fractions(data)))


def as_fractions(value, name=""):
    """Return a file whose decimals are written as fractions: « 2.5 » as « 5/2 »."""
    if isinstance(value, dict):
        return {key: as_fractions(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [as_fractions(one, name) for one in value]
    if isinstance(value, str) and value.replace(".", "", 1).isdigit() and "." in value:
        found = Fraction(value)
        return f"{found.numerator}/{found.denominator}"
    return value


PROGRAM = """
import hashlib
from tests.procurement.scoring.test_metamorphic import everything
print(hashlib.sha256(everything().encode()).hexdigest())
"""


def everything():
    """Return records of every engine, and the sentences of a robustness report, as text."""
    found = []
    for make in KINDS.values():
        for seed in range(6):
            try:
                file = reading.checked(make(seed))
                data = json.loads(record.written(record.make(file)))
                found.append(json.dumps(data["sections"][-1], sort_keys=True))
                for lot, report in of_lots(file, draws=500).items():
                    found.append(f"{lot} {report.lines} {report.warnings}")
            except (BadParameter, InfeasibleAllocation) as error:
                found.append(str(error))
    return "\n".join(found)


@pytest.mark.parametrize(
    "environment",
    [
        {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "4"},
        {"OPENBLAS_CORETYPE": "Nehalem"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX AVX512_ICL AVX512_SPR X86_V4"},
        {"PYTHONHASHSEED": "1"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_every_engine_answers_the_same_on_other_processors(environment):
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert answer.stdout.strip() == hashlib.sha256(everything().encode()).hexdigest()
