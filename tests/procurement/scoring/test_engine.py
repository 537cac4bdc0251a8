"""The way in: every method, the second evaluator's agreement, and independence of order."""

import copy
import json
from random import Random

import pytest

from procurement.scoring import reading, recompute, record
from procurement.scoring.engine import evaluate
from procurement.scoring.errors import InfeasibleAllocation, NotForThisMethod
from tests.procurement.scoring import tenders

# 10,000 tenders in blocks, so that several workers of pytest share them.
BLOCKS, EACH = 20, 500
ALLOCATED = 300


def agreed(data: dict, *, rejections: int = 0) -> list[str]:
    """Return what the two evaluators differ in; also after rejecting the winner in turn."""
    made = record.make(reading.checked(data))
    found = recompute.differences(json.loads(record.written(made)))
    first = made["sections"][-1]["content"]["lots"][0]
    if rejections and first["status"] == "awarded":
        again = tenders.rejecting(data, first["lot"], first["winner"])
        found += agreed(again, rejections=rejections - 1)
    return found


@pytest.mark.parametrize("block", range(BLOCKS))
def test_both_evaluators_agree_on_random_tenders(block):
    differing = {}
    for seed in range(block * EACH, (block + 1) * EACH):
        if found := agreed(tenders.any_tender(seed), rejections=2 if seed % 10 < 2 else 0):
            differing[seed] = found

    assert differing == {}


def test_both_evaluators_agree_on_lots_awarded_together():
    differing, statuses = {}, set()
    for seed in range(ALLOCATED):
        data = tenders.together(seed)
        try:
            if found := agreed(data):
                differing[seed] = found
            statuses |= {lot.status for lot in evaluate(reading.checked(data)).lots}
        except InfeasibleAllocation as error:
            statuses.add(type(error).__name__)

    assert differing == {}
    assert statuses >= {"awarded", "InfeasibleAllocation"}


def test_the_random_tenders_hold_the_cases_that_break_algorithms():
    codes: set[str] = set()
    statuses: set[str] = set()
    for seed in range(1_000):
        outcome = evaluate(reading.checked(tenders.any_tender(seed)))
        for lot in outcome.lots:
            statuses.add(lot.status)
            codes |= {line.code for line in (*lot.lines, *lot.warnings)}

    assert statuses == {"awarded", "unsuccessful", "draw_needed"}
    assert codes >= {
        "statute.on_bound_kept", "statute.equal", "statute.order", "statute.excessive",
        "statute.abnormally_low",
        "statute.raised", "statute.lowered", "statute.not_adjusted", "statute.consortium_partly",
        "statute.status_first", "statute.drawn", "statute.cap", "statute.gate",
        "statute.gate_zero", "statute.studies_mark", "statute.price", "value.drawn",
        "value.max_lots", "value.neutral", "value.evidence", "value.margin", "value.scope",
        "value.one_bid", "value.worth", "value.life_cycle",
    } - {"value.max_lots"}  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_the_file_changes_nothing_that_counts(seed):
    data = tenders.any_tender(seed)
    shuffled = copy.deepcopy(data)
    for part in shuffled["dossier"].values():
        if isinstance(part, list) and part and "lot" not in part[0]:
            Random(seed).shuffle(part)

    first, second = (evaluate(reading.checked(one)) for one in (data, shuffled))

    for one, other in zip(first.lots, second.lots, strict=True):
        assert (one.status, one.winner, one.amount) == (other.status, other.winner, other.amount)
        assert {r.bid: (r.rank, r.key) for r in one.ranking} == {
            r.bid: (r.rank, r.key) for r in other.ranking
        }


def test_lots_of_the_law_are_not_awarded_together():
    data = tenders.statutory(1)
    data["tender"]["allocation"] = "together"

    with pytest.raises(NotForThisMethod) as error:
        evaluate(reading.checked(data))

    assert error.value.field == "tender.allocation"


def test_points_of_several_lots_are_not_added():
    data = tenders.together(1)
    del data["tender"]["method"]["objective"]
    for node in data["tender"]["method"]["criteria"]:
        node.pop("worth", None)
        for child in node["kind"].get("criteria", []):
            child.pop("worth", None)

    with pytest.raises(NotForThisMethod):
        evaluate(reading.checked(data))
