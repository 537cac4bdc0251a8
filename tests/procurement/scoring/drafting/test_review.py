import json
from fractions import Fraction

import pytest

from procurement.scoring.canonical import canonical
from procurement.scoring.drafting import review
from procurement.scoring.errors import BadParameter
from procurement.scoring.tender import Lot, PurchaseOrder, ReferencePrice, Studies, ValueForMoney
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


def codes(lines):
    return [line.code.removeprefix("drafting.") for line in lines]


def test_the_methods_of_the_decree_have_no_formula_to_choose():
    statutory = review(tender(method=ReferencePrice(category="supplies")), EXPECTED)
    order = review(tender(method=PurchaseOrder()), EXPECTED)

    assert (statutory.curves, len(statutory.reversals), order.reversals) == ((), 1, ())
    assert [codes(one.facts) for one in (statutory, order)] == [
        ["fixed_reference"], ["fixed_order"],
    ]  # fmt: skip
    assert (statutory.advice, order.advice) == ((), ())


def test_without_an_estimate_nothing_is_simulated():
    unknown = tender(method=ReferencePrice(category="supplies"), lots=(Lot(id="1"),))

    found = review(unknown, EXPECTED)

    assert (found.reversals, codes(found.warnings)) == ((), ["estimate_missing"])


def test_studies_show_the_rate_of_the_formula_of_the_decree():
    method = Studies(price_weight=Fraction(3, 10), threshold=Fraction(70))

    found = review(tender(method=method), EXPECTED)

    assert [one.formula for one in found.curves] == ["low_over_price"]
    assert codes(found.facts) == ["fixed_studies", "rate", "rate", "rate", "rate_times"]
    # 70 % quality, 30 % price: at the lowest price a point is worth 7/3 of its hundredth.
    assert found.facts[1].values == {"price": 100_000_00, "worth": 2_333_33}
    assert found.advice == ()


def test_quality_in_money_is_worth_the_same_at_every_price():
    criteria = (quality(worth=500_00), quality(id="delay", weight=4000, worth=200_00))
    method = ValueForMoney(criteria=criteria, objective="money")

    found = review(tender(method=method), EXPECTED)

    rates = {one.criterion: {rate.worth for rate in one.rates} for one in found.curves}
    assert rates == {"quality": {500_00}, "delay": {200_00}}
    assert codes(found.facts) == ["worth_published", "worth_published", "money_steady"]
    assert found.reversals == ()


def test_points_without_a_price_are_refused_with_what_to_do():
    with pytest.raises(BadParameter, match="none of them marks the price; add one"):
        review(tender(quality(weight=10_000)), EXPECTED)


BOUNDS = {"best": 100_000_00, "worst": 200_000_00}


@pytest.mark.parametrize(
    ("one", "advised"),
    [
        (price("linear_between_bounds", **BOUNDS), ["advise_keep"]),
        (price("linear_between_bounds", best=0, worst=150_000_00), ["advise_bounds"]),
        (price("reference_over_price", reference=100_000_00), ["advise_bounds"]),
        (price("linear_min_max"), ["advise_bounds"]),
        (price("belleville"), ["advise_bounds"]),
        (price("entropy"), ["advise_bounds"]),
        (price("nonsense"), ["advise_bounds"]),
        (price(weight=10_000), []),
    ],
)
def test_absolute_formulas_are_advised_first(one, advised):
    rest = () if one.weight == 10_000 else (quality(),)

    found = review(tender(one, *rest), EXPECTED)

    money = ["advise_money"] if advised == ["advise_bounds"] else []
    assert codes(found.advice) == advised + money


def test_what_is_advised_is_sound_itself():
    advised = review(tender(), EXPECTED).advice[0].values
    bounds = {name: advised[name] for name in ("best", "worst")}

    found = review(tender(price("linear_between_bounds", **bounds), quality()), EXPECTED)

    assert (found.warnings, codes(found.advice)) == ((), ["advise_keep"])
    assert {rate.worth for rate in found.curves[0].rates} == {advised["worth"]}


def test_only_a_price_has_nothing_to_be_exchanged_for():
    assert codes(review(tender(price(weight=10_000)), EXPECTED).facts) == ["price_alone"]
    weightless = tender(price(weight=0), quality(weight=10_000))
    assert codes(review(weightless, EXPECTED).facts) == ["price_weightless"]
