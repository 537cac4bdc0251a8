from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.errors import PrecisionExceeded, ZeroPriceError
from procurement.scoring.quantities import rounded
from procurement.scoring.robustness.break_even import break_even, relative_break_evens
from procurement.scoring.robustness.relative import RelativePrice
from procurement.scoring.robustness.resolution import published_order
from procurement.scoring.robustness.withdrawal import (
    Reversal,
    Withdrawals,
    relative_withdrawals,
    withdrawals,
)
from tests.procurement.scoring.robustness.matrices import case, matrix

FORMULAS = ("lowest_over_price", "between_extremes")


def points(formula, price, others):
    low, high = min(others), max(others)
    if formula == "lowest_over_price":
        return rounded(Fraction(10_000 * low, price))
    return 10_000 if low == high else rounded(Fraction(10_000 * (high - price), high - low))


def evaluate(quality, prices, formula, weights, priority, kept):
    """The winner among the kept bids, all in plain integers and fractions."""
    among = [prices[bid] for bid in kept]
    keys = {
        bid: (
            weights[0] * points(formula, prices[bid], among) + weights[1] * quality[bid],
            priority[bid],
        )
        for bid in kept
    }
    return max(keys, key=keys.__getitem__)


@st.composite
def priced(draw):
    m = draw(st.integers(1, 6))
    quality = draw(st.lists(st.integers(0, 100), min_size=m, max_size=m))
    prices = draw(st.lists(st.integers(1, 60), min_size=m, max_size=m))
    weight = draw(st.integers(0, 10)) * 1000
    formula = draw(st.sampled_from(FORMULAS))
    priority = draw(st.permutations(range(m)))
    column = [points(formula, price, prices) for price in prices]
    rows = [[p, 100 * q] for p, q in zip(column, quality, strict=True)]
    looked_at = matrix(rows, (weight, 10_000 - weight), priority)
    return looked_at, RelativePrice(0, tuple(prices), formula)


def again(looked_at, relative, prices, kept):
    return evaluate(
        looked_at.scores[:, 1].tolist(),
        prices,
        relative.formula,
        looked_at.weights,
        looked_at.priority.tolist(),
        kept,
    )


@given(priced())
@settings(max_examples=150, deadline=None)
def test_the_fast_way_finds_what_repeated_evaluations_find(given_):
    looked_at, relative = given_
    order = [looked_at.bids[bid] for bid in published_order(looked_at)]

    def winner_without(gone):
        kept = [bid for bid, name in enumerate(looked_at.bids) if name not in gone]
        return looked_at.bids[again(looked_at, relative, relative.prices, kept)]

    slow = withdrawals(order, winner_without)
    fast = relative_withdrawals(looked_at, relative)

    def comparable(found):
        return {(frozenset(t.withdrawn), t.expected, t.winner) for t in found.reversals}

    m = len(order)
    assert comparable(fast) == comparable(slow)
    assert (
        fast.tried
        == slow.tried
        == sum(1 for size in (1, 2) if size < m for _ in combinations(range(m), size))
    )


@given(priced())
@settings(max_examples=150, deadline=None)
def test_break_even_prices_are_right_to_the_centime(given_):
    looked_at, relative = given_
    everyone = list(range(len(looked_at.bids)))

    def first_at(name, price):
        bid = looked_at.bids.index(name)
        prices = [price if b == bid else p for b, p in enumerate(relative.prices)]
        return again(looked_at, relative, prices, everyone) == bid

    for name, price in relative_break_evens(looked_at, relative):
        own = relative.prices[looked_at.bids.index(name)]
        if price is None:
            assert not first_at(name, 1)
        else:
            assert first_at(name, price)
            assert price == 1000 * own or not first_at(name, price + 1)
        assert break_even(name, own, first_at) == price


def test_the_known_reversal_is_found():
    known = case("rank_reversal_withdrawal_1")["inputs"]
    names = tuple(known["bids"])
    prices = tuple(bid["price_centimes"] for bid in known["bids"].values())
    rows = [
        [100 * bid["quality"], points("lowest_over_price", bid["price_centimes"], prices)]
        for bid in known["bids"].values()
    ]
    looked_at = matrix(rows, (6000, 4000))

    found = relative_withdrawals(looked_at, RelativePrice(1, prices), pairs=False)

    a, b, c = (looked_at.bids[names.index(name)] for name in "ABC")
    assert found == Withdrawals(3, (Reversal((c,), a, b),))


def test_an_evaluation_that_leaves_no_winner_is_a_reversal():
    found = withdrawals(["a", "b"], lambda gone: None)

    assert found.reversals == (Reversal(("a",), "b", None), Reversal(("b",), "a", None))


def test_a_price_of_nothing_and_one_too_large_are_refused():
    looked_at = matrix([[1, 2], [3, 4]])

    with pytest.raises(ZeroPriceError):
        relative_withdrawals(looked_at, RelativePrice(0, (0, 5)))
    with pytest.raises(PrecisionExceeded):
        relative_withdrawals(looked_at, RelativePrice(0, (1, 10**15)))


def test_fifty_bids_are_done_at_once():
    chance = np.random.default_rng(1)
    prices = tuple(int(p) for p in chance.integers(10**7, 2 * 10**7, 50))
    rows = [
        [points("lowest_over_price", price, prices), int(chance.integers(0, 10_000))]
        for price in prices
    ]

    assert relative_withdrawals(matrix(rows), RelativePrice(0, prices)).tried == 50 + 1225
