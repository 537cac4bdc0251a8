"""The harness of `make bench-scoring`, without its peers and without looking at a time."""

import sys
from statistics import median

import numpy as np
import pytest

from bench.scoring import inputs
from bench.scoring.ours import official_ours
from bench.scoring.rows import Row, table, time_text
from bench.scoring.worker import Failed, paired, ratio_of, working


def test_a_worker_measures_and_answers_and_says_what_it_cannot():
    with working(sys.executable, "bench.scoring.ours") as worker:
        asked = {"ours": (worker, "vikor_ours"), "other": (worker, "vikor_of_nobody")}
        times, answers = paired(asked, 2, at_least=0)

    assert (set(times), len(times["ours"]), median(times["ours"]) > 0) == ({"ours"}, 2, True)
    assert len(answers["ours"]) == inputs.BIDS
    assert isinstance(answers["other"], Failed)


def test_a_ratio_is_the_median_of_the_rounds():
    assert ratio_of({"a": [1.0, 9.0, 4.0], "b": [1.0, 3.0, 2.0]}, "a", "b") == 2.0


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.5, "2.5 s"), (0.0125, "12.5 ms"), (4e-6, "4 µs"), (2.36e-8, "23.6 ns")]
)
def test_times_have_the_unit_that_suits_them(seconds, text):
    assert time_text(seconds) == text


def test_the_table_says_what_was_met_missed_and_not_measured():
    rows = [
        Row("T1", "one", "≥ 1", "2 s", "4 s", 2.0, True),
        Row("T2", "two", "≥ 1", ratio=0.5, met=False),
        Row("T3", "three", "≥ 1", note="no R here"),
    ]

    lines = table(rows).splitlines()

    assert [line.split()[-1] for line in lines[1:4]] == ["met", "MISSED", "measured"]
    assert lines[5] == "T3: no R here"


def test_both_sides_get_the_same_numbers():
    shares = inputs.basis_points()

    assert (len(shares), sum(shares), inputs.weights().sum()) == (20, 10_000, pytest.approx(1))
    assert np.array_equal(inputs.matrix(), inputs.matrix())
    assert sorted(official_ours()())[0] == 1
