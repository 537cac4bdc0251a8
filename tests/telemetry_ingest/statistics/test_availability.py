"""A_o of domain E8: hours of service, partial counts half, unknown is not down."""

from fractions import Fraction

from telemetry_ingest.statistics.availability import Times, by_day, lower_bound, times
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
