"""A_o of domain E8: hours of service, partial counts half, unknown is not down."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.statistics.availability import Times, by_day, lower_bound, times, upper_bound
from telemetry_ingest.statistics.intervals import DAY, HOUR, Interval


def test_the_vector_of_e8():
    # 2,000 h up and 24 h under repair
    assert round(float(Times(up=2000 * HOUR, down=24 * HOUR).of_known), 5) == 0.98814
    assert Times(up=1976 * HOUR, down=24 * HOUR).of_known == Fraction(988, 1000)


def test_partial_counts_half():
    assert Times(up=8, partial=2).of_known == Fraction(9, 10)


def test_unknown_is_bounded_both_ways():
    found = Times(up=80, down=10, unknown=10)

    assert (found.of_known, found.if_down, found.if_up) == (
        Fraction(8, 9),
        Fraction(8, 10),
        Fraction(9, 10),
    )
    assert (Times().of_known, Times(unknown=5).of_known, Times(unknown=5).if_down) == (
        None,
        None,
        0,
    )


def test_times_by_day():
    spans = [Interval(0, DAY, "up"), Interval(DAY, DAY + HOUR, "down")]

    assert by_day(spans) == [(0, Times(up=DAY)), (DAY, Times(down=HOUR))]
    assert times(spans) == Times(up=DAY, down=HOUR)


def test_the_judged_bound_takes_the_unknown_for_down():
    days = [Times(up=23 * HOUR, unknown=HOUR)] * 90
    careful = lower_bound(days, confidence=0.95, day_length=DAY)
    hopeful = lower_bound(days, confidence=0.95, day_length=DAY, unknown_is_down=False)

    assert careful < 23 / 24 < hopeful
    assert upper_bound(days, confidence=0.95, day_length=DAY) == 1


def test_what_is_refuted():
    days = [Times(up=18 * HOUR, down=6 * HOUR)] * 60
    best = upper_bound(days, confidence=0.95, day_length=DAY)

    assert 0.75 < best < 0.9
    assert upper_bound([], confidence=0.95, day_length=DAY) == 1


@given(st.lists(st.tuples(*[st.integers(0, 24)] * 4), min_size=1, max_size=20), st.data())
@settings(max_examples=100, deadline=None)
def test_more_unknown_and_more_down_never_help(given_days, data):
    days = [Times(*(one * HOUR for one in each)) for each in given_days]
    place = data.draw(st.integers(0, len(days) - 1))
    one = days[place]
    silent = Times(0, one.partial, one.down, one.unknown + one.up)
    broken = Times(0, one.partial, one.down + one.up, one.unknown)
    before = lower_bound(days, confidence=0.95, day_length=DAY)
    for worse in (silent, broken):
        changed = [*days[:place], worse, *days[place + 1 :]]

        assert lower_bound(changed, confidence=0.95, day_length=DAY) <= before
