from fractions import Fraction

import numpy as np
import pytest

from procurement.scoring.errors import Malformed
from procurement.scoring.robustness.evaluators import (
    Disputed,
    Panel,
    WithoutOne,
    agreement,
    disputed,
    kendall_w,
    median,
    without_each,
    without_each_again,
)
from tests.procurement.scoring.robustness.matrices import matrix

MARKS = np.array([[8000, 6000], [7000, 6500], [3000, 9000]])


def panel(marks=MARKS, **changes):
    return Panel(1, ("p", "q", "r"), marks, **changes)


def looked_at(second=(6000, 7167)):
    return matrix([[5000, second[0]], [5000, second[1]]], (5000, 5000))


def test_the_award_without_each_evaluator():
    found = without_each(looked_at(), [panel()])

    assert found == (
        WithoutOne("p", "b1", Fraction(2750, 200)),
        WithoutOne("q", "b1", Fraction(2000, 200)),
        WithoutOne("r", "b0", Fraction(1250, 200)),
    )


def test_the_median_is_taken_where_it_was_published():
    found = without_each(looked_at((7000, 6500)), [panel(aggregate="median")])

    assert [(one.evaluator, one.winner) for one in found] == [("p", "b1"), ("q", "b1"), ("r", "b0")]


def test_a_bid_whose_only_mark_goes_is_not_ranked():
    marks = np.array([[8000, 6000], [-1, 6000], [-1, 6000]])

    found = without_each(looked_at((8000, 6000)), [panel(marks)])

    assert found[0] == WithoutOne("p", None, Fraction(0))
    assert [one.winner for one in found[1:]] == ["b0", "b0"]


def test_marks_that_do_not_give_the_points_are_refused():
    with pytest.raises(Malformed, match="c1"):
        without_each(looked_at((6001, 7167)), [panel()])


def test_the_whole_evaluation_can_be_repeated_instead():
    results = {"p": ("b1", Fraction(3)), "q": None}

    assert without_each_again(["p", "q"], results.__getitem__) == (
        WithoutOne("p", "b1", Fraction(3)),
        WithoutOne("q", None, Fraction(0)),
    )


def test_spread_and_disputes():
    assert agreement(looked_at(), panel()).spread == (5000, 3000)
    assert disputed(looked_at(), panel(dispute=2500)) == (
        Disputed("c1", "b0", "r", 3000, Fraction(7000)),
    )
    assert disputed(looked_at(), panel(dispute=2499))[1:] == (
        Disputed("c1", "b1", "r", 9000, Fraction(6500)),
    )
    assert disputed(looked_at(), panel()) == ()


@pytest.mark.parametrize(
    ("rows", "w"),
    [
        ([[1, 2, 3], [10, 20, 30]], Fraction(1)),
        ([[1, 2, 3], [3, 2, 1]], Fraction(0)),
        ([[1, 1, 2], [1, 1, 2]], Fraction(1)),
        ([[1, 2, 3], [1, 3, 2], [2, 1, 3]], Fraction(4, 9)),
        ([[1, 1], [2, 2]], None),
        ([[1, 2]], None),
        ([[1], [2]], None),
    ],
)
def test_kendalls_w(rows, w):
    assert kendall_w(rows) == w


def test_the_median_of_an_even_number_is_between():
    assert median([1, 4, 2, 3]) == Fraction(5, 2)
    assert median([9]) == 9
