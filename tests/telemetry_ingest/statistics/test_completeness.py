"""Stored over expected: by the agreed rate, and by the numbers the device gave."""

from fractions import Fraction

import numpy as np

from telemetry_ingest.statistics.completeness import (
    by_numbers,
    by_stretch,
    completeness,
    expected_by_rate,
)
from telemetry_ingest.statistics.intervals import DAY, HOUR, Interval


def test_expected_and_stored():
    assert expected_by_rate(3_600_000_000, 1) == 3600
    assert expected_by_rate(3_600_000_000, 0.1) == 36_000
    assert completeness(90, 100) == Fraction(9, 10)
    assert (completeness(101, 100), completeness(5, 0)) == (1, None)


def test_numbers_of_a_boot():
    assert by_numbers([(0, 10), (12, 20)]) == (18, 20)
    assert by_numbers([(5, 10)]) == (5, 10)
    assert by_numbers([]) == (0, 0)


def of(seconds, service=None, every=1.0):
    at = np.array(seconds, dtype=np.int64) * 1_000_000
    return by_stretch(at, service or [Interval(0, 2 * HOUR, "up")], every)


def test_too_much_in_one_hour_does_not_fill_the_hole_of_another():
    assert of(range(7200)) == 1
    assert of([*range(3600), *range(3600)]) == Fraction(1, 2)
    assert of(range(1800)) == Fraction(1, 4)
    assert of([]) == 0
    assert by_stretch(np.array([], dtype=np.int64), [], 1.0) is None


def test_slow_metrics_are_counted_by_the_day_or_at_once():
    day = [Interval(0, DAY, "up")]
    assert of([*range(0, 43_200, 30)] * 2, day, every=60) == 1  # a day is one stretch
    late = [Interval(0, DAY, "up"), Interval(DAY, 2 * DAY, "up")]
    assert of([0] * 2, late, every=86_400) == 1


def test_only_hours_of_service_count():
    service = [Interval(8 * HOUR, 10 * HOUR, "up"), Interval(32 * HOUR, 34 * HOUR, "down")]
    inside = [8 * 3600 + one for one in range(7200)]

    assert of([*range(3600), *inside], service) == Fraction(1, 2)
