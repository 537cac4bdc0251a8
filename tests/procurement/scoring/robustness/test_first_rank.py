from fractions import Fraction

import pytest
from hypothesis import given, settings

from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.first_rank import first_rank
from procurement.scoring.robustness.sweep import sweep
from tests.procurement.scoring.robustness.matrices import case, matrices, matrix, random_matrix


def test_the_known_areas_are_met_exactly():
    known = case("smaa_first_rank_exact_3criteria_a")

    found = first_rank(matrix(known["inputs"]["scores"]))

    assert [str(share) for share in found] == known["expected"]["first_rank"]


@given(matrices(most_criteria=3))
@settings(max_examples=150, deadline=None)
def test_the_shares_make_exactly_one(looked_at):
    assert sum(first_rank(looked_at)) == 1


@given(matrices(most_criteria=2))
@settings(max_examples=100, deadline=None)
def test_two_criteria_are_the_spans_of_a_sweep(looked_at):
    if len(looked_at.criteria) != 2:
        return
    lengths = dict.fromkeys(looked_at.bids, Fraction(0))
    for span in sweep(looked_at, 0).spans:
        lengths[span.bid] += span.high - span.low
    found = dict(zip(looked_at.bids, first_rank(looked_at), strict=True))

    # Bids that tie under every weight but one have one span between them.
    assert found == lengths


def test_draws_come_close():
    looked_at = random_matrix(20, 3, low=6000)
    counts = rank_counts(looked_at, 1, draws=200_000)

    exact = [float(share) for share in first_rank(looked_at)]

    assert max(abs(c / 200_000 - e) for c, e in zip(counts.ranks[:, 0], exact, strict=True)) < 0.005


def test_more_criteria_are_for_the_draws():
    with pytest.raises(ValueError, match="one to three"):
        first_rank(random_matrix(3, 4))
