"""The slope of daily medians holds against single wild days, as scipy computes it."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest

from telemetry_ingest.statistics.agreement import TooFew
from telemetry_ingest.statistics.drift import _inversions, days_needed, rank, slope


def test_as_scipys_theil_slopes():
    from scipy.stats import theilslopes

    random = np.random.default_rng(6)
    days = np.arange(30.0)
    values = 97 - 0.02 * days + random.normal(0, 0.3, 30)
    found, theirs = slope(days, values, confidence=0.975), theilslopes(values, days, 0.95)

    assert found.slope == pytest.approx(theirs.slope)
    assert (found.low, found.high) == pytest.approx((theirs.low_slope, theirs.high_slope), abs=5e-4)


@pytest.mark.parametrize(
    ("n", "sum_", "chance"),
    [
        (4, 6, 0.042),
        (5, 8, 0.042),
        (6, 11, 0.028),
        (8, 16, 0.031),
        (10, 21, 0.036),
        (10, 25, 0.014),
    ],
)
def test_kendalls_table(n, sum_, chance):
    """P(S ≥ s) as printed in Kendall, « Rank Correlation Methods », appendix table 1."""
    discordant = (n * (n - 1) // 2 - sum_) // 2

    found = Fraction(sum(_inversions(n)[: discordant + 1]), factorial(n))

    assert round(float(found), 3) == chance


def test_the_rank_is_the_largest_that_is_sure_enough():
    for n in (5, 7, 12, 40):
        for confidence in (0.9, 0.95, 0.99):
            if n < days_needed(confidence=confidence):
                continue
            found, counts = rank(n, confidence=confidence), _inversions(n)
            below = [Fraction(sum(counts[:place]), factorial(n)) for place in (found, found + 1)]
            assert below[0] <= 1 - Fraction(str(confidence)) < below[1]
    assert abs(rank(100, confidence=0.95) - rank(101, confidence=0.95)) < 70


def test_days_that_nothing_could_be_said_with():
    assert [days_needed(confidence=one) for one in (0.5, 0.95, 0.99, 0.995, 0.999)] == [
        5,
        5,
        5,
        6,
        7,
    ]
    with pytest.raises(TooFew):
        slope(np.arange(6.0), np.arange(6.0), confidence=0.999)
    found = slope(np.arange(7.0), np.arange(7.0) ** 2, confidence=0.999)
    assert (found.low, found.high) == (1, 11)


def test_three_wild_days_change_little():
    days = np.arange(30.0)
    values = 0.1 * days
    values[[3, 12, 28]] = 500

    assert abs(slope(days, values, confidence=0.95).slope - 0.1) < 0.01


def test_a_level_line_has_no_drift_and_few_days_none_at_all():
    found = slope(np.arange(10.0), np.full(10, 97.0), confidence=0.95)

    assert (found.slope, found.low, found.high) == (0, 0, 0)
    with pytest.raises(TooFew):
        slope(np.arange(4.0), np.arange(4.0), confidence=0.95)


def test_the_bounds_cover():
    random = np.random.default_rng(7)
    for n in (6, 20):
        days = np.arange(float(n))
        found = [slope(days, random.normal(0, 1, n), confidence=0.95) for _ in range(1000)]

        assert np.mean([one.high >= 0 for one in found]) >= 0.95 - 0.0114  # 1.65 standard errors
