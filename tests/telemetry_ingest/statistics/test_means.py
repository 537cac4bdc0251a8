"""The bound of a mean holds as often as it says, for shares of any shape."""

import numpy as np
import pytest

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
