"""Article 144 and purchase orders."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import MarkOutOfScale, MissingAnswer, OutsideTheLaw, ZeroPriceError
from procurement.scoring.statute.studies import overall, price_mark
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import PurchaseOrder, Studies
from tests.procurement.scoring.statute.cases import codes, one_lot, order, ranks, value


def studies(weight="0.3", threshold="70"):
    return Studies(price_weight=Fraction(weight), threshold=Fraction(threshold))


def marked(prices, marks, method=None, **more):
    technical = {bid: Fraction(mark) for bid, mark in marks.items()}
    return one_lot(prices, method or studies(), bid_fields={"technical": technical}, **more)


@pytest.mark.parametrize(("mark", "kept"), [("69.99", False), ("70", True), ("70.01", True)])
def test_threshold(mark, kept):
    outcome = marked({"A": 90_000_000}, {"A": mark})

    assert (outcome.winner == "A", "statute.gate" in codes(outcome, "A")) == (kept, not kept)


@pytest.mark.parametrize(
    ("price", "code"),
    [
        (120_000_001, "statute.excessive"), (120_000_000, None), (119_999_999, None),
        (75_000_001, None), (75_000_000, None), (74_999_999, "statute.abnormally_low"),
    ],
)  # fmt: skip
def test_bounds_and_their_warning(price, code):
    outcome = marked({"A": price}, {"A": "80"})

    on_bound = price in (75_000_000, 120_000_000)
    assert [one.code for one in outcome.excluded] == ([code] if code else [])
    assert [line.code for line in outcome.warnings] == (
        ["statute.on_bound_kept"] * on_bound + ["statute.studies_bounds"] * bool(code)
    )


def test_an_excluded_offer_is_not_the_lowest():
    outcome = marked({"A": 90_000_000, "B": 74_999_999}, {"A": "80", "B": "80"})

    assert value(outcome, "statute.lowest", "lowest") == 90_000_000


@pytest.mark.parametrize("weight", ["0.1", "0.4"])
def test_weights_at_the_ends(weight):
    assert marked({"A": 90_000_000}, {"A": "80"}, studies(weight)).status == "awarded"


@pytest.mark.parametrize("weight", ["0.0999", "0.4001"])
def test_weights_outside_are_refused(weight):
    with pytest.raises(OutsideTheLaw) as caught:
        marked({"A": 90_000_000}, {"A": "80"}, studies(weight))

    assert caught.value.values["value"] == str(Fraction(weight))
    assert (caught.value.values["low"], caught.value.values["high"]) == ("1/10", "2/5")


@pytest.mark.parametrize("threshold", ["0", "100"])
def test_thresholds_at_the_ends(threshold):
    assert marked({"A": 90_000_000}, {"A": "100"}, studies(threshold=threshold)).winner == "A"


@pytest.mark.parametrize("threshold", ["-1", "101"])
def test_thresholds_outside_are_refused(threshold):
    with pytest.raises(MarkOutOfScale) as caught:
        marked({"A": 90_000_000}, {"A": "80"}, studies(threshold=threshold))

    assert caught.value.values == {"value": int(threshold), "low": 0, "high": 100}


def test_a_technical_mark_is_needed():
    with pytest.raises(MissingAnswer):
        marked({"A": 90_000_000}, {})


def test_equal_marks_share_a_rank():
    outcome = marked(
        {"A": 90_000_000, "B": 90_000_000, "C": 95_000_000}, dict.fromkeys("ABC", "80")
    )

    assert (ranks(outcome), outcome.status) == ({"A": 1, "B": 1, "C": 3}, "draw_needed")


def test_a_price_of_zero_cannot_be_marked():
    rules = replace(DECREE_2023, studies_low=replace(DECREE_2023.studies_low, value=Fraction(1)))

    with pytest.raises(ZeroPriceError) as caught:
        marked({"A": 90_000_000, "B": 0}, {"A": "80", "B": "80"}, rules=rules)

    assert caught.value.field == "dossier.bids[1].price"


def test_price_mark():
    assert [price_mark(400, 400), price_mark(450, 400), price_mark(800, 400)] == [
        100, Fraction(800, 9), 50,
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 10**9)), min_size=1))
def test_overall_lies_between_its_parts(offers):
    marks, prices = [Fraction(mark) for mark, _ in offers], [price for _, price in offers]

    found = overall(marks, prices, Fraction(3, 10))

    for mark, price, total in zip(marks, prices, found, strict=True):
        financial = Fraction(100 * min(prices), price)
        assert total == mark * Fraction(7, 10) + financial * Fraction(3, 10)
        assert min(mark, financial) <= total <= max(mark, financial)


def test_a_purchase_order_goes_to_the_lowest_price():
    outcome = one_lot({"A": 3, "B": 1, "C": 2, "D": 1}, PurchaseOrder(), estimate=None)

    assert (ranks(outcome), outcome.status) == ({"A": 4, "B": 1, "C": 3, "D": 1}, "draw_needed")
    assert value(outcome, "statute.price", "price", "A") == 3
    assert [one.key for one in outcome.ranking] == ["1", "1", "2", "3"]


def test_a_purchase_order_leaves_refused_offers_out():
    outcome = one_lot(
        {"A": 3, "B": 1}, PurchaseOrder(), estimate=None, bid_fields={"admitted": {"B": False}}
    )

    assert (order(outcome), outcome.winner, outcome.amount) == (["A"], "A", 3)
