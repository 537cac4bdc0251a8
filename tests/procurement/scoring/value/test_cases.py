"""The published and computed cases of value for money."""

from fractions import Fraction

import pytest

from procurement.scoring.errors import RefusedFormula, ZeroPriceError
from procurement.scoring.offers import Bid, Bidder, Dossier
from procurement.scoring.outcome import said
from procurement.scoring.quantities import Quantity
from procurement.scoring.tender import Absolute, CostFlow, Criterion, LifeCycleCost, Margin
from procurement.scoring.value import evaluate
from procurement.scoring.value.formulas import BY_NAME, compressed, marked
from procurement.scoring.value.life_cycle import life_cycle_cost, present_value
from procurement.scoring.value.refused import illustrated
from tests.procurement.scoring.value.given import (
    a_bid,
    a_dossier,
    a_tender,
    case,
    coded,
    keys,
    order,
    price,
    stated,
)


def test_weighted_sum_of_wikipedia_reports_its_tie():
    given = case("wsm_wikipedia_tie")
    weights = [100 * weight for weight in given["inputs"]["weights_percent"]]
    tender = a_tender(*(stated(f"C{place}", weight) for place, weight in enumerate(weights)))
    bids = (
        a_bid(f"A{place}", answers={f"C{column}": value for column, value in enumerate(row)})
        for place, row in enumerate(given["inputs"]["matrix"], 1)
    )

    outcome = evaluate(tender, a_dossier(*bids))

    assert (outcome.lots[0].status, outcome.lots[0].winner) == ("draw_needed", None)
    assert order(outcome) == [(1, "A2"), (1, "A3"), (3, "A1")]
    assert [Fraction(keys(outcome)[bid]) for bid in ("A1", "A2", "A3")] == [
        Fraction(score) for score in given["expected"]["scores"]
    ]


def test_lowest_over_price_of_negometrix():
    given = case("price_low_bid_negometrix")["inputs"]
    expected = case("price_low_bid_negometrix")["expected"]
    most = given["max_points"]
    whole = sum(most.values())
    tender = a_tender(
        *(
            stated(name, round(10_000 * most[name] / whole))
            for name in ("experience", "quality_control", "time")
        ),
        price(3_500),
        round_at="total",
    )
    bids = (
        a_bid(
            bid,
            given["prices"][bid],
            answers={
                name: Fraction(100 * points, most[name])
                for name, points in zip(most, given["quality"][bid], strict=False)
            },
        )
        for bid in "AB"
    )

    outcome = evaluate(tender, a_dossier(*bids))

    assert {bid: Fraction(key) * whole / 100 for bid, key in keys(outcome).items()} == expected[
        "totals"
    ]
    assert outcome.lots[0].winner == expected["winner"]


def test_belleville_is_refused_and_can_be_shown_before_publication():
    given = case("price_belleville_irregular")
    prices = given["inputs"]["prices_centimes"]

    points = illustrated("belleville", prices)

    assert [said(value / 5) for value in points] == [
        said(Fraction(value)) for value in given["expected"]["points"]
    ]
    assert compressed(prices, [value.as_integer_ratio() for value in points]) == [1, 2]
    with pytest.raises(RefusedFormula, match="373362"):
        evaluate(a_tender(price(formula="belleville")), a_dossier())


def test_a_price_of_zero_stops_the_formula_unless_there_is_a_floor():
    elements = case("price_zero_price_bevan_brittan")["inputs"]["elements"]
    with pytest.raises(ZeroPriceError) as refused:
        _element(elements[1])

    assert refused.value.field == "dossier.bids[1].price"
    assert keys(_element(elements[0])) == {"B1": "100", "B2": "85"}
    assert keys(_element(elements[2])) == {"B1": "100", "B2": "60"}
    assert keys(_element(elements[1], floor=5)) == {"B1": "50", "B2": "100"}


def _element(element, **changes):
    bids = (a_bid(name, amount) for name, amount in element["prices"].items())
    return evaluate(a_tender(price(**changes)), a_dossier(*bids))


def test_the_price_of_a_bid_below_the_threshold_is_no_reference():
    given = case("price_un_combined_70_30_threshold")
    inputs, expected = given["inputs"], given["expected"]
    minimum = Fraction(100 * inputs["threshold"], inputs["technical_max"])
    tender = a_tender(
        stated("technical", 7_000, minimum=minimum),
        price(3_000),
        round_at="total",
        points_decimals=6,
    )
    bids = (
        a_bid(
            name,
            offer["price_centimes"],
            answers={"technical": Fraction(100 * offer["technical"], inputs["technical_max"])},
        )
        for name, offer in inputs["offers"].items()
    )

    outcome = evaluate(tender, a_dossier(*bids))

    assert [one.bid for one in outcome.lots[0].excluded] == expected["excluded"]
    assert outcome.lots[0].winner == expected["winner"]
    assert {line.values["lowest"] for line in coded(outcome.lots[0].lines, "value.price")} == {
        expected["lowest_price_used"]
    }
    for bid, key in keys(outcome).items():
        assert abs(Fraction(key) - Fraction(expected["totals"][bid])) <= Fraction(1, 2_000_000)


def test_domestic_preference_of_the_asian_development_bank_turns_the_award():
    given = case("domestic_preference_adb")
    inputs, expected = given["inputs"], given["expected"]
    others = ("technical", "performance", "payment", "delivery")
    # A cost stated in money: 100 missing points at a hundredth of the worst are the cost itself.
    worst = 10_000_000
    kind = Absolute(best=Fraction(0), worst=Fraction(worst), unit="centime")
    criteria = [Criterion(id=name, weight=0, kind=kind, worth=worst // 100) for name in others]
    bids = [
        Bid(
            id=name,
            bidder=name,
            lots=("1",),
            price=bid["bid"],
            scope_adjustment=bid["scope"],
            answers={one: Quantity(Fraction(bid[one]), "centime") for one in others},
        )
        for name, bid in inputs["bids"].items()
    ]
    bidders = tuple(
        Bidder(id=name, established=bid["group"] != "C") for name, bid in inputs["bids"].items()
    )
    margin = Margin(
        percent=Fraction(inputs["preference_percent"]),
        base="adjusted_for_scope",
        legal_basis="ADB guidelines",
    )
    found = {}
    for name, used in (("without", None), ("with", margin)):
        tender = a_tender(*criteria, objective="money", round_at="total", margin=used)
        found[name] = evaluate(tender, Dossier(bidders=bidders, bids=tuple(bids)))

    added = coded(found["with"].lots[0].lines, "value.margin")
    assert {line.subject: line.values["added"] for line in added} == {
        "Y": expected["preference"]["Y"]
    }
    for name, wanted in (
        ("without", expected["B_evaluated"]),
        ("with", expected["C_evaluated_with_preference"]),
    ):
        assert {bid: int(key) for bid, key in keys(found[name]).items()} == wanted
        assert found[name].lots[0].winner == expected[f"winner_{name}_preference"]
    assert found["with"].lots[0].amount == inputs["bids"]["X"]["bid"]


def test_the_withdrawal_of_a_losing_bid_that_turns_the_award_is_told():
    given = case("rank_reversal_withdrawal_1")
    inputs, expected = given["inputs"], given["expected"]
    tender = a_tender(stated("quality", 6_000), price(4_000), round_at="total", points_decimals=6)
    bids = {
        name: a_bid(name, bid["price_centimes"], answers={"quality": bid["quality"]})
        for name, bid in inputs["bids"].items()
    }
    gone = inputs["withdraw"]

    whole = evaluate(tender, a_dossier(*bids.values()))
    fewer = evaluate(tender, a_dossier(*(bid for name, bid in bids.items() if name != gone)))

    assert whole.lots[0].winner == expected["winner_all"]
    assert fewer.lots[0].winner == expected["winner_without_C"]
    for outcome, totals in (
        (whole, expected["totals_all"]),
        (fewer, expected["totals_without_C"]),
    ):
        for bid, key in keys(outcome).items():
            assert abs(Fraction(key) - Fraction(totals[bid])) <= Fraction(1, 2_000_000)
    assert [line.values for line in coded(whole.lots[0].warnings, "value.rank_reversal")] == [
        {"withdrawn": "C", "from": "A", "to": "B"}
    ]
    assert coded(fewer.lots[0].warnings, "value.rank_reversal") == []


def test_present_value_of_the_textbook():
    given = case("npv_textbook_8pct")

    value = Fraction(
        *present_value(given["inputs"]["cashflows"], Fraction(given["inputs"]["rate"]))
    )

    assert abs(value - Fraction(given["expected"]["npv"])) <= Fraction("0.000005")


def test_life_cycle_cost_of_the_generator():
    given = case("lcc_generator_overhaul_vs_new")
    found = {}
    for name, option in given["inputs"]["options"].items():
        flows = [CostFlow(name="a", first=1, last=15)]
        yearly = [0] * 15
        for part in option["annual"]:
            for year in range(part["years"][0], part["years"][1] + 1):
                yearly[year - 1] += part["amount"]
        for year, amount in option.get("at", {}).items():
            yearly[int(year) - 1] += amount
        kind = LifeCycleCost(
            rate=Fraction(given["inputs"]["rate"]),
            years=15,
            flows=tuple(flows),
            residual=True,
            formula="low_over_price",
        )
        bid = Bid(
            id=name,
            bidder="b",
            lots=("1",),
            price=option["initial"],
            flows={"a": tuple(yearly)},
            residual=option.get("salvage", {}).get("15", 0),
        )
        found[name] = life_cycle_cost(kind, bid, bid.price, "half_up", "")

    for name, value in given["expected"]["pv"].items():
        assert abs(found[name] - value) <= given["tolerance"]
    assert min(found, key=found.__getitem__) == given["expected"]["cheapest"]


@pytest.mark.parametrize(
    ("price", "yearly", "residual", "expected"),
    [
        (50_000_000, 4_000_000, 5_000_000, 72_468_654),
        (42_000_000, 6_200_000, 2_000_000, 80_718_240),
    ],
)
def test_life_cycle_cost_to_the_centime(price, yearly, residual, expected):
    """Vector E7: 5 %, 8 years; the cheaper purchase loses."""
    kind = LifeCycleCost(
        rate=Fraction("0.05"),
        years=8,
        flows=(CostFlow(name="use", first=1, last=8),),
        residual=True,
        formula="low_over_price",
    )
    bid = Bid(
        id="A",
        bidder="a",
        lots=("1",),
        price=price,
        flows={"use": (yearly,) * 8},
        residual=residual,
    )

    assert life_cycle_cost(kind, bid, price, "half_up", "") == expected


def test_linear_min_max_gives_all_points_when_prices_are_equal():
    formula = BY_NAME["linear_min_max"]

    assert marked(formula, {}, [5, 5, 5], str) == [(100, 1)] * 3
    assert marked(formula, {}, [0], str) == [(100, 1)]
