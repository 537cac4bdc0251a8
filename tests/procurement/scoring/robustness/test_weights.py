import numpy as np
import pytest
from hypothesis import given, settings

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.weights import Bands, around, restricted, restricted_counts
from tests.procurement.scoring.robustness.matrices import matrices, matrix, random_matrix

PUBLISHED = (4000, 3000, 1500, 1000, 500)


def published():
    return matrix(random_matrix(12, 5, low=5000).scores, PUBLISHED)


def test_bands_around_the_published_weights():
    bands = around(PUBLISHED, 2500)

    assert bands == Bands(low=(3000, 2250, 1125, 750, 375), high=(5000, 3750, 1875, 1250, 625))
    assert around((10_000, 0), 2500) == Bands(low=(7500, 0), high=(10_000, 0))


@pytest.mark.parametrize(
    "bands", [((6000, 6000), (7000, 7000)), ((0, 0), (10, 10)), ((5, 0), (4, 1))]
)
def test_bands_without_any_weights_are_refused(bands):
    with pytest.raises(ValueError, match="10,000"):
        Bands(*bands)


def test_every_draw_that_counts_lies_in_its_band_and_makes_the_whole():
    bands = around(PUBLISHED, 2500)
    drawn = restricted(published(), 3, bands).weights(0, 20_000)
    whole = drawn[:-1].sum(axis=0)

    assert len(set(whole.tolist())) == 1
    shares = drawn[:-1] / whole * 10_000
    assert (shares >= np.array(bands.low)[:, None]).all()
    assert (shares <= np.array(bands.high)[:, None]).all()
    assert drawn.shape[1] > 12_000
    assert np.abs(shares.mean(axis=1) - np.array(PUBLISHED)).max() < 10


@given(matrices())
@settings(max_examples=30, deadline=None)
def test_no_band_leaves_the_award(looked_at):
    counts = restricted_counts(looked_at, 1, around(looked_at.weights, 0), draws=50)
    keys = [
        (int(np.dot(row, looked_at.weights)), int(tie))
        for row, tie in zip(looked_at.scores, looked_at.priority, strict=True)
    ]

    assert counts.accepted == 50
    assert counts.ranks[keys.index(max(keys)), 0] == 50


def test_a_range_over_everything_counts_what_all_weights_count():
    looked_at = random_matrix(8, 3, low=5000)
    free = restricted_counts(looked_at, 1, Bands((0,) * 3, (10_000,) * 3), draws=200_000)
    plain = rank_counts(looked_at, 1, draws=200_000)

    assert abs(free.accepted / 200_000 - 0.5) < 0.01
    assert np.abs(free.ranks / free.accepted - plain.ranks / 200_000).max() < 0.01


def test_threads_and_blocks_accept_the_same():
    reference = restricted_counts(published(), 3, around(PUBLISHED, 2500), draws=9001, threads=1)
    again = restricted_counts(
        published(), 3, around(PUBLISHED, 2500), draws=9001, threads=4, block=257
    )

    assert again.accepted == reference.accepted
    assert again.ranks.tolist() == reference.ranks.tolist()
    assert set(again.ranks.sum(axis=0).tolist()) == {again.accepted}


def test_scores_that_leave_too_few_bits_are_refused():
    with pytest.raises(PrecisionExceeded):
        restricted(matrix([[2**34, 1], [2, 3]]), 1, around((5000, 5000), 100))
