import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.topsis import topsis
from tests.procurement.scoring.shadow.published import case


@pytest.mark.parametrize("name", ["topsis_ersoy_2021", "topsis_tzeng_huang_2011"])
def test_topsis_gives_the_published_closeness(name):
    known = case(name)
    inputs = known["inputs"]

    found = topsis(inputs["matrix"], inputs["weights"], inputs["sense"])

    assert found.closeness == pytest.approx(known["expected"]["closeness"], abs=known["tolerance"])
    assert list(found.ranks) == known["expected"].get("ranking", list(found.ranks))
    assert (found.decides, found.normalisation) == (False, "vector")


def test_the_normalisation_alone_changes_the_winner():
    """Opricovic and Tzeng (2004): three ways up a mountain, by risk and by altitude."""
    matrix, weights, sense = [[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], ["min", "max"]

    by_vector = topsis(matrix, weights, sense)
    by_range = topsis(matrix, weights, sense, normalisation="min_max")

    assert (by_vector.ranks, by_range.ranks) == ((1, 2, 3), (2, 1, 2))


def test_a_criterion_that_separates_nobody_changes_nothing():
    matrix = [[3, 7.0], [2, 7.0], [1, 7.0]]

    found = [
        topsis(matrix, [1, 5], ["max", "min"], normalisation=one).closeness.tolist()
        for one in ("vector", "min_max")
    ]

    assert found == [[1.0, 0.5, 0.0]] * 2


matrices = arrays(
    np.float64,
    st.tuples(st.integers(2, 6), st.integers(1, 5)),
    elements=st.integers(1, 1000).map(float),
)


@given(matrices, st.randoms(use_true_random=False))
def test_neither_the_order_of_bids_nor_the_unit_of_a_criterion_matters(matrix, random):
    sense = [random.choice(["max", "min"]) for _ in range(matrix.shape[1])]
    weights = [random.randint(1, 9) for _ in sense]
    order = list(range(len(matrix)))
    random.shuffle(order)
    if (matrix == matrix[0]).all():
        return

    plain = topsis(matrix, weights, sense).closeness
    other = topsis(matrix[order] * 8, weights, sense).closeness

    assert other == pytest.approx(plain[order], abs=1e-9)


@pytest.mark.parametrize(
    ("matrix", "weights", "sense", "field"),
    [
        ([1, 2], [1], ["max"], "matrix"),
        ([], [], [], "matrix"),
        ([[1, 2]], [1], ["max"], "weights"),
        ([[1], [2]], [1], [], "weights"),
        ([[1], [float("nan")]], [1], ["max"], "matrix"),
        ([[1], [float("inf")]], [1], ["max"], "matrix"),
        ([[1, 1], [2, 2]], [0, 0], ["max", "max"], "weights"),
        ([[1, 1], [2, 2]], [2, -1], ["max", "max"], "weights"),
        ([[1, 1], [2, 2]], [1, float("nan")], ["max", "max"], "weights"),
        ([[1], [2]], [1], ["largest"], "sense"),
        ([[1, 2], [1, 2]], [1, 1], ["max", "max"], "matrix"),
    ],
)
def test_what_cannot_be_compared_is_refused(matrix, weights, sense, field):
    with pytest.raises(NotComparable) as refused:
        topsis(matrix, weights, sense)

    assert refused.value.field == field


def test_an_unknown_normalisation_is_refused():
    with pytest.raises(NotComparable):
        topsis([[1], [2]], [1], ["max"], normalisation="z-score")
