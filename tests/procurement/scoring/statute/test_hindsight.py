"""What each offer would have had to be, against trying every price."""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import TieUnresolved, UnknownReference
from procurement.scoring.offers import Bid, Bidder, Dossier
from procurement.scoring.statute import evaluate
from procurement.scoring.statute.hindsight import (
    Interval,
    Needed,
    Order,
    needed,
    order_of,
    withdrawals,
)
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import (
    Limits,
    Preference,
    PurchaseOrder,
    Studies,
    TechnicalGate,
)
from tests.procurement.scoring.statute.cases import SEED, dossier_of, supplies, tender_of

PREFERRED = supplies(preference=Preference())
STUDIES = Studies(price_weight=Fraction(3, 10), threshold=Fraction(0))


def heads(tender, dossier, rules=None):
    """The bids of rank 1."""
    ranking = evaluate(tender, dossier, rules=rules).lots[0].ranking
    return [one.bid for one in ranking if one.rank == 1]


def tried(tender, dossier, bid, prices, rules=None):
    """Evaluate the tender again for every price of one bid."""
    first, tied = [], []
    for price in prices:
        bids = tuple(replace(one, price=price) if one.id == bid else one for one in dossier.bids)
        found = heads(tender, replace(dossier, bids=bids), rules)
        if found == [bid]:
            first.append(price)
        elif bid in found:
            tied.append(price)
    return first, tied


def spread(intervals, end):
    return [
        price
        for one in intervals
        for price in range(one.low, (end if one.high is None else one.high) + 1)
    ]


names = st.sampled_from("ABCD")
some = st.dictionaries(names, st.integers(13, 27), min_size=1)


@settings(deadline=None, max_examples=40)
@given(
    some, st.sampled_from([supplies("works"), PREFERRED, STUDIES, PurchaseOrder()]),
    st.sets(names), st.sets(names), st.sets(names), st.sampled_from(["below", "above"]),
    st.sampled_from(["kept", "lowered", "raised"]), st.booleans(),
)  # fmt: skip
def test_every_price_that_wins_is_found(
    prices, method, far, coops, refused, equality, at_reference, kept
):
    rules = replace(
        DECREE_2023,
        equality=replace(DECREE_2023.equality, value=equality),
        at_reference=replace(DECREE_2023.at_reference, value=at_reference),
        bounds_kept=replace(DECREE_2023.bounds_kept, value=kept),
    )
    tender = tender_of(method, estimate=20)
    dossier = dossier_of(
        prices, established=dict.fromkeys(far, False),
        status=dict.fromkeys(coops, "cooperative"),
        bid_fields={
            "admitted": dict.fromkeys(refused, False),
            "technical": {name: Fraction(40 + 7 * place) for place, name in enumerate("ABCD")},
        },
    )  # fmt: skip

    for one in needed(tender, dossier, "1", rules=rules):
        first, tied = tried(tender, dossier, one.bid, range(36), rules)
        assert (spread(one.first, 35), spread(one.tied, 35)) == (first, tied), one
        assert one.refused == (one.bid in refused)
        assert one.price == prices[one.bid]


def test_the_intervals_of_a_small_tender():
    tender = tender_of(supplies(), estimate=1000)
    found = needed(tender, dossier_of({"A": 900, "B": 980, "X": 1300}), "1")

    assert found == (
        Needed(
            "A", 900, first=(Interval(750, 939), Interval(981, 993)), tied=(Interval(980, 980),)
        ),
        Needed("B", 980, first=(Interval(901, 966),), tied=(Interval(900, 900),)),
        Needed("X", 1300, first=(Interval(901, 976),), tied=(Interval(900, 900),)),
    )
    for one in found:
        first, tied = tried(tender, dossier_of({"A": 900, "B": 980, "X": 1300}), one.bid,
                            range(700, 1301))  # fmt: skip
        assert (spread(one.first, 0), spread(one.tied, 0)) == (first, tied)


# Close marks, so that the prices decide; far marks, so that one bid leads at many prices.
CLOSE = {"A": "80", "B": "82.5", "C": "79", "D": "85"}
FAR = {"A": "100", "B": "82", "C": "71", "D": "100"}


@pytest.mark.parametrize("method", [STUDIES, PREFERRED, supplies("works")])
@pytest.mark.parametrize("marks", [CLOSE, FAR])
@pytest.mark.parametrize(
    "prices",
    [
        {"A": 301, "B": 353, "C": 402, "D": 447}, {"A": 470, "B": 333, "C": 333, "D": 389},
        {"A": 365, "B": 366, "C": 367, "D": 480}, {"A": 310, "B": 477}, {"A": 400},
    ],
)  # fmt: skip
def test_every_price_of_a_wider_span(method, marks, prices):
    fields = {"technical": {name: Fraction(mark) for name, mark in marks.items()}}
    dossier = dossier_of(prices, bid_fields=fields, established={"B": False, "D": False})
    tender = tender_of(method, estimate=400)

    checked_everywhere(tender, dossier)


def checked_everywhere(tender, dossier, rules=None):
    for one in needed(tender, dossier, "1", rules=rules):
        first, tied = tried(tender, dossier, one.bid, range(295, 486), rules)
        assert (spread(one.first, 0), spread(one.tied, 0)) == (first, tied), one


def test_the_price_that_equals_its_own_reference_price():
    above = replace(DECREE_2023, equality=replace(DECREE_2023.equality, value="above"))

    # With 390 against 370 the reference price is 390.
    checked_everywhere(tender_of(supplies(), estimate=400), dossier_of({"A": 370, "B": 460}), above)


def test_above_the_reference_price_raised_prices_meet():
    dossier = dossier_of({"A": 425, "D": 460}, moroccan_share={"A": Fraction(29, 100)})

    checked_everywhere(tender_of(PREFERRED, estimate=400), dossier)


def test_a_lead_in_quality_that_no_price_takes_away():
    # A leads B by 30 × 0.7 = 21 points, exactly what B gets for its price while C is the lowest.
    marks = {"technical": {"A": Fraction(100), "B": Fraction(70), "C": Fraction(70)}}
    dossier = dossier_of({"A": 400, "B": 450, "C": 315}, bid_fields=marks)

    checked_everywhere(tender_of(STUDIES, estimate=400), dossier)


def test_alone_every_kept_price_wins():
    found = needed(tender_of(supplies(), estimate=1000), dossier_of({"A": 5}), "1")

    assert found == (Needed("A", 5, first=(Interval(750, 1200),)),)


def test_a_purchase_order_has_no_lowest_but_zero():
    found = needed(tender_of(PurchaseOrder()), dossier_of({"A": 5, "B": 7}), "1")

    assert found == (
        Needed("A", 5, first=(Interval(0, 6),), tied=(Interval(7, 7),)),
        Needed("B", 7, first=(Interval(0, 4),), tied=(Interval(5, 5),)),
    )
    alone = needed(tender_of(PurchaseOrder()), dossier_of({"A": 5}), "1")
    assert alone == (Needed("A", 5, first=(Interval(0, None),)),)


def test_no_price_helps_a_bid_below_the_gate():
    gated = supplies(gate=TechnicalGate(threshold=Fraction(70)))
    dossier = dossier_of(
        {"A": 900, "B": 950}, bid_fields={"technical": {"A": Fraction(69), "B": Fraction(70)}}
    )

    found = needed(tender_of(gated, estimate=1000), dossier, "1")

    assert found == (
        Needed("A", 900, refused=True), Needed("B", 950, first=(Interval(750, 1200),)),
    )  # fmt: skip


def test_an_unknown_lot_is_refused():
    with pytest.raises(UnknownReference):
        needed(tender_of(supplies()), dossier_of({"A": 5}), "2")


def two_lots(**more):
    bidders = tuple(Bidder(id=name) for name in "ABC")
    bids = tuple(
        Bid(id=f"{bidder}{lot}", bidder=bidder, lots=(lot,), price=price)
        for lot, bidder, price in (("1", "A", 5), ("1", "B", 5), ("2", "A", 3), ("2", "C", 9))
    )
    commitment = hashlib.sha256(SEED.encode()).hexdigest()
    tender = tender_of(
        PurchaseOrder(), lots=("1", "2"), limits=Limits(max_lots=1), commitment=commitment
    )
    return tender, Dossier(bidders=bidders, bids=bids, **more)


def test_a_lot_that_waits_for_a_draw_cannot_be_asked():
    tender, dossier = two_lots()

    with pytest.raises(TieUnresolved):
        needed(tender, dossier, "2")
    assert len(needed(tender, dossier, "1")) == 2


def test_a_bidder_at_its_cap_is_left_out():
    tender, dossier = two_lots(seed=SEED)
    taken = evaluate(tender, dossier).lots[0].winner

    assert [one.bid for one in needed(tender, dossier, "2")] == (
        ["C2"] if taken == "A1" else ["A2", "C2"]
    )


# --- withdrawals -------------------------------------------------------------------------------


def test_a_losing_bid_that_goes_can_change_the_winner():
    # With D the mean is higher, and C is the closest below; without D it is B.
    prices = {"B": 900, "C": 975, "D": 1150}
    tender = tender_of(supplies(), estimate=1000)

    found = {one.withdrawn[0]: one for one in withdrawals(tender, dossier_of(prices), "1")}

    assert (found["D"].before, found["D"].after, found["D"].reverses) == (("C",), ("B",), True)
    assert (found["B"].after, found["B"].reverses) == (("C",), False)
    assert (found["C"].after, found["C"].reverses) == (("B",), False)


def test_only_kept_bids_are_withdrawn():
    prices = {"A": 900, "B": 5}

    found = withdrawals(tender_of(supplies(), estimate=1000), dossier_of(prices), "1")

    assert [(one.withdrawn, one.before, one.after, one.reverses) for one in found] == [
        (("A",), ("A",), (), False)
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(75, 120), min_size=1),
    st.sampled_from([supplies(), PREFERRED, PurchaseOrder()]),
    st.sets(st.sampled_from("ABCDE")), st.sets(st.sampled_from("ABCDE")),
)  # fmt: skip
def test_a_withdrawal_is_an_evaluation_without_the_bid(prices, method, far, coops):
    tender = tender_of(method, estimate=100)
    bidders = {
        "established": dict.fromkeys(far, False), "status": dict.fromkeys(coops, "cooperative"),
    }  # fmt: skip

    before = heads(tender, dossier_of(prices, **bidders))

    for one in withdrawals(tender, dossier_of(prices, **bidders), "1", pairs=True):
        rest = {name: price for name, price in prices.items() if name not in one.withdrawn}
        after = heads(tender, dossier_of(rest, **bidders))
        assert (list(one.before), list(one.after)) == (sorted(before), sorted(after))
        assert one.reverses == (one.expected != one.after)
        if staying := sorted({*before} - {*one.withdrawn}):
            assert list(one.expected) == staying


def test_a_pair_may_decide_where_neither_of_its_bids_does_alone():
    # P is 1012.5 with everybody and 977.5 without A and B; without one of them it stays above D.
    asked = (
        tender_of(supplies(), estimate=1000),
        dossier_of({"A": 1070, "B": 1120, "C": 920, "D": 990}),
    )

    found = {one.withdrawn: one for one in withdrawals(*asked, "1", pairs=True)}

    assert len(found) == 4 + 6
    assert [gone for gone, one in found.items() if one.reverses] == [("A", "B")]
    assert (found["A", "B"].expected, found["A", "B"].after) == (("D",), ("C",))


def test_the_order_without_some_bids_and_its_reference_price():
    prices = {"B": 900, "C": 975, "D": 1150}
    asked = (tender_of(supplies(), estimate=1000), dossier_of(prices), "1")

    assert order_of(*asked) == Order((("C",), ("B",), ("D",)), Fraction(6025, 6))
    assert order_of(*asked, without=["D"]) == Order((("B",), ("C",)), Fraction(3875, 4))
    assert order_of(*asked, without="BCD") == Order(())


def test_the_lowest_price_never_reverses():
    found = withdrawals(
        tender_of(PurchaseOrder()), dossier_of({"A": 1, "B": 2, "C": 2, "D": 3}), "1"
    )

    assert [one.reverses for one in found] == [False] * 4
