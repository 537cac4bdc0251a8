"""A jump of the clock is not its drift."""

import pytest

from telemetry_ingest.statistics.clocks import clock
from telemetry_ingest.statistics.intervals import HOUR


def test_drift_and_a_jump():
    offsets = [
        (hour * HOUR, hour * 36_000 + (60_000_000 if hour > 10 else 0)) for hour in range(24)
    ]
    found = clock(offsets)

    assert found is not None
    assert (found.hours, found.jumps, found.farthest) == (24, 1, 60_000_000 + 23 * 36_000)
    assert found.drift == pytest.approx(10)  # 36 ms an hour


def test_little_or_nothing():
    assert clock([]) is None
    one = clock([(0, 5)])
    assert one is not None
    assert (one.median, one.jumps, one.drift) == (5, 0, None)


def test_days_of_silence_are_no_jump():
    found = clock([(0, 0), (HOUR, 100_000), (73 * HOUR, 7_300_000), (74 * HOUR, 60_000_000)])

    assert found is not None
    assert found.jumps == 1  # 72 hours at 28 ppm are 7.2 s; the last hour's 53 s are a jump
