"""Bland and Altman's figures against printed vectors; their bounds hold as often as said."""

from math import isclose, sqrt

import numpy as np
import pytest

from telemetry_ingest.statistics.agreement import (
    TooFew,
    accuracy,
    agreement,
    approximate_limits,
    bias_bounds,
    exact_limits,
    student,
    tolerance_factor,
)

E14 = np.array([1, -1, 1, 2, -1, 2, -1, -2], dtype=float)


def test_the_vector_of_e14():
    found = agreement(E14)

    assert [round(one, 4) for one in (found.bias, found.spread, found.accuracy)] == [
        0.125,
        1.5526,
        1.4577,
    ]
    assert [round(one, 3) for one in (found.low, found.high, found.error)] == [-2.918, 3.168, 0.951]
    assert accuracy(E14) == pytest.approx(found.accuracy)


def test_the_identity_of_a_rms():
    values = np.random.default_rng(1).normal(1, 2, 200)
    found = agreement(values)

    assert isclose(accuracy(values) ** 2, found.bias**2 + found.spread**2 * (found.n - 1) / found.n)


def test_approximate_bounds_of_the_limits():
    low, high = approximate_limits(agreement(E14), confidence=0.975)

    assert (round(low, 2), round(high, 2)) == (-5.17, 5.42)  # t(7) = 2.365


@pytest.mark.parametrize(("n", "factor"), [(8, 3.187), (10, 2.911), (30, 2.220)])
def test_the_factor_is_the_tolerance_tables(n, factor):
    """One-sided tolerance factors for 95 % of the population at 95 %, as printed (Owen 1963)."""
    assert round(tolerance_factor(n, 1.6448536, confidence=0.95), 3) == factor


def test_the_table_of_student():
    assert [round(student(0.975, freedom), 3) for freedom in (1, 7, 30)] == [12.706, 2.365, 2.042]


def test_exact_bounds_cover_as_often_as_they_say():
    random = np.random.default_rng(2015)
    held = []
    factor = tolerance_factor(12, 1.96, confidence=0.95)
    for _turn in range(3000):
        found = agreement(random.normal(0, 1, 12))
        held.append(found.bias + factor * found.spread >= 1.96)

    assert exact_limits(found, confidence=0.95)[1] == pytest.approx(
        found.bias + factor * found.spread
    )
    assert abs(np.mean(held) - 0.95) < 3 * sqrt(0.05 * 0.95 / 3000)


def test_bounds_of_the_bias_and_too_few():
    low, high = bias_bounds(agreement(E14), confidence=0.975)

    assert (round(low, 3), round(high, 3)) == (-1.173, 1.423)
    with pytest.raises(TooFew):
        agreement(np.array([1.0]))
    with pytest.raises(TooFew):
        accuracy(np.array([]))
