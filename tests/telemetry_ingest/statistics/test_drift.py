"""The slope of daily medians holds against single wild days, as scipy computes it."""

import numpy as np
import pytest

from telemetry_ingest.statistics.agreement import TooFew
from telemetry_ingest.statistics.drift import slope


def test_as_scipys_theil_slopes():
    from scipy.stats import theilslopes

    random = np.random.default_rng(6)
    days = np.arange(30.0)
    values = 97 - 0.02 * days + random.normal(0, 0.3, 30)
    found, theirs = slope(days, values, confidence=0.975), theilslopes(values, days, 0.95)

    assert found.slope == pytest.approx(theirs.slope)
    assert found.low <= theirs.low_slope < theirs.high_slope <= found.high
    assert found.high - found.low < 1.1 * (theirs.high_slope - theirs.low_slope)


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
    days = np.arange(20.0)
    found = [slope(days, random.normal(0, 1, 20), confidence=0.95) for _ in range(500)]

    assert np.mean([one.high >= 0 for one in found]) >= 0.93
