from fractions import Fraction

import pytest

from procurement.scoring.drafting import Expected
from procurement.scoring.drafting.expected import prices_marked
from procurement.scoring.drafting.worth import curves, ends, grid, remarks, times
from procurement.scoring.errors import BadParameter
from procurement.scoring.tender import Branch, CostFlow, LifeCycleCost, ValueForMoney
from procurement.scoring.value.formulas import CATALOGUE
from procurement.scoring.value.refused import REFUSED
from tests.procurement.scoring.drafting.tenders import EXPECTED, price, quality, said


def marked(*criteria):
    return next(prices_marked(ValueForMoney(criteria=criteria)))


def remarked(one, expected=EXPECTED):
    return remarks(one, curves(one, expected))


def test_an_absolute_linear_formula_has_one_rate():
    """40 % price over 100,000 dirhams, 60 % quality: a point is worth 1.5 × 1,000 dirhams."""
    one = marked(price("linear_between_bounds", best=100_000_00, worst=200_000_00), quality())

    chosen = curves(one, EXPECTED)[0]

    assert {part.worth for part in chosen.stretches} == {Fraction(1500_00)}
    assert (chosen.chosen, chosen.depends_on_other_bids, chosen.refused) == (True, False, "")
    assert remarked(one) == []


def test_the_rate_of_the_proportional_formula_grows_with_the_square_of_the_price():
    one = marked(price(), quality())

    parts = curves(one, EXPECTED)[0].stretches

    # Over a stretch from a to b the mean rate is exactly 1.5 · a · b / (100 · lowest).
    assert [part.worth for part in parts] == [
        Fraction(3, 2) * part.low * part.high / (100 * EXPECTED.lowest) for part in parts
    ]
    assert [said(line) for line in remarked(one)] == [
        "With the formula « lowest price divided by the price » of « price », one quality point is "
        "worth MAD1,500.00 at a price of MAD100,000.00, but MAD6,000.00 at a price of "
        "MAD200,000.00: bidders cannot know what better quality may cost."
    ]


def test_right_at_a_price_the_rate_is_the_one_of_the_next_centime():
    """1.5 · p · (p + 1) / (100 · lowest), and at the highest price the centime before it."""
    one = marked(price(), quality())

    chosen = curves(one, EXPECTED)[0]

    low, high = EXPECTED.lowest, EXPECTED.highest
    assert [(rate.price, rate.worth) for rate in ends(chosen)] == [
        (at, Fraction(3 * below * (below + 1), 200 * low))
        for at, below in ((low, low), ((low + high) // 2, (low + high) // 2), (high, high - 1))
    ]
    assert round(times(chosen), 5) == 4


def test_where_a_lower_price_earns_nothing_no_worth_is_said():
    one = marked(price("linear_between_bounds", best=150_000_00, worst=160_000_00), quality())

    chosen = curves(one, EXPECTED)[0]

    assert [rate.worth for rate in ends(chosen)] == [None, Fraction(150_00), None]
    assert times(chosen) == 1


def test_a_rate_that_varies_no_more_than_twice_is_not_warned_of():
    one = marked(price(), quality())

    assert remarked(one, Expected(lowest=100_000_00, highest=140_000_00)) == []


def test_a_price_below_or_above_the_published_bounds_earns_nothing():
    one = marked(price("linear_between_bounds", best=150_000_00, worst=160_000_00), quality())

    idle, neutralised = remarked(one)

    assert (idle.values["low_price"], idle.values["high_price"]) == (100_000_00, 200_000_00)
    assert (neutralised.values["price"], neutralised.values["lost"]) == (150_000_00, 0)


def test_belleville_is_drawn_with_its_warning():
    one = marked(price("belleville"), quality())

    warned = remarked(one)

    assert [line.code for line in warned] == ["drafting.price_neutralised"]
    assert said(warned[0]) == (
        "The formula « compressed differences of price (Belleville) » neutralises the weight of "
        "« price » (40 % as published): a price of MAD200,000.00, 100 % above the lowest, loses "
        "only 16.67 of 100 points (Conseil d’État, 3 novembre 2014, n° 373362)."
    )


def test_published_bounds_far_apart_neutralise_the_price_as_belleville_does():
    one = marked(price("linear_between_bounds", best=0, worst=2_000_000_00), quality())

    assert [line.code for line in remarked(one)] == ["drafting.price_neutralised"]


def test_the_mean_formula_is_seen_to_reward_the_dearer():
    one = marked(price("closest_to_mean"), quality())

    assert "drafting.dearer_wins" in {line.code for line in remarked(one)}


def test_all_formulas_stand_beside_the_chosen_one():
    drawn = curves(marked(price(), quality()), EXPECTED)

    refused = {name for name, one in REFUSED.items() if one.compute}
    assert {one.formula for one in drawn} == {one.name for one in CATALOGUE} | refused
    assert [one.formula for one in drawn if one.chosen] == ["low_over_price"]
    assert {one.formula for one in drawn if one.refused} == refused


def test_a_price_alone_has_nothing_to_be_exchanged_for():
    assert curves(marked(price(weight=10_000)), EXPECTED) == []


def test_prices_are_found_in_the_tree_with_their_share_of_the_whole():
    cost = LifeCycleCost(
        rate=Fraction(35, 1000),
        years=10,
        flows=(CostFlow(name="power", first=1, last=10),),
        formula="nonsense",
    )
    tree = Branch(criteria=(price(weight=2500), quality(id="cost", weight=7500, kind=cost)))
    method = ValueForMoney(
        criteria=(quality(kind=tree, weight=4000), quality(id="q")), round_at="total"
    )

    found = [
        (one.criterion, one.share, one.name, one.formula is None) for one in prices_marked(method)
    ]

    assert found == [
        ("price", Fraction(1, 10), "low_over_price", False),
        ("cost", Fraction(3, 10), "nonsense", True),
    ]


def test_a_narrow_range_has_fewer_stretches():
    assert grid(Expected(lowest=10, highest=13)) == [10, 11, 12, 13]


@pytest.mark.parametrize(
    "wrong",
    [
        {"lowest": 0},
        {"lowest": 20},
        {"highest": 10**18 + 1},
        {"quality": (60, 50)},
        {"quality": (0, 101)},
        {"bids": 1},
        {"bids": 51},
        {"tenders": 0},
    ],
)
def test_an_expectation_that_no_tender_meets_is_refused(wrong):
    with pytest.raises(BadParameter):
        Expected(**{"lowest": 10, "highest": 20} | wrong)
