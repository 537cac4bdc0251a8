"""Article 10: the lots in their order, caps, and what the statutory methods do not know."""

import hashlib
from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from procurement.scoring.errors import (
    DuplicateName,
    Malformed,
    NotForThisMethod,
    TieUnresolved,
    UnknownReference,
    UnknownRuleVersion,
)
from procurement.scoring.offers import Bid, Bidder, Dossier, Rejection
from procurement.scoring.statute import evaluate
from procurement.scoring.tender import Limits, PurchaseOrder
from tests.procurement.scoring.statute.cases import SEED, supplies, tender_of

COMMITMENT = hashlib.sha256(SEED.encode()).hexdigest()


def dossier(offers, **more):
    """Offers: lot → {bidder: price}; a bid is called by both."""
    names = sorted({bidder for prices in offers.values() for bidder in prices})
    return Dossier(
        bidders=tuple(Bidder(id=name) for name in names),
        bids=tuple(
            Bid(id=f"{bidder}{lot}", bidder=bidder, lots=(lot,), price=price)
            for lot, prices in offers.items()
            for bidder, price in prices.items()
        ),
        **more,
    )


def awarded(offers, *, method=None, limits=None, commitment=None, **more):
    tender = tender_of(
        method or PurchaseOrder(), lots=tuple(offers), limits=limits, commitment=commitment,
        estimate=100,
    )  # fmt: skip
    return evaluate(tender, dossier(offers, **more))


def winners(outcome):
    return [lot.winner for lot in outcome.lots]


THREE = {"1": {"A": 10, "B": 20}, "2": {"A": 10, "B": 20}, "3": {"A": 10, "B": 20}}


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (None, ["A1", "A2", "A3"]), (3, ["A1", "A2", "A3"]), (2, ["A1", "A2", "B3"]),
        (1, ["A1", "B2", None]),
    ],
)  # fmt: skip
def test_a_bidder_at_its_cap_is_set_aside_from_later_lots(most, expected):
    outcome = awarded(THREE, limits=Limits(max_lots=most))

    assert winners(outcome) == expected
    assert outcome.lots[2].status == ("awarded" if expected[2] else "unsuccessful")


def test_the_cap_is_said():
    outcome = awarded(THREE, limits=Limits(max_lots=1))

    second = outcome.lots[1]
    assert [(one.bid, one.code) for one in second.excluded] == [("A2", "statute.cap")]
    (line,) = [line for line in second.lines if line.code == "statute.cap"]
    assert (line.values, line.rule) == ({"bidder": "A", "lots": 1}, "art. 10 (à confirmer)")


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (30, ["A1", "A2", "A3"]), (29, ["A1", "A2", "B3"]), (20, ["A1", "A2", "B3"]),
        (19, ["A1", "B2", "B3"]), (10, ["A1", "B2", "B3"]), (9, ["B1", "B2", "B3"]),
        (0, ["B1", "B2", "B3"]),
    ],
)  # fmt: skip
def test_a_bidder_wins_no_more_than_its_capacity(capacity, expected):
    outcome = awarded(THREE, limits=Limits(capacity={"A": capacity}))

    assert winners(outcome) == expected
    if capacity == 29:
        (line,) = [one for one in outcome.lots[2].lines if one.code == "statute.capacity"]
        assert line.values == {"bidder": "A", "left": 9, "price": 10}


def test_a_bidder_set_aside_does_not_count_in_the_mean():
    offers = {"1": {"A": 95, "B": 76}, "2": {"A": 120, "B": 98, "C": 90}}

    outcome = awarded(offers, method=supplies(), limits=Limits(max_lots=1))

    (line,) = [line for line in outcome.lots[1].lines if line.code == "statute.mean"]
    assert (winners(outcome), line.values["total_price"]) == (["B1", "C2"], 210)


def test_lots_are_taken_in_the_order_of_the_notice():
    offers = {"2": {"A": 10, "B": 20}, "1": {"A": 10, "B": 11}}

    outcome = awarded(offers, limits=Limits(max_lots=1))

    assert [(lot.lot, lot.winner) for lot in outcome.lots] == [("2", "A2"), ("1", "B1")]
    assert [line.code for line in outcome.lines] == ["statute.rules", "statute.lot_order"]


def test_a_rejected_first_does_not_use_up_its_cap():
    rejected = (Rejection(lot="1", bid="A1", reason="no answer"),)

    outcome = awarded(THREE, limits=Limits(max_lots=1), rejections=rejected)

    assert winners(outcome) == ["B1", "A2", None]


def test_a_rejection_concerns_its_lot_only():
    rejected = (Rejection(lot="2", bid="A2", reason="no answer"),)

    assert winners(awarded(THREE, rejections=rejected)) == ["A1", "B2", "A3"]


TIED = {"1": {"A": 10, "B": 10}, "2": {"A": 10, "C": 20}, "3": {"C": 10, "D": 20}, "4": {"D": 9}}


def test_a_lot_waits_for_an_earlier_draw_that_a_limit_makes_matter():
    outcome = awarded(TIED, limits=Limits(max_lots=1))

    assert [lot.status for lot in outcome.lots] == ["draw_needed"] * 4
    assert [lot.lines[-1].code for lot in outcome.lots] == [
        "statute.draw_needed", "statute.waits", "statute.waits", "statute.waits",
    ]  # fmt: skip
    assert outcome.lots[1].lines[-1].values == {"bids": "A2"}
    assert outcome.lots[2].lines[-1].values == {"bids": "C3"}


def test_the_lots_go_on_once_the_draw_is_made():
    outcome = awarded(TIED, limits=Limits(max_lots=1), commitment=COMMITMENT, seed=SEED)

    first = min("AB", key=lambda bid: hashlib.sha256(f"{SEED}|1|{bid}1".encode()).hexdigest())
    rest = ["C2", "D3", None] if first == "A" else ["A2", "C3", "D4"]
    assert winners(outcome) == [f"{first}1", *rest]


def test_without_limits_no_lot_waits():
    assert winners(awarded(TIED)) == [None, "A2", "C3", "D4"]


def test_a_capacity_of_somebody_else_makes_no_lot_wait():
    assert winners(awarded(TIED, limits=Limits(capacity={"D": 9}))) == [None, "A2", "C3", "D4"]


def test_a_rejection_in_a_lot_that_waits_is_refused():
    rejected = (Rejection(lot="2", bid="A2", reason="no answer"),)

    with pytest.raises(TieUnresolved):
        awarded(TIED, limits=Limits(max_lots=1), rejections=rejected)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"allocation": "together"}, "tender.allocation"),
        ({"limits": Limits(sme_share=Fraction(1, 4))}, "tender.limits.sme_share"),
    ],
)
def test_what_the_statutory_methods_do_not_know_is_refused(changes, field):
    with pytest.raises(NotForThisMethod) as caught:
        evaluate(tender_of(PurchaseOrder(), **changes), dossier({"1": {"A": 1}}))

    assert caught.value.field == field


def test_names_are_checked_first():
    both = Dossier(
        bidders=(Bidder(id="A"),), bids=(Bid(id="A1", bidder="A", lots=("1", "2"), price=1),)
    )
    unknown = Dossier(bidders=(), bids=(Bid(id="A1", bidder="A", lots=("1",), price=1),))
    tender = tender_of(PurchaseOrder(), lots=("1", "2"))

    with pytest.raises(Malformed):
        evaluate(tender, both)
    with pytest.raises(UnknownReference):
        evaluate(tender, unknown)
    with pytest.raises(DuplicateName):
        evaluate(tender_of(PurchaseOrder(), lots=("1", "1")), dossier({"1": {"A": 1}}))


def test_the_outcome_names_its_rules():
    outcome = awarded({"1": {"A": 1}})

    assert (outcome.engine, outcome.rules) == ("statutory", "MA-2-22-431/2023-09")
    assert [(line.code, line.values) for line in outcome.lines] == [
        (
            "statute.rules",
            {
                "version": "MA-2-22-431/2023-09",
                "text": "décret n° 2-22-431",
                "since": "2023-09-01",
            },
        )
    ]


def opened(day, rules=""):
    tender = tender_of(PurchaseOrder(rules=rules))
    return evaluate(replace(tender, opened_on=day), dossier({"1": {"A": 1}}))


def test_the_day_chooses_the_rules():
    assert opened(date(2023, 9, 1)).rules == "MA-2-22-431/2023-09"


def test_no_rules_are_known_for_earlier_tenders():
    with pytest.raises(UnknownRuleVersion) as caught:
        opened(date(2023, 8, 31))

    assert caught.value.values == {"name": "2023-08-31"}


def test_rules_that_nobody_knows_are_refused():
    with pytest.raises(UnknownRuleVersion) as caught:
        opened(date(2026, 1, 1), "MA-2-12-349/2014")

    assert caught.value.values == {"name": "MA-2-12-349/2014"}


def test_named_rules_outside_their_time_are_said():
    outcome = opened(date(2023, 8, 31), "MA-2-22-431/2023-09")

    assert [line.code for line in outcome.lines] == ["statute.rules", "statute.not_in_force"]
    assert outcome.lines[1].values == {"version": "MA-2-22-431/2023-09", "opened": "2023-08-31"}
