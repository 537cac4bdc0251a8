import json

from procurement.scoring.canonical import canonical
from procurement.scoring.drafting import review
from procurement.scoring.tender import PurchaseOrder, ReferencePrice, ValueForMoney
from tests.procurement.scoring.drafting.tenders import EXPECTED, price, quality, tender


def test_a_review_holds_charts_simulation_and_warnings_and_decides_nothing():
    found = review(tender(), EXPECTED)

    assert [line.code for line in found.warnings] == [
        "drafting.relative",
        "drafting.worth_varies",
        "drafting.reversals",
    ]
    assert ([one.chosen for one in found.curves].count(True), len(found.reversals)) == (1, 1)
    assert found.decides is False


def test_a_review_is_written_as_canonical_json_without_floats():
    written = json.loads(canonical(review(tender(), EXPECTED)), parse_float=lambda _: 1 / 0)

    assert written["tender"] == "T"
    assert written["curves"][0]["stretches"][0]["points_low"] == "100"


def test_what_the_evaluation_would_refuse_is_only_warned_of():
    found = review(tender(price("belleville"), quality(weight=1)), EXPECTED)

    assert [line.code for line in found.warnings] == [
        "drafting.weights",
        "drafting.formula_refused",
        "drafting.price_neutralised",
    ]
    assert found.reversals == ()


def test_the_statutory_methods_have_no_formula_to_choose():
    statutory = review(tender(method=ReferencePrice(category="supplies")), EXPECTED)
    order = review(tender(method=PurchaseOrder()), EXPECTED)

    assert (statutory.curves, len(statutory.reversals), order.reversals) == ((), 1, ())


def test_quality_in_money_has_a_published_rate_already():
    method = ValueForMoney(criteria=(price(), quality(worth=500_00)), objective="money")

    found = review(tender(method=method), EXPECTED)

    assert (found.curves, found.reversals) == ((), ())
