"""The bound of a mean holds as often as it says, for shares of any shape."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.statistics.means import days_needed, lower_mean


def test_days_without_loss():
    assert lower_mean([1.0] * 68, confidence=0.95) >= 0.95 > lower_mean([1.0] * 67, confidence=0.95)
    assert days_needed(0.95, confidence=0.95) == 68
    assert (days_needed(1, confidence=0.95), days_needed(0, confidence=0.95)) == (None, 1)


def test_no_better_than_the_exact_bound_of_a_run_of_successes():
    """Nothing can beat Clopper and Pearson's (1934) α^(1/n) for n successes of n."""
    for n in (1, 10, 30, 100):
        assert 0 < lower_mean([1.0] * n, confidence=0.95) < 0.05 ** (1 / n)
    assert lower_mean([1.0] * 100, confidence=0.95) > 0.05 ** (1 / 100) - 0.006


def test_nothing_observed_proves_nothing():
    assert lower_mean([], confidence=0.95) == 0
    assert lower_mean([0.0, 0.0], confidence=0.95) == 0


def test_a_worse_day_never_raises_the_bound():
    good = [1.0] * 40
    assert lower_mean([*good, 0.2], confidence=0.95) < lower_mean([*good, 0.9], confidence=0.95)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40),
    st.integers(0, 39),
    st.floats(0, 1),
    st.sampled_from([0.5, 0.9, 0.95, 0.999]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_days_a_worse_one_never_raises_the_bound(days, place, share, confidence):
    worse = list(days)
    place %= len(days)
    worse[place] *= share
    before = lower_mean(days, confidence=confidence)

    assert lower_mean(worse, confidence=confidence) <= before
    assert lower_mean([*days, 0.0], confidence=confidence) <= before
    assert before <= sum(days) / len(days) + 1e-12
    assert lower_mean(days, confidence=min(confidence + 0.0005, 0.9995)) <= before


def test_the_bound_is_the_same_on_every_machine():
    """Products of IEEE numbers, no logarithm of any library: to the last bit."""
    days = [1.0, 0.25, 0.999, 0.5, 1.0] * 30
    assert lower_mean(days, confidence=0.95).hex() == "0x1.58b59b98679ffp-1"
    assert lower_mean([0.0] * 300 + [1.0] * 430, confidence=0.95).hex() == "0x1.c225bca21baa1p-2"


def test_the_bound_is_where_the_capital_reaches_what_is_wanted():
    """The same in exact fractions: refused at the bound, not refused a little above it."""
    days = [Fraction(1), Fraction(1, 4), Fraction(9, 10), Fraction(1)] * 8
    bound = Fraction(lower_mean([float(one) for one in days], confidence=0.95))

    def capital(mean: Fraction) -> Fraction:
        stakes = [Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)]
        return sum(prod(1 + stake * (one / mean - 1) for one in days) for stake in stakes)

    assert capital(bound - Fraction(1, 10**12)) > 60 > capital(bound + Fraction(1, 10**12))


@pytest.mark.parametrize("shape", ["rare", "uniform", "spread"])
def test_coverage(shape):
    random = np.random.default_rng(2026)
    draw = {
        "rare": lambda: 1 - (random.random(40) < 0.05) * random.random(40),
        "uniform": lambda: random.random(40),
        "spread": lambda: random.beta(20, 1, 40),
    }[shape]
    mean = {"rare": 1 - 0.05 / 2, "uniform": 0.5, "spread": 20 / 21}[shape]

    held = [lower_mean(draw(), confidence=0.95) <= mean for _ in range(400)]

    assert np.mean(held) >= 0.95 - 1.64 * np.sqrt(0.05 * 0.95 / 400)
