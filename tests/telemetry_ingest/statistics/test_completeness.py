"""Stored over expected: by the agreed rate, and by the numbers the device gave."""

from fractions import Fraction

from telemetry_ingest.statistics.completeness import by_numbers, completeness, expected_by_rate


def test_expected_and_stored():
    assert expected_by_rate(3_600_000_000, 1) == 3600
    assert expected_by_rate(3_600_000_000, 0.1) == 36_000
    assert completeness(90, 100) == Fraction(9, 10)
    assert (completeness(101, 100), completeness(5, 0)) == (1, None)


def test_numbers_of_a_boot():
    assert by_numbers([(0, 10), (12, 20)]) == (18, 20)
    assert by_numbers([(5, 10)]) == (5, 10)
    assert by_numbers([]) == (0, 0)
