"""Lots awarded together: what is proven again, what is found out, and what is only said."""

import pytest

from procurement.scoring import recompute
from procurement.scoring.recompute.notes import EQUAL, OPEN, TOO_MANY
from tests.procurement.scoring.recompute.records import made, outcome, rebound


def lots(count: int, prices: list[list[int]], **limits: object) -> dict:
    """Return a tender of some lots: ``prices[bidder][lot]`` in centimes, quality worth nothing."""
    quality = {"kind": "absolute", "best": "10", "worst": "0", "unit": "point"}
    names = [f"L{number:02}" for number in range(count)]
    tender = {
        "id": "T",
        "opened_on": "2026-03-10",
        "allocation": "together",
        "lots": [{"id": name} for name in names],
        "limits": limits,
        "method": {
            "kind": "value_for_money",
            "objective": "money",
            "criteria": [{"id": "Q", "weight": 10_000, "kind": quality, "worth": 0}],
        },
    }
    bids = [
        {
            "id": f"B{who}-{name}", "bidder": f"B{who}", "lots": [name], "price": price,
            "answers": {"Q": {"value": "10", "unit": "point"}},
        }
        for who, asked in enumerate(prices)
        for name, price in zip(names, asked, strict=True)
    ]  # fmt: skip
    bidders = [{"id": f"B{who}"} for who in range(len(prices))]
    dossier = {"bidders": bidders, "bids": bids}
    return {"format": "tajhiz.evaluation/1", "tender": tender, "dossier": dossier}


def test_many_lots_without_limits_are_proven_again_to_be_cheapest():
    prices = [[1_000 + (7 * who + 13 * lot) % 97 for lot in range(40)] for who in range(20)]

    assert recompute.check(made(lots(40, prices))) == ([], [])


@pytest.mark.parametrize("limit", [{}, {"max_lots": 2}])
def test_a_dearer_allocation_that_adds_up_is_found_out(limit):
    data = made(lots(2, [[100, 200], [110, 170]], **limit))
    told = outcome(data)
    assert [lot["winner"] for lot in told["lots"]] == ["B0-L00", "B1-L01"]
    told["lots"][0] |= {"winner": "B1-L00", "amount": 110}
    for line in told["lots"][0]["lines"]:
        if line["code"] == "allocation.awarded":
            line |= {"subject": "B1-L00", "values": {"lot": "L00", "price": 110}}
    told["lots"][0]["lines"].append(
        {"code": "allocation.dearer", "subject": "B0-L00", "values": {"lot": "L00", "lowest": 100}}
    )
    for line in told["lines"]:
        if line["code"] == "allocation.total":
            line["values"] = {"total": 280, "paid": 280}

    found, _ = recompute.check(rebound(data))

    assert found == ["together: ['B0-L00', 'B1-L01'] costs less than 280"]


def test_what_was_not_proven_again_is_said():
    prices = [
        [
            10_000 * (1 + who) + (31 * who + 17 * lot * lot + 5 * who * lot) % 997
            for lot in range(10)
        ]
        for who in range(10)
    ]
    found, (note,) = recompute.check(made(lots(10, prices, max_lots=1)))
    assert (found, note.text) == ([], TOO_MANY)
    assert "200000" in str(note)

    found, (note,) = recompute.check(made(lots(2, [[100, 100], [100, 200]])))
    assert (found, note.text) == ([], OPEN)
    assert EQUAL not in str(note)
