"""A tender whose lots are awarded together: from its bids to its outcome."""

import hashlib
from datetime import date
from fractions import Fraction

import msgspec
import pytest

from procurement.scoring import value, wording
from procurement.scoring.allocation.award import awarded
from procurement.scoring.errors import InfeasibleAllocation
from procurement.scoring.offers import Bid, Bidder, Dossier, Rejection
from procurement.scoring.outcome import Package
from procurement.scoring.tender import Criterion, Limits, Lot, Price, Tender, ValueForMoney

SEED = "nine of hearts"


def a_tender(**limits):
    price = Criterion(id="price", weight=10_000, kind=Price(formula="low_over_price"))
    return Tender(
        id="MD-1",
        opened_on=date(2026, 11, 20),
        method=ValueForMoney(criteria=(price,), objective="money", ties=("lower_price", "draw")),
        lots=(Lot(id="1"), Lot(id="2"), Lot(id="3")),
        allocation="together",
        limits=Limits(**limits),
        draw_commitment=hashlib.sha256(SEED.encode()).hexdigest(),
    )


def bid(name, bidder, lots, price, **rest):
    return Bid(id=name, bidder=bidder, lots=tuple(lots), price=price, **rest)


BIDS = (
    bid("a1", "a", "1", 100),
    bid("a2", "a", "2", 100),
    bid("b1", "b", "1", 130),
    bid("b2", "b", "2", 140),
    bid("ab", "c", "12", 210),
)


def outcome(*bids, tender=None, **rest):
    tender = tender or a_tender()
    dossier = Dossier(
        bidders=tuple(Bidder(id=name, sme=name == "b") for name in "abc"), bids=bids, **rest
    )
    evaluated = {one.id: one.price for one in bids if one.admitted}
    return awarded(tender, dossier, value.evaluate(tender, dossier), evaluated)


def lots(found):
    return [(lot.status, lot.winner, lot.amount) for lot in found.lots]


def said(found):
    """Return what was added, as sentences; every one of them must be written in full."""
    all_lines = [*found.lines, *(line for lot in found.lots for line in lot.lines)]
    return [wording.sentence(line) for line in all_lines if line.code.startswith("allocation.")]


def test_lots_that_nothing_ties_go_to_the_lowest():
    found = outcome(*BIDS[:4])

    assert lots(found) == [
        ("awarded", "a1", 100),
        ("awarded", "a2", 100),
        ("unsuccessful", None, None),
    ]
    assert said(found) == [
        "Nothing ties the lots 1, 2 to others: each goes to its lowest evaluated price.",
        "The evaluated prices of the offers retained add up to 200; the prices to pay add up to "
        "200. Coverage, limits and total were recomputed in whole centimes.",
        "No other allocation is as cheap.",
        "The next best allocation costs 230, that is 30 more than the one retained.",
        "a1 is retained for the lot 1, for a price of 100.",
        "a2 is retained for the lot 2, for a price of 100.",
        "No admissible offer is left for the lot 3.",
    ]


def test_a_cap_lets_the_package_win_and_says_what_it_costs():
    found = outcome(*BIDS, tender=a_tender(max_lots=2, capacity={"a": 150}))

    assert lots(found) == [
        ("awarded", "ab", None),
        ("awarded", "ab", None),
        ("unsuccessful", None, None),
    ]
    assert found.packages == (Package(bid="ab", lots=("1", "2"), amount=210),)
    assert [found.package(lot.lot) for lot in found.lots] == [*found.packages * 2, None]
    assert [line.code for line in found.lines] == [
        "allocation.milp",
        "allocation.total",
        "allocation.unique",
        "allocation.next",
        "allocation.max_lots_free",
        "allocation.capacity_cost",
    ]
    assert (
        "a1 has the lowest evaluated price for the lot 1 alone, 100, but is not retained: with "
        "it, the lots together would cost more or break a published limit."
    ) in said(found)


def test_the_share_of_small_bidders_is_kept_and_its_price_said():
    found = outcome(*BIDS[:4], tender=a_tender(sme_share=Fraction(1, 2)))

    assert lots(found)[:2] == [("awarded", "b1", 130), ("awarded", "a2", 100)]
    assert (
        "Without the share reserved to small and medium bidders, the evaluated prices would add "
        "up to 30 less: it costs 326/25 % of the total."
    ) in said(found)


EQUAL = (bid("a1", "a", "1", 100), bid("b1", "b", "1", 100))


def test_equal_bids_wait_for_the_draw():
    found = outcome(*EQUAL)

    assert lots(found)[0] == ("draw_needed", None, None)
    assert said(found)[2:4] == [
        "For the lots 1, these choices are exactly equal: a1 / b1.",
        "Equal choices are left for the lots 1: the draw by the committed seed decides.",
    ]


def test_equal_bids_are_drawn_like_those_of_a_single_lot():
    found = outcome(*EQUAL, seed=SEED)
    tender = msgspec.structs.replace(a_tender(), allocation="in_order")
    dossier = Dossier(bidders=tuple(Bidder(id=name) for name in "abc"), bids=EQUAL, seed=SEED)

    assert lots(found)[0] == lots(value.evaluate(tender, dossier))[0]


def test_of_equal_packages_the_lower_price_to_pay_wins():
    bids = (bid("p", "a", "12", 200), bid("q", "b", "12", 190))
    tender = a_tender()
    dossier = Dossier(bidders=tuple(Bidder(id=name) for name in "abc"), bids=bids)
    found = awarded(tender, dossier, value.evaluate(tender, dossier), {"p": 200, "q": 200})

    assert lots(found)[:2] == [("awarded", "q", None), ("awarded", "q", None)]
    assert found.packages == (Package(bid="q", lots=("1", "2"), amount=190),)
    assert "allocation.cheaper" in [line.code for line in found.lines]


def test_a_rejected_package_takes_no_part():
    act = Rejection(lot="1", bid="ab", reason="no proof")
    found = outcome(*BIDS[2:], rejections=(act,))

    assert lots(found)[:2] == [("awarded", "b1", 130), ("awarded", "b2", 140)]
    assert said(found)[0] == "ab was rejected and takes no part in the allocation: no proof"


def test_without_any_offer_every_lot_is_unsuccessful():
    found = outcome(bid("a1", "a", "1", 100, admitted=False, refusal="no bond"))

    assert ([lot.status for lot in found.lots], found.lines) == (["unsuccessful"] * 3, ())


def test_too_few_steps_award_nothing():
    tender = a_tender(max_lots=2, capacity={"a": 150})
    dossier = Dossier(bidders=tuple(Bidder(id=name) for name in "abc"), bids=BIDS)
    evaluated = {one.id: one.price for one in BIDS}
    found = awarded(tender, dossier, value.evaluate(tender, dossier), evaluated, steps=0)

    assert [lot.winner for lot in found.lots] == [None, None, None]
    assert lots(found)[0] == ("not_proven", None, None)


def test_what_cannot_be_awarded_is_refused_by_name():
    with pytest.raises(InfeasibleAllocation) as refused:
        outcome(BIDS[0], tender=a_tender(capacity={"a": 99}))

    assert refused.value.values["limits"] == "tender.limits.capacity[a]"
