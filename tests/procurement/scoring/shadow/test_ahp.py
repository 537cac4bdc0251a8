from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring.errors import ComparisonMissing, NotComparable
from procurement.scoring.shadow.ahp import ahp, compared, shared_out
from procurement.scoring.wording import sentence
from tests.procurement.scoring.shadow.published import case


@pytest.mark.parametrize("by", ["eigenvector", "geometric_mean"])
def test_saatys_classic_example(by):
    known = case("ahp_3x3_classic")
    matrix = [[float(Fraction(one)) for one in row] for row in known["inputs"]["matrix"]]
    expected, within = known["expected"], known["tolerance"]

    found = ahp(matrix, by=by)

    assert found.weights == pytest.approx(expected["weights"], abs=within)
    assert (found.lambda_max, found.consistency_index, found.consistency_ratio) == pytest.approx(
        (expected["lambda_max"], expected["CI"], expected["CR"]), abs=within
    )
    assert (sum(found.basis_points), found.warnings, found.decides) == (10_000, (), False)


def test_what_americans_drink():
    known = case("ahp_saaty_2008_drinks")
    names = known["inputs"]["elements"]

    found = ahp(
        compared(names, {(one, two): times for one, two, times in known["inputs"]["comparisons"]})
    )

    assert dict(zip(names, found.weights.tolist(), strict=True)) == pytest.approx(
        known["expected"]["weights"], abs=known["tolerance"]
    )
    assert found.consistency_ratio == pytest.approx(
        known["expected"]["consistency_ratio"], abs=known["tolerance"]
    )


def test_contradicting_comparisons_are_warned_of():
    circle = compared(["a", "b", "c"], {("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5})

    found = ahp(circle)

    assert [line.code for line in found.warnings] == ["ahp.inconsistent"]
    assert "above 0.1 (Saaty (2008))" in sentence(found.warnings[0])
    assert found.basis_points == (3334, 3333, 3333)


@pytest.mark.parametrize(
    ("matrix", "points"), [([[1]], (10_000,)), ([[1, 3], [1 / 3, 1]], (7500, 2500))]
)
def test_one_or_two_criteria_cannot_contradict_each_other(matrix, points):
    found = ahp(matrix)

    assert (found.basis_points, found.consistency_ratio) == (points, 0.0)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=15))
def test_consistent_comparisons_give_their_ratios_back(parts):
    true = np.array(parts, dtype=float)

    found = ahp(true[:, None] / true[None, :])

    assert found.weights == pytest.approx(true / true.sum(), abs=1e-9)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=15), st.integers(1, 10_000))
def test_the_parts_add_up_exactly_and_none_is_a_unit_off(weights, whole):
    parts = shared_out(np.array(weights), whole)

    total = sum(map(Fraction, weights))
    quotas = [Fraction(one) * whole / total for one in weights]
    assert sum(parts) == whole
    assert all(abs(part - quota) < 1 for part, quota in zip(parts, quotas, strict=True))


def test_equal_remainders_go_to_the_first():
    assert shared_out(np.ones(3), 10_000) == (3334, 3333, 3333)


@pytest.mark.parametrize("hole", [0.0, float("nan")])
def test_incomplete_comparisons_are_refused(hole):
    with pytest.raises(ComparisonMissing) as refused:
        ahp([[1, 2, hole], [0.5, 1, 2], [hole, 0.5, 1]])

    assert refused.value.values == {"left": 1, "right": 3}


def test_a_pair_that_nobody_compared_is_named():
    with pytest.raises(ComparisonMissing) as refused:
        compared(["price", "quality", "delay"], {("price", "quality"): 2, ("delay", "price"): 3})

    assert refused.value.values == {"left": "quality", "right": "delay"}


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 2, 3]],
        [],
        [[1, 2], [2, 1]],
        [[1, -2], [-0.5, 1]],
        [[2, 2], [0.5, 1]],
        [[1, float("inf")], [0.0001, 1]],
        np.ones((16, 16)),
    ],
)
def test_what_is_no_table_of_comparisons_is_refused(matrix):
    with pytest.raises(NotComparable):
        ahp(matrix)


@pytest.mark.parametrize(
    "pairs",
    [
        {("a", "b"): 2, ("b", "a"): 3},
        {("a", "a"): 1},
        {("a", "x"): 1},
        {("a", "b"): 0},
        {("a", "b"): Fraction(-1, 2)},
    ],
)
def test_wrong_pairs_are_refused(pairs):
    with pytest.raises(NotComparable):
        compared(["a", "b"], pairs)
