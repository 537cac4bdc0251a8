"""Several differences of one session say less than as many independent ones."""

import numpy as np
import pytest

from telemetry_ingest.statistics.agreement import TooFew, agreement
from telemetry_ingest.statistics.repeated import (
    accuracy_bounds,
    bias_bounds,
    inner_limit_bounds,
    limit_bounds,
    repeated,
    variance_bounds,
)

# Bland & Altman, SMMR 8 (1999) table 4 and J. Biopharm. Stat. 17 (2007) table 1: cardiac output by
# radionuclide ventriculography and by impedance cardiography, 60 pairs of 12 subjects.
CARDIAC = """
7.83-6.57 7.42-5.62 7.89-6.90 7.12-6.57 7.88-6.35, 6.16-4.06 7.26-4.29 6.71-4.26 6.54-4.09,
4.75-4.71 5.24-5.50 4.86-5.08 4.78-5.02 6.05-6.01 5.42-5.67,
4.21-4.14 3.61-4.20 3.72-4.61 3.87-4.68 3.92-5.04,
3.13-3.03 2.98-2.86 2.85-2.77 3.17-2.46 3.09-2.32 3.12-2.43,
5.92-5.90 6.42-5.81 5.92-5.70 6.27-5.76,
7.13-5.09 6.62-4.63 6.58-4.61 6.93-5.09,
4.54-4.72 4.81-4.61 5.11-4.36 5.29-4.20 5.39-4.36 5.57-4.20,
4.48-3.17 4.92-3.12 3.97-2.96, 4.22-4.35 4.65-4.62 4.74-3.16 4.44-3.53 4.50-3.53,
6.78-7.20 6.07-6.09 6.52-7.00 6.42-7.10 6.41-7.40 5.76-6.80,
5.06-4.50 4.72-4.20 4.90-3.80 4.80-3.80 4.90-4.20 5.10-4.50
"""


def cardiac():
    """Return the differences and their subjects."""
    found = [
        (float(first) - float(second), place)
        for place, subject in enumerate(CARDIAC.split(","))
        for first, _minus, second in (pair.partition("-") for pair in subject.split())
    ]
    return np.array([one for one, _ in found]), np.array([place for _, place in found])


def test_cardiac_output_as_bland_and_altman_publish_it():
    """2007: residual mean square 0.1707, between 0.8106; mean 0.60, limits −1.34 and 2.54."""
    values, subjects = cardiac()
    found = repeated(values, subjects)

    assert (found.n, found.sessions) == (60, 12)
    assert [round(one, 4) for one in (found.within, found.between)] == [0.1707, 0.8106]
    spread = 1.96 * np.sqrt(found.within + found.between)
    assert [round(float(np.mean(values) + one), 2) for one in (-spread, 0, spread)] == [
        -1.34, 0.6, 2.54,
    ]  # fmt: skip


def test_cardiac_output_with_the_means_of_subjects():
    """Zou (2013) takes the mean of means; a mixed model (lme4) gives 0.705, 0.413 and 1.022."""
    found = repeated(*cardiac())

    assert found.bias == pytest.approx(0.705, abs=0.005)
    assert np.sqrt(found.within) == pytest.approx(0.413, abs=0.0005)
    assert np.sqrt(found.variance) == pytest.approx(1.022, abs=0.005)
    assert found.limits == pytest.approx((-1.297, 2.715), abs=0.0005)
    assert found.harmonic == pytest.approx(
        12 / sum(1 / n for n in (5, 4, 6, 5, 6, 4, 4, 6, 3, 5, 6, 6))
    )


def test_bounds_of_cardiac_output_by_hand():
    """χ²(0.975; 11) = 21.920, χ²(0.025; 11) = 3.8157; with 48: 69.023 and 30.755; t(11) = 2.201."""
    found = repeated(*cardiac())
    rest = (1 - 1 / found.harmonic) * found.within
    up = np.hypot(found.means * (11 / 3.8157 - 1), rest * (48 / 30.755 - 1))
    down = np.hypot(found.means * (1 - 11 / 21.920), rest * (1 - 48 / 69.023))
    low, high = variance_bounds(found, confidence=0.975)

    assert (low, high) == pytest.approx((found.variance - down, found.variance + up), rel=1e-4)
    wide = np.hypot(
        2.201 * np.sqrt(found.means / 12), 1.96 * (np.sqrt(high) - np.sqrt(found.variance))
    )
    assert limit_bounds(found, confidence=0.975) == pytest.approx(
        (found.limits[0] - wide, found.limits[1] + wide), rel=1e-4
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
    held, bias, naive, accuracy, inner, least = [], [], [], [], [], []
    for _turn in range(400):
        values, places = sample(random)
        found = repeated(values, places)
        held.append(limit_bounds(found, confidence=0.95)[1] >= truth)
        bias.append(bias_bounds(found, confidence=0.95)[1] >= 0)
        low, high = accuracy_bounds(found, confidence=0.95)
        accuracy.append(high >= np.sqrt(2))
        least.append(low <= np.sqrt(2))
        inner.append(inner_limit_bounds(found, confidence=0.95)[1] <= truth)
        plain = agreement(values)
        naive.append(plain.bias + 1.66 * plain.spread / 10 >= 0)

    assert min(np.mean(one) for one in (held, bias, accuracy, inner, least)) >= 0.93
    assert np.mean(naive) < 0.9


def test_more_confidence_gives_wider_bounds():
    found = repeated(*sample(np.random.default_rng(5)))

    (low, high), (lower, higher) = (variance_bounds(found, confidence=one) for one in (0.9, 0.99))
    assert 0 <= lower < low < found.variance < high < higher
    assert accuracy_bounds(found, confidence=0.9)[0] < found.accuracy


def test_too_few():
    with pytest.raises(TooFew):
        repeated(np.array([1.0, 2.0]), np.array([0, 0]))
    with pytest.raises(TooFew):
        repeated(np.array([1.0, 2.0]), np.array([0, 1]))
