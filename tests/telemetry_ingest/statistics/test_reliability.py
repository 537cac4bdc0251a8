"""Exact bounds from few events, against printed tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.statistics.intervals import HOUR, Interval, _joined
from telemetry_ingest.statistics.reliability import (
    Failures,
    chi_square,
    episodes,
    failures,
    mtbf,
    mtbf_bounds,
    mttr,
    mttr_lower,
    mttr_upper,
    rate_bounds,
)


@pytest.mark.parametrize(
    ("chance", "freedom", "value"),
    [(0.95, 1, 3.841), (0.95, 2, 5.991), (0.95, 10, 18.307), (0.9, 4, 7.779), (0.05, 10, 3.940)],
)
def test_the_table_of_chi_square(chance, freedom, value):
    assert round(chi_square(chance, freedom), 3) == value


@pytest.mark.parametrize(("count", "divisor"), [(0, 2.996), (1, 4.744), (2, 6.296)])
def test_the_mtbf_of_a_test_that_ends_at_a_time(count, divisor):
    assert mtbf_bounds(1000, count, confidence=0.95)[0] == pytest.approx(1000 / divisor, rel=2e-4)


def test_without_a_failure_there_is_no_estimate_but_a_lower_bound():
    assert (mtbf(720, 0), mtbf(720, 2), mtbf_bounds(720, 0, confidence=0.9)[1]) == (None, 360, None)


def test_repairs():
    assert (mttr(6, 3), mttr(6, 0), mttr_upper(6, 0, confidence=0.95)) == (2, None, None)
    assert mttr_upper(6, 3, confidence=0.95) == pytest.approx(12 / 1.63538, rel=1e-5)
    assert mttr_lower(6, 3, confidence=0.95) == pytest.approx(12 / 15.5073, rel=1e-5)
    assert mttr_lower(100, 0, confidence=0.95) == pytest.approx(200 / 5.99146, rel=1e-5)


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)]
)
def test_garwoods_limits(count, low, high):
    """The two-sided 95 % limits of his table are one-sided ones at 97.5 %."""
    assert rate_bounds(count, 1, confidence=0.975) == pytest.approx((low, high), abs=6e-4)


def test_the_mtbfs_bound_covers():
    random = np.random.default_rng(8)
    counts = random.poisson(1000 / 300, 2000)

    held = np.mean([mtbf_bounds(1000, int(n), confidence=0.9)[0] <= 300 for n in counts])

    assert held >= 0.9 - 0.015


def test_failures_are_beginnings_of_down_and_the_last_is_not_repaired():
    found = [
        Interval(0, 10 * HOUR, "up"),
        Interval(10 * HOUR, 12 * HOUR, "down"),
        Interval(12 * HOUR, 20 * HOUR, "partial"),
        Interval(20 * HOUR, 21 * HOUR, "down"),
    ]

    assert failures(found, found) == Failures(18, 2, 1, 3)


def test_a_silence_may_hide_one_failure_and_the_one_before_a_failure_is_that_one():
    found = [
        Interval(0, 10 * HOUR, "unknown"),
        Interval(10 * HOUR, 12 * HOUR, "up"),
        Interval(12 * HOUR, 14 * HOUR, "unknown"),
        Interval(14 * HOUR, 15 * HOUR, "down"),
        Interval(15 * HOUR, 20 * HOUR, "unknown"),
    ]

    assert failures(found, found) == Failures(2, 1, 1, 1, silences=2)
    night = [Interval(16 * HOUR, 20 * HOUR, "unknown")]
    assert failures(found, night).silences == 1
    assert failures(found, []).silences == 0


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_silence_in_place_of_anything_never_raises_what_is_proven(data):
    """What is heard of a device is replaced by silence: the MTBF's bound is not higher."""
    states = data.draw(
        st.lists(st.sampled_from(["up", "partial", "down"]), min_size=1, max_size=12)
    )
    first = data.draw(st.integers(0, len(states) - 1))
    hidden = [*states[:first], "unknown", *states[first + 1 :]]
    bounds = []
    for one in (states, hidden):
        joined = _joined([Interval(at, at + 1, state) for at, state in enumerate(one)])
        found = failures(
            [Interval(o.start * HOUR, o.end * HOUR, o.state) for o in joined],
            [Interval(o.start * HOUR, o.end * HOUR, o.state) for o in joined],
        )
        bounds.append(mtbf_bounds(found.hours, found.failures + found.silences, confidence=0.9)[0])

    assert bounds[1] <= bounds[0]


def test_an_alarm_repeated_is_one():
    alarms = [(1, 7, True), (2, 7, True), (3, 8, True), (4, 7, False), (5, 7, True), (99, 9, True)]

    assert episodes(alarms) == [1, 3, 5, 99]
