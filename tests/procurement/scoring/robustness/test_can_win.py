from fractions import Fraction
from itertools import product

from hypothesis import given, settings

from procurement.scoring.robustness.can_win import (
    beaten_by,
    certificate,
    certificates,
    wins_with,
)
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.game import exact_solution
from tests.procurement.scoring.robustness.matrices import matrices, matrix, random_matrix


@given(matrices(most_bids=7, most_criteria=4, top=3))
@settings(max_examples=200, deadline=None)
def test_every_verdict_is_proven_and_agrees_with_a_grid_of_weights(looked_at):
    grid = [w for w in product(range(5), repeat=len(looked_at.criteria)) if any(w)]
    names = {name: bid for bid, name in enumerate(looked_at.bids)}

    for bid, proof in enumerate(certificates(looked_at)):
        assert proof.verdict != "not_decided"
        if proof.verdict == "can_win":
            assert wins_with(looked_at, bid, proof.weights)
        else:
            assert beaten_by(looked_at, bid, {names[o]: s for o, s in proof.mixture.items()})
            assert not any(wins_with(looked_at, bid, weights) for weights in grid)


def test_fifty_bids_are_all_decided_and_agree_with_the_draws():
    looked_at = random_matrix(50, 6, low=3000)
    counts = rank_counts(looked_at, 2, draws=50_000)

    proofs = certificates(looked_at)

    verdicts = {proof.verdict for proof in proofs}
    assert verdicts == {"can_win", "never_wins"}
    for bid, proof in enumerate(proofs):
        if proof.verdict == "never_wins":
            assert counts.ranks[bid, 0] == 0


def test_the_middle_bid_of_the_goldilocks_example_never_wins():
    found = certificate(matrix([[100, 0], [40, 40], [0, 100]]), 1)

    assert (found.verdict, found.mixture) == ("never_wins", {"b0": 50, "b2": 50})


def test_a_bid_that_only_wins_by_a_tie_at_one_corner_is_found():
    # (3, 1) ties with (3, 3) and (3, 0) where the second weight is 0.
    preferred = matrix([[3, 1], [3, 3], [3, 0]], priority=[2, 1, 0])
    after = matrix([[3, 1], [3, 3], [3, 0]], priority=[1, 0, 2])

    assert certificate(preferred, 0).weights == (1, 0)
    assert certificate(after, 0).verdict == "never_wins"


def test_known_weights_are_checked_and_written_short():
    looked_at = matrix([[90, 10], [10, 90]])

    assert certificate(looked_at, 0, [2**31 + 5, 2**31 - 5 - 2**30]).weights == (67, 33)
    assert certificate(looked_at, 1, [1, 0]).verdict == "can_win"


def test_claims_that_are_not_proven_are_refused():
    looked_at = matrix([[5, 5], [5, 5], [6, 4]], priority=[2, 1, 0])

    assert not beaten_by(looked_at, 0, {1: 1})
    assert beaten_by(looked_at, 1, {0: 1})
    assert not beaten_by(looked_at, 0, {})
    assert not beaten_by(looked_at, 0, {0: 1})
    assert not beaten_by(looked_at, 1, {0: 2, 2: -1})
    assert not wins_with(looked_at, 0, [-1, 2])
    assert not wins_with(looked_at, 0, [0, 0])


def test_a_bid_alone_wins():
    assert certificate(matrix([[0, 0]]), 0).verdict == "can_win"


def test_contradicting_equations_have_no_solution():
    one = Fraction(1)

    assert exact_solution([[one, one], [one, one]], [one, Fraction(2)]) is None
    assert exact_solution([[one, one], [one, -one]], [Fraction(3), one]) == [2, 1]
