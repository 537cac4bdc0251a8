"""Several differences of one session say less than as many independent ones."""

import numpy as np
import pytest

from telemetry_ingest.statistics.agreement import TooFew, agreement
from telemetry_ingest.statistics.repeated import (
    accuracy_upper,
    bias_bounds,
    limit_bounds,
    repeated,
    variance_upper,
)


def sample(random, sessions=20, each=5, between=1.0, within=1.0):
    shift = random.normal(0, between, sessions)
    places = np.repeat(np.arange(sessions), each)
    return shift[places] + random.normal(0, within, sessions * each), places


def test_the_analysis_of_variance_by_hand():
    """Sessions 1, 3 and 5, 7: means 2 and 6, within 2, among 16, between (16 − 2)/2 = 7."""
    found = repeated(np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1]))

    assert (found.bias, found.within, found.between, found.means, found.harmonic) == (4, 2, 7, 8, 2)
    assert found.variance == found.between + found.within == 9


def test_balanced_sessions_have_both_variances_alike():
    values, places = sample(np.random.default_rng(3))
    found = repeated(values, places)

    assert found.variance == pytest.approx(found.between + found.within)


def test_the_bounds_cover_where_the_naive_ones_do_not():
    random = np.random.default_rng(2007)
    truth = 1.96 * np.sqrt(2)
    held, bias, naive, accuracy = [], [], [], []
    for _turn in range(400):
        values, places = sample(random)
        found = repeated(values, places)
        held.append(limit_bounds(found, confidence=0.95)[1] >= truth)
        bias.append(bias_bounds(found, confidence=0.95)[1] >= 0)
        accuracy.append(accuracy_upper(found, confidence=0.95) >= np.sqrt(2))
        plain = agreement(values)
        naive.append(plain.bias + 1.66 * plain.spread / 10 >= 0)

    assert min(np.mean(held), np.mean(bias), np.mean(accuracy)) >= 0.93
    assert np.mean(naive) < 0.9


def test_more_variance_gives_a_higher_bound():
    found = repeated(*sample(np.random.default_rng(5)))

    assert variance_upper(found, confidence=0.99) > variance_upper(found, confidence=0.9)
    assert variance_upper(found, confidence=0.9) > found.variance


def test_too_few():
    with pytest.raises(TooFew):
        repeated(np.array([1.0, 2.0]), np.array([0, 0]))
    with pytest.raises(TooFew):
        repeated(np.array([1.0, 2.0]), np.array([0, 1]))
