"""The cases with known answers, as tender files: both evaluators give the published answer."""

import json
from fractions import Fraction

import pytest

from procurement.scoring import reading, recompute, record
from tests.procurement.scoring.value.given import case

FOREIGN = {"established": False}
# domain vectors: category, estimate, offers in dirhams, method's changes → set aside, order, winner
PREFERENCE = {"preference": {"applies": True}}
VECTORS = {
    "V1": ("supplies", 1_000_000,
           {"A": 1_250_000, "B": 740_000, "C": 1_200_000, "D": 750_000, "F": 930_000, "G": 985_000},
           {}, {"A", "B"}, "FDGC"),
    "V2": ("supplies", 1_000_000, {"A": 900_000, "B": 905_000, "C": 955_000}, {}, set(), "CBA"),
    "V3": ("supplies", 800_000, {"A": 950_000, "B": 960_000}, {}, set(), "AB"),
    "V4": ("supplies", 1_000_000, {"R": 940_000, "X": 960_000, "S": 1_010_000},
           {}, set(), "XRS"),
    "V4 with article 147": ("supplies", 1_000_000, {"R": 940_000, "X": 960_000, "S": 1_010_000},
                            PREFERENCE, set(), "RXS"),
    "V4b": ("supplies", 1_000_000, {"R": 900_000, "X": 800_000}, PREFERENCE, set(), "RX"),
    "V5 works": ("works", 1_000_000, {"A": 790_000, "B": 950_000}, {}, {"A"}, "B"),
    "V5 supplies": ("supplies", 1_000_000, {"A": 790_000, "B": 950_000}, {}, set(), "AB"),
}  # fmt: skip


def evaluated(method: dict, bids: dict[str, dict], **lot: object) -> dict:
    """Return the outcome of one lot after both evaluators agreed on it."""
    file = {
        "format": "tajhiz.evaluation/1",
        "tender": {
            "id": "T", "opened_on": "2026-03-10", "method": method, "lots": [{"id": "L", **lot}],
        },
        "dossier": {
            "bidders": [{"id": name, **bid.pop("bidder", {})} for name, bid in bids.items()],
            "bids": [
                {"id": name, "bidder": name, "lots": ["L"], **bid} for name, bid in bids.items()
            ],
        },
    }  # fmt: skip
    data = json.loads(record.written(record.make(reading.checked(file))))
    assert recompute.differences(data) == []
    outcome: dict = data["sections"][-1]["content"]["lots"][0]
    return outcome


def keys(outcome: dict) -> dict[str, Fraction]:
    return {one["bid"]: Fraction(one["key"]) for one in outcome["ranking"]}


def stated(name: str, weight: int) -> dict:
    kind = {"kind": "absolute", "best": "100", "worst": "0", "unit": "point"}
    return {"id": name, "weight": weight, "kind": kind}


def points(**values: object) -> dict:
    return {name: {"value": str(value), "unit": "point"} for name, value in values.items()}


def price(weight: int) -> dict:
    return {"id": "price", "weight": weight, "kind": {"kind": "price", "formula": "low_over_price"}}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_decree(name):
    category, estimate, offers, changes, out, order = VECTORS[name]
    bids = {
        bid: {"price": 100 * offer, "bidder": FOREIGN if bid == "X" else {}}
        for bid, offer in offers.items()
    }

    outcome = evaluated(
        {"kind": "reference_price", "category": category, **changes}, bids, estimate=100 * estimate
    )

    assert {one["bid"] for one in outcome.get("excluded", [])} == out
    assert "".join(one["bid"] for one in outcome["ranking"]) == order
    assert outcome["winner"] == order[0]


def test_the_vector_of_studies():
    outcome = evaluated(
        {"kind": "studies", "price_weight": "0.30", "threshold": "70"},
        {
            "A": {"price": 45_000_000, "technical": "85"},
            "B": {"price": 40_000_000, "technical": "78"},
        },
        estimate=45_000_000,
    )

    assert (outcome["winner"], [float(round(one, 3)) for one in keys(outcome).values()]) == (
        "A", [86.167, 84.6],
    )  # fmt: skip


def test_un_practice_with_a_threshold():
    given = case("price_un_combined_70_30_threshold")
    quality = {**stated("technical", 7_000), "minimum": "70"}
    bids = {
        name: {
            "price": offer["price_centimes"],
            "answers": points(technical=Fraction(offer["technical"], 10)),
        }
        for name, offer in given["inputs"]["offers"].items()
    }

    outcome = evaluated(
        {
            "kind": "value_for_money",
            "criteria": [quality, price(3_000)],
            "points_decimals": 6,
            "round_at": "total",
        },
        bids,
    )

    assert [one["bid"] for one in outcome["excluded"]] == given["expected"]["excluded"]
    assert outcome["winner"] == given["expected"]["winner"]
    assert {bid: round(one, 6) for bid, one in keys(outcome).items()} == {
        bid: round(Fraction(one), 6) for bid, one in given["expected"]["totals"].items()
    }


@pytest.mark.parametrize("gone", [None, "C"])
def test_a_withdrawn_bid_changes_the_winner(gone):
    given = case("rank_reversal_withdrawal_1")
    bids = {
        name: {"price": bid["price_centimes"], "answers": points(quality=bid["quality"])}
        for name, bid in given["inputs"]["bids"].items()
        if name != gone
    }

    outcome = evaluated(
        {
            "kind": "value_for_money",
            "criteria": [stated("quality", 6_000), price(4_000)],
            "points_decimals": 6,
            "round_at": "total",
        },
        bids,
    )

    expected = given["expected"]
    assert outcome["winner"] == expected["winner_without_C" if gone else "winner_all"]
    assert {bid: round(one, 6) for bid, one in keys(outcome).items()} == {
        bid: round(Fraction(one), 6)
        for bid, one in expected["totals_without_C" if gone else "totals_all"].items()
    }


def test_an_exact_tie_waits_for_the_draw():
    given = case("wsm_wikipedia_tie")
    criteria = [
        stated(f"C{place}", 100 * weight)
        for place, weight in enumerate(given["inputs"]["weights_percent"])
    ]
    bids = {
        f"A{place}": {
            "price": 1,
            "answers": points(**{f"C{at}": one for at, one in enumerate(row)}),
        }
        for place, row in enumerate(given["inputs"]["matrix"], 1)
    }

    outcome = evaluated({"kind": "value_for_money", "criteria": criteria}, bids)

    assert outcome["status"] == "draw_needed"
    assert [(one["rank"], one["bid"]) for one in outcome["ranking"]] == [
        (1, "A2"), (1, "A3"), (3, "A1"),
    ]  # fmt: skip


def test_the_development_bank_s_preference_reverses_the_award():
    given = case("domestic_preference_adb")
    bids = {
        name: {
            "price": bid["bid"],
            # The bank's other adjustments have no place in a tender file: column A and the margin.
            "scope_adjustment": bid["scope"],
            "bidder": FOREIGN if bid["group"] == "C" else {},
        }
        for name, bid in given["inputs"]["bids"].items()
    }
    margin = {"percent": "15", "base": "adjusted_for_scope", "legal_basis": "ADB (training)"}

    outcome = evaluated(
        {
            "kind": "value_for_money",
            "criteria": [price(10_000)],
            "objective": "money",
            "margin": margin,
        },
        bids,
    )

    expected = given["expected"]
    assert keys(outcome) == {
        bid: expected["A"][bid] + expected["preference"][bid] for bid in expected["A"]
    }
    assert outcome["winner"] == expected["winner_with_preference"]
