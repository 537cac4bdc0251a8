from datetime import UTC, datetime, timedelta

from telemetry_ingest.live.gaps import Gap, gaps, stretches
from telemetry_ingest.queries.live import Bin

START, STEP = datetime(2026, 3, 1, tzinfo=UTC), timedelta(minutes=10)


def at(place: int, mean: float | None = 97.0) -> Bin:
    return Bin(START + place * STEP, 5 if mean else 0, 0 if mean else 5, mean, mean, mean)


def test_silence_is_a_gap_also_at_both_ends():
    found = gaps([at(2), at(3), at(6)], STEP, 150, START, START + 9 * STEP)

    assert found == [
        Gap(START, START + 2 * STEP),
        Gap(START + 4 * STEP, START + 6 * STEP),
        Gap(START + 7 * STEP, START + 9 * STEP),
    ]
    assert found[1].length == 2 * STEP


def test_less_than_the_agreed_silence_is_none():
    second = timedelta(seconds=10)
    slow = [Bin(START + timedelta(minutes=n), 1, 0, 1.0, 1.0, 1.0) for n in range(3)]

    assert gaps(slow, second, 150, START, START + timedelta(minutes=3)) == []
    assert [len(one) for one in stretches(slow, second, 150)] == [3]


def test_no_line_goes_through_a_gap_or_a_failed_measurement():
    found = stretches([at(0), at(1), at(3), at(4, None), at(5)], STEP, 150)

    assert [[one.start for one in each] for each in found] == [
        [START, START + STEP], [START + 3 * STEP], [START + 5 * STEP],
    ]  # fmt: skip
    assert gaps([at(0), at(1, None)], STEP, 150, START, START + 2 * STEP) == []
