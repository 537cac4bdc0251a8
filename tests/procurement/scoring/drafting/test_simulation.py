import hashlib
from fractions import Fraction
from itertools import islice

import pytest
from msgspec.structs import replace

from procurement.scoring.drafting import Expected
from procurement.scoring.drafting.expected import prices_marked
from procurement.scoring.drafting.simulation import (
    calm,
    integers,
    letter,
    reversals,
    reversals_of_statute,
    simulated,
    warned,
)
from procurement.scoring.tender import ReferencePrice, ValueForMoney
from procurement.scoring.value.formulas import CATALOGUE
from tests.procurement.scoring.drafting.tenders import EXPECTED, price, quality, said, tender

PARAMETERS = {
    "best": 100_000_00,
    "worst": 200_000_00,
    "reference": 100_000_00,
    "points_per_percent": 1,
    "multiple": 2,
}


def marked(name):
    formula = next(one for one in CATALOGUE if one.name == name)
    given = {one: PARAMETERS[one] for one in formula.parameters}
    return next(prices_marked(ValueForMoney(criteria=(price(name, **given), quality()))))


def test_the_integers_are_those_of_sha256():
    block = hashlib.sha256(b"seed:1").digest()

    assert list(islice(integers("seed"), 4, 8)) == [
        int.from_bytes(block[at : at + 8], "big") for at in (0, 8, 16, 24)
    ]


def test_simulated_bids_stay_in_the_expected_range_and_reach_its_ends():
    expected = Expected(lowest=10, highest=13, quality=(7, 8), tenders=100)

    bids = list(simulated(expected))

    assert {one for prices, _ in bids for one in prices} == {10, 11, 12, 13}
    assert {one for _, points in bids for one in points} == {7, 8}


@pytest.mark.parametrize("name", [one.name for one in CATALOGUE])
def test_only_formulas_that_depend_on_other_bids_are_reversed(name):
    one = marked(name)

    found = reversals(one, EXPECTED)

    assert (found.changed > 0, found.example is None) == (
        one.formula.depends_on_other_bids,
        not one.formula.depends_on_other_bids,
    )


def test_the_example_is_a_reversal_by_the_definition():
    found = reversals(marked("low_over_price"), EXPECTED)
    example = found.example
    bids = dict(enumerate(zip(example.prices, example.quality, strict=True)))

    def first(left):
        lowest = min(bids[bid][0] for bid in left)
        return max(
            left, key=lambda bid: 40 * Fraction(100 * lowest, bids[bid][0]) + 60 * bids[bid][1]
        )

    everybody = set(bids)
    assert first(everybody) == example.winner
    assert example.withdrawn != example.winner
    assert first(everybody - {example.withdrawn}) == example.winner_then != example.winner


def test_a_simulation_can_be_repeated_and_another_seed_is_another_one():
    one = marked("linear_min_max")

    again = [reversals(one, EXPECTED) for _ in range(2)]

    assert again[0] == again[1]
    assert reversals(one, replace(EXPECTED, seed="other")).example != again[0].example


def test_the_reference_price_is_moved_by_every_bid():
    statutory = tender(method=ReferencePrice(category="supplies"))
    expected = replace(EXPECTED, lowest=125_000_00, highest=175_000_00, tenders=40)

    found = reversals_of_statute(statutory, statutory.lots[0], expected)

    assert (found.tenders, found.changed > 0, found.formula) == (40, True, "reference_price")
    example = found.example
    halves = {}
    for left in (range(5), [bid for bid in range(5) if bid != example.withdrawn]):
        prices = [example.prices[bid] for bid in left]
        reference = (150_000_00 + Fraction(sum(prices), len(prices))) / 2
        halves[len(prices)] = max(
            (bid for bid in left if example.prices[bid] <= reference),
            key=lambda bid: example.prices[bid],
        )
    assert halves == {5: example.winner, 4: example.winner_then}


def test_a_reversal_is_warned_of_with_its_example():
    found = reversals(marked("linear_min_max"), EXPECTED)

    lines = warned([found, reversals(marked("linear_between_bounds"), EXPECTED)])

    assert [line.code for line in lines] == ["drafting.reversals"]
    example = found.example
    withdrawn, then, first = (
        f"{letter(bid)} (MAD{example.prices[bid] / 100:,.2f})"
        for bid in (example.withdrawn, example.winner_then, example.winner)
    )
    assert said(lines[0]) == (
        f"In {found.changed} of 300 simulated tenders of 5 bids, the withdrawal of one losing bid "
        f"changes the winner. In number {example.number + 1}, if {withdrawn} withdraws, {then} "
        f"wins instead of {first}."
    )


def test_that_nothing_was_reversed_is_said_and_why():
    absolute = reversals(marked("linear_between_bounds"), EXPECTED)
    lucky = replace(reversals(marked("linear_min_max"), EXPECTED), changed=0, example=None)

    assert [line.code for line in calm([absolute, lucky])] == [
        "drafting.reversals_never",
        "drafting.reversals_none",
    ]


def test_prices_beyond_the_bounds_around_the_estimate_are_no_steady_award():
    statutory = tender(method=ReferencePrice(category="supplies"))
    expected = replace(EXPECTED, lowest=10_000_00, highest=20_000_00, tenders=20)

    found = reversals_of_statute(statutory, statutory.lots[0], expected)

    assert (found.changed, found.unawarded, calm([found])) == (0, 20, [])
    assert [line.code for line in warned([found])] == ["drafting.unawarded"]


def test_simulated_bids_are_named_by_letters():
    assert [letter(bid) for bid in (0, 25, 26, 49)] == ["A", "Z", "A2", "X2"]
