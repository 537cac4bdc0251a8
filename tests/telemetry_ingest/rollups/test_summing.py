"""Roll-ups: parts make the whole, in any order; bins bound percentiles; gaps."""

import math
from itertools import pairwise
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.rollups.bins import ABOVE, BELOW, NothingMeasured, bin_of, percentile
from telemetry_ingest.rollups.summing import LARGEST, Rollup, Stretch, merged, summed
from telemetry_ingest.rollups.uptime import SECOND, covered, length, up_us

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
SILENCE = 150 * SECOND
VALUES = st.none() | st.floats(-50, 150) | st.sampled_from([0.0, 100.0, 1e300, -1e300])
READINGS = st.lists(st.tuples(st.integers(-HOUR, 2 * HOUR), VALUES), max_size=60)


def stretch(start: int, end: int) -> Stretch:
    return Stretch(start, end, SILENCE, 0, 100)


def near(one: Rollup, other: Rollup) -> bool:
    """Say whether they are equal but for the last bits of sums of floats."""
    exact = ("n", "failed", "implausible", "low", "high", "bins")
    floats = ("sum", "squares", "up_s")
    return all(getattr(one, name) == getattr(other, name) for name in exact) and all(
        math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-9, abs_tol=1e-6 * LARGEST
                     if max(abs(one.sum), abs(one.squares)) > LARGEST else 1e-6)
        for name in floats
    )  # fmt: skip


@given(READINGS, st.lists(st.integers(1, HOUR - 1), max_size=5, unique=True))
def test_parts_of_an_hour_merge_into_the_hour(readings, cuts):
    borders = [0, *sorted(cuts), HOUR]
    parts = [summed(readings, stretch(*pair)) for pair in pairwise(borders)]

    assert near(merged(parts), summed(readings, stretch(0, HOUR)))


@given(READINGS, st.randoms())
def test_the_order_of_readings_and_of_parts_does_not_matter(readings, chance):
    mixed = list(readings)
    chance.shuffle(mixed)
    parts = [summed(readings, stretch(at, at + MINUTE)) for at in range(0, HOUR, MINUTE)]
    mixed_parts = list(parts)
    chance.shuffle(mixed_parts)

    assert summed(mixed, stretch(0, HOUR)) == summed(readings, stretch(0, HOUR))
    assert merged(mixed_parts) == merged(parts)


@given(st.lists(st.integers(0, HOUR), max_size=50))
def test_what_is_covered_and_what_is_not_make_the_hour(times):
    inside = sorted({0, HOUR, *times})
    silent = sum(b - a for a, b in pairwise(inside) if b - a > SILENCE)

    assert up_us(inside, SILENCE, 0, HOUR) == HOUR - silent


@given(st.lists(st.integers(0, 10 * HOUR), max_size=50), st.integers(0, 10 * HOUR))
def test_one_more_reading_never_covers_less(times, more):
    fewer, all_ = (length(covered(one, SILENCE)) for one in (times, [*times, more]))

    assert all_ >= fewer


def test_a_pair_across_the_border_covers_its_part_of_either_hour():
    times = [HOUR - 30 * SECOND, HOUR + 20 * SECOND]

    assert up_us(times, SILENCE, 0, HOUR) == 30 * SECOND
    assert up_us(times, SILENCE, HOUR, 2 * HOUR) == 20 * SECOND
    assert up_us(times, 49 * SECOND, 0, HOUR) == 0


def test_a_lone_reading_covers_nothing():
    assert list(covered([5], SILENCE)) == []


@pytest.mark.parametrize(
    ("value", "place"), [(-0.1, BELOW), (0, 1), (1.5625, 2), (99.99, 64), (100, 64), (100.1, ABOVE)]
)
def test_both_ends_of_the_range_are_plausible(value, place):
    assert bin_of(value, 0, 100) == place


@given(st.lists(st.floats(-20, 120), min_size=1, max_size=200), st.sampled_from([0.05, 0.5, 0.95]))
def test_a_percentile_lies_between_its_bounds(values, share):
    rollup = summed([(at, value) for at, value in enumerate(values)], stretch(0, HOUR))
    assert rollup.low is not None
    assert rollup.high is not None
    lower, upper = percentile(rollup.bins, share, 0, 100, (rollup.low, rollup.high))
    nearest = sorted(values)[max(1, math.ceil(share * len(values))) - 1]

    assert lower <= nearest <= upper or math.isclose(nearest, lower) or math.isclose(nearest, upper)


def test_the_bounds_of_a_plain_distribution_hold_its_quartiles():
    values = [float(one) for one in range(101)]
    rollup = summed(list(enumerate(values)), stretch(0, HOUR))

    found = [percentile(rollup.bins, share, 0, 100, (0, 100)) for share in (0.25, 0.5, 0.75)]

    assert [
        low <= cut <= high
        for (low, high), cut in zip(found, quantiles(values, n=4, method="inclusive"), strict=True)
    ] == [True] * 3


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(NothingMeasured):
        percentile(Rollup().bins, 0.5, 0, 100, (0, 0))


def test_a_failed_measurement_is_no_zero_and_an_absurd_one_no_overflow():
    rollup = summed([(0, None), (1, 50.0), (2, 1e300)], stretch(0, HOUR))

    assert (rollup.n, rollup.failed, rollup.implausible, rollup.readings) == (2, 1, 1, 3)
    assert (rollup.low, rollup.high, rollup.sum) == (50.0, 1e300, 50.0 + LARGEST)


def test_nothing_is_merged_into_nothing():
    assert merged([]) == Rollup()
    assert merged([]).mean is None
