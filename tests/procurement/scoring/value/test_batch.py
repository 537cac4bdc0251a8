"""Many tenders at once give what one tender at a time gives."""

from fractions import Fraction

import numpy as np
import pytest

from procurement.scoring.errors import (
    BadParameter,
    MarkOutOfScale,
    PrecisionExceeded,
    WeightSumError,
    ZeroPriceError,
)
from procurement.scoring.value import evaluate
from procurement.scoring.value.batch import DRAW, NOBODY, Scheme, award
from tests.procurement.scoring.value.given import a_bid, a_dossier, a_tender, price, stated


def test_a_batch_awards_as_single_tenders_do():
    random = np.random.default_rng(20261122)
    points = random.integers(0, 10, (60, 7, 3)) * 1_000
    prices = random.integers(90, 110, (60, 7)) * 1_000
    scheme = Scheme(weights=(3_000, 2_000, 1_500), price_weight=3_500, minimum=((0, 3_000),))

    found = award(points, prices, scheme)

    for tender in range(60):
        lot = _single(points[tender], prices[tender], price(3_500)).lots[0]
        names = {DRAW: None, NOBODY: None} | {place: f"{place}" for place in range(7)}
        assert lot.winner == names[int(found.winner[tender])]
        assert {one.bid: Fraction(one.key) for one in lot.ranking} == {
            str(place): Fraction(int(key), 1_000_000)
            for place, key in enumerate(found.keys[tender])
            if key >= 0
        }
        assert [one.bid for one in lot.ranking] == [
            str(place) for place in found.order[tender][: len(lot.ranking)]
        ]


def test_a_batch_with_published_bounds_awards_as_single_tenders_do():
    random = np.random.default_rng(7)
    points = random.integers(0, 10_001, (20, 5, 1))
    prices = random.integers(0, 200_000, (20, 5))
    bounds = (50_000, 150_000)
    scheme = Scheme(
        weights=(6_000,), price_weight=4_000, formula="linear_between_bounds", bounds=bounds
    )

    found = award(points, prices, scheme, threads=2)

    criterion = price(4_000, "linear_between_bounds", best=bounds[0], worst=bounds[1])
    for tender in range(20):
        lot = _single(points[tender], prices[tender], criterion, (6_000,), minimum=None).lots[0]
        assert lot.winner == str(int(found.winner[tender]))


def _single(points, prices, price_criterion, weights=(3_000, 2_000, 1_500), minimum=30):
    criteria = [
        stated(f"C{place}", weight, minimum=minimum if place == 0 and minimum else None)
        for place, weight in enumerate(weights)
    ]
    bids = (
        a_bid(
            f"{place}",
            int(prices[place]),
            answers={f"C{column}": Fraction(int(value), 100) for column, value in enumerate(row)},
        )
        for place, row in enumerate(points)
    )
    tender = a_tender(*criteria, price_criterion, ties=("lower_price", "draw"))
    return evaluate(tender, a_dossier(*bids))


ONE = Scheme(weights=(5_000,), price_weight=5_000)


def test_a_batch_says_when_nobody_is_left_and_when_equals_are_to_be_drawn():
    points = np.array([[[50], [50]], [[50], [50]], [[50], [60]]])
    prices = np.array([[100, 100], [100, 200], [100, 100]])
    admitted = np.array([[True, True], [True, True], [False, False]])

    assert award(points, prices, ONE, admitted=admitted).winner.tolist() == [DRAW, 0, NOBODY]


def test_the_price_of_a_bid_set_aside_may_be_zero():
    points = np.array([[[50], [60]]])

    found = award(points, np.array([[0, 5]]), ONE, admitted=np.array([[False, True]]))

    assert found.keys.tolist() == [[-1, 60 * 5_000 + 10_000 * 5_000]]


@pytest.mark.parametrize(
    ("points", "prices", "scheme", "error"),
    [
        ([[[10_001]]], [[1]], ONE, MarkOutOfScale),
        ([[[-1]]], [[1]], ONE, MarkOutOfScale),
        ([[[1]]], [[0]], ONE, ZeroPriceError),
        ([[[1]]], [[-1]], ONE, BadParameter),
        ([[[1]]], [[1, 2]], ONE, BadParameter),
        ([[[1]]], [[1 << 50]], ONE, PrecisionExceeded),
        ([[[1], [1]]], [[1, 1 << 44]], ONE, PrecisionExceeded),
        ([[[1]]], [[1]], Scheme(weights=(5_000,), price_weight=4_999), WeightSumError),
        (
            [[[1]]],
            [[1]],
            Scheme(weights=(5_000,), price_weight=5_000, formula="linear_between_bounds"),
            BadParameter,
        ),
    ],
)
def test_a_batch_refuses_what_it_cannot_compute_exactly(points, prices, scheme, error):
    with pytest.raises(error):
        award(np.array(points), np.array(prices), scheme)
