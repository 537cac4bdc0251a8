from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.pairwise import exact_confidence, exact_pairwise, pairwise
from tests.procurement.scoring.robustness.matrices import case, matrices, matrix, random_matrix


def test_the_known_probabilities_are_met_exactly():
    known = case("smaa_pairwise_exact_simplex_a")

    found = [str(exact_confidence(d)) for d in known["inputs"]["score_differences"]]

    assert found == known["expected"]["probability"]


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=7))
def test_a_difference_and_its_opposite_make_the_whole(differences):
    both = exact_confidence(differences) + exact_confidence([-d for d in differences])

    assert both == (1 if any(differences) else 0)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_two_criteria_are_a_line(a, b):
    if a == b:
        expected = Fraction(int(a > 0))
    else:
        root = Fraction(-b, a - b)
        end = min(max(root, Fraction(0)), Fraction(1))
        expected = 1 - end if a > b else end

    assert exact_confidence([a, b]) == expected


@given(matrices(most_bids=6, most_criteria=7, top=50))
@settings(max_examples=60, deadline=None)
def test_floats_are_the_fractions(looked_at):
    found = pairwise(looked_at)

    for bid in range(len(looked_at.bids)):
        exact = exact_pairwise(looked_at, bid)
        for other, share in enumerate(exact):
            if other != bid:
                assert abs(found[bid, other] - float(share)) < 1e-13
    assert np.diag(found).tolist() == [0.0] * len(looked_at.bids)


def test_fifty_bids_by_twenty_criteria_keep_fifteen_digits():
    looked_at = random_matrix(50, 20)
    found = pairwise(looked_at)

    exact = [float(share) for share in exact_pairwise(looked_at, 3)]

    assert max(abs(found[3, o] - exact[o]) for o in range(50) if o != 3) < 2e-15


def test_equal_bids_follow_their_priority():
    looked_at = matrix([[1, 2], [1, 2]], priority=[0, 1])

    assert pairwise(looked_at).tolist() == [[0, 0], [1, 0]]
    assert exact_pairwise(looked_at, 1)[0] == 1


def test_two_bids_are_counted_as_they_are_computed():
    looked_at = random_matrix(2, 6)
    counts = rank_counts(looked_at, 11, draws=200_000)

    assert abs(counts.ranks[0, 0] / 200_000 - pairwise(looked_at)[0, 1]) < 0.005
