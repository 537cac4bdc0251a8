from datetime import timedelta

from telemetry_ingest.health.trends import Sample, grown, sample_of, stretches
from tests.telemetry_ingest.health.snapshots import NOW, beat, broker, seen


def sample(ago_s: float, came: int | None, stored: int | None = 0, **readings: float) -> Sample:
    return Sample(NOW.timestamp() - ago_s, came, stored, 1.5, 7, readings)


def test_a_sample_keeps_what_the_hour_needs():
    one = sample_of(seen(broker=broker(waiting=4, late_s=9), beats=(beat(readings=12.0),)))

    assert (one.came, one.stored, one.late_s, one.missing) == (500, 496, 9.0, 0)
    assert one.readings == {"one": 12.0}


def test_rates_are_what_was_counted_between_two_samples():
    now = NOW + timedelta(seconds=60)
    found = stretches([sample(0, 100, 90, a=10.0), sample(-15, 130, 120, a=160.0)], now)

    assert len(found) == 30
    last = found[-1]
    assert (last.came, last.stored, last.readings, last.late_s) == (2.0, 2.0, 10.0, 1.5)
    assert [one.came for one in found[:-1]] == [None] * 29


def test_where_nobody_looked_nothing_is_known():
    # Two samples a minute apart, and a broker that did not answer.
    assert stretches([sample(60, 0), sample(0, 600)], NOW)[-1].came is None
    assert stretches([sample(0, 0), sample(-15, None, None)], NOW)[-1].came is None


def test_a_stream_made_anew_and_a_process_that_began_again_count_from_zero():
    found = stretches([sample(0, 900, 900, a=500.0), sample(-15, 3, 3, a=30.0, b=15.0)], NOW)

    assert (found[-1].came, found[-1].readings) == (0.0, 3.0)


def test_what_is_missing_more_than_an_hour_ago_is_news():
    assert (grown([sample(60, 0)], 9), grown([sample(60, 0)], 5), grown([], 5)) == (2, 0, None)
