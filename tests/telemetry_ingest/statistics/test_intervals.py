"""Silence is unknown and never « down »; a device that said « down » stays so."""

import numpy as np

from telemetry_ingest.statistics.intervals import DAY, HOUR, Interval, covered, intervals

MINUTE = 60_000_000


def of(life, said, *, end=60):
    found = intervals(
        np.array([one * MINUTE for one in life], dtype=np.int64),
        [(at * MINUTE, state) for at, state in said],
        start=0,
        end=end * MINUTE,
        silence=5 * MINUTE,
    )
    return [(one.start // MINUTE, one.end // MINUTE, one.state) for one in found]


def test_readings_without_a_word_mean_up():
    assert of(range(0, 60, 5), []) == [(0, 60, "up")]


def test_a_silence_is_unknown_from_the_last_sign_of_life_to_the_next():
    assert of([0, 5, 10, 30, 35, 40, 45, 50, 55], []) == [
        (0, 10, "up"),
        (10, 30, "unknown"),
        (30, 60, "up"),
    ]


def test_nothing_at_all_is_unknown():
    assert of([], []) == [(0, 60, "unknown")]


def test_the_edges_of_the_window_are_silences_too():
    assert of([20, 25, 30], [], end=50) == [
        (0, 20, "unknown"),
        (20, 30, "up"),
        (30, 50, "unknown"),
    ]


def test_a_device_that_said_down_and_fell_silent_stays_down():
    assert of([0, 5, 10, 40, 45, 50, 55], [(12, "down"), (38, "up")]) == [
        (0, 12, "up"),
        (12, 38, "down"),
        (38, 60, "up"),
    ]


def test_a_partial_device_that_falls_silent_is_unknown():
    assert of([0, 5, 50, 55], [(10, "partial")]) == [
        (0, 10, "up"),
        (10, 50, "unknown"),
        (50, 60, "partial"),
    ]


def test_the_states_leave_no_hole_whatever_comes():
    random = np.random.default_rng(4)
    for _turn in range(200):
        life = np.unique(random.integers(0, 1000, random.integers(0, 60)))
        said = sorted(
            (int(random.integers(-50, 1100)), str(random.choice(["up", "partial", "down"])))
            for _ in range(random.integers(0, 6))
        )
        found = intervals(life, said, start=0, end=1000, silence=20)

        assert [one.start for one in found] == [0, *(one.end for one in found[:-1])]
        assert found[-1].end == 1000
        assert all(one.length > 0 for one in found)


def test_hours_of_service_cut_the_intervals_by_day():
    whole = [Interval(0, 2 * DAY, "up")]

    assert covered(whole, daily_from=8, daily_to=18) == [
        Interval(8 * HOUR, 18 * HOUR, "up"),
        Interval(DAY + 8 * HOUR, DAY + 18 * HOUR, "up"),
    ]
