"""Central weights and confidence factors: by hand, in every thread and block, and as published."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.robustness import Given, counting, robustness
from procurement.scoring.robustness.central import CHUNK, Central, central
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.emc1 import replay, shape_of, tie_rank, words
from procurement.scoring.robustness.evidence import ENTRIES, LANE, Tables, uncertain_counts
from procurement.scoring.robustness.fast import available
from procurement.scoring.robustness.weights import Bands, restricted
from tests.procurement.scoring.robustness.matrices import matrices, matrix, random_matrix


def spread(looked_at, criteria, width):
    points = looked_at.scores[:, list(criteria), None]
    return Tables(criteria, points + np.arange(ENTRIES) * width // ENTRIES)


def by_hand(looked_at, seed, draws):
    """Return {bid: (first places, mean weights in fractions)} from draws repeated one by one."""
    found = {}
    for draw in range(draws):
        again = replay(looked_at, seed, draw)
        count, added = found.get(again.order[0], (0, (0,) * len(again.weights)))
        added = tuple(a + b for a, b in zip(added, again.weights, strict=True))
        found[again.order[0]] = (count + 1, added)
    return {bid: (n, [Fraction(a, n) for a in added]) for bid, (n, added) in found.items()}


@given(matrices(), st.integers(0, 2**64))
@settings(max_examples=40, deadline=None)
def test_central_weights_are_the_mean_of_draws_repeated_by_hand(looked_at, seed):
    counts = rank_counts(looked_at, seed, draws=60, central=True)

    found = central(looked_at, counts, seed=seed)

    expected = by_hand(looked_at, seed, 60)
    assert {one.bid: one.first for one in found} == {bid: n for bid, (n, _) in expected.items()}
    assert [one.first for one in found] == sorted((one.first for one in found), reverse=True)
    for one in found:
        mean = expected[one.bid][1]
        assert sum(one.weights) == 2 ** shape_of(looked_at).weight_bits
        assert all(abs(w - m) < 1 for w, m in zip(one.weights, mean, strict=True))
        assert sum(one.shares()) == 1
        assert (one.draws, one.sample, one.confidence()) == (60, 0, 1)


@given(matrices())
@settings(max_examples=40, deadline=None)
def test_without_evidence_the_central_weights_make_their_bid_first(looked_at):
    """The mean of weights that make a bid first makes it first: this is why 1 needs no draws."""
    counts = rank_counts(looked_at, 3, draws=200, central=True)
    rank = tie_rank(looked_at)

    for bid, added in enumerate(counts.first_weights.tolist()):
        if counts.ranks[bid, 0]:
            keys = [
                (sum(w * int(s) for w, s in zip(added, row, strict=True)), int(rank[other]))
                for other, row in enumerate(looked_at.scores)
            ]
            assert max(keys) == keys[bid]


def test_what_is_left_over_goes_to_the_largest_remainders():
    looked_at = random_matrix(5, 7, low=5000)
    counts = rank_counts(looked_at, 3, draws=1000, central=True)
    mean = by_hand(looked_at, 3, 1000)

    for one in central(looked_at, counts, seed=3):
        exact = mean[one.bid][1]
        up = [w - m for w, m in zip(one.weights, exact, strict=True)]
        raised = [1 - rise for rise in up if rise > 0]
        assert min(raised, default=1) >= max((-rise for rise in up if rise <= 0), default=0)


def test_a_bid_that_is_never_first_has_no_central_weights():
    looked_at = matrix([[5000, 6000], [4000, 5000]])

    found = central(looked_at, rank_counts(looked_at, 1, draws=100, central=True), seed=1)

    assert [(one.bid, one.first) for one in found] == [("b0", 100)]
    assert central(looked_at, rank_counts(looked_at, 1, draws=0, central=True), seed=1) == ()


def test_nothing_is_added_up_unless_asked():
    assert rank_counts(random_matrix(3, 2), 1, draws=100).first_weights is None


@pytest.mark.parametrize(("threads", "block", "chunk"), [(1, 300, 100), (2, 8192, 64), (4, 1, 1)])
def test_threads_and_blocks_give_the_same(threads, block, chunk, monkeypatch):
    looked_at = random_matrix(20, 5)
    given = spread(looked_at, (1, 4), 2000)

    def found(threads, block):
        counts = uncertain_counts(
            looked_at, 5, given, draws=2003, threads=threads, block=block, central=True
        )
        return central(looked_at, counts, seed=5, evidence=given, threads=threads, sample=1001)

    reference = found(1, 8192)
    monkeypatch.setattr(counting, "CHUNK", chunk)
    monkeypatch.setattr("procurement.scoring.robustness.central.CHUNK", chunk)

    assert found(threads, block) == reference


def test_confidence_is_that_of_plain_integers():
    looked_at = random_matrix(5, 3, low=5000)
    given = spread(looked_at, (0, 2), 3000)
    sample, m = CHUNK + 7, 5
    counts = uncertain_counts(looked_at, 5, given, draws=3000, central=True)
    per_draw = 3  # ten picks of sixteen bits
    raw = [int(word) for word in words(5, 0, per_draw * sample, LANE)]
    rank = tie_rank(looked_at)

    for one in central(looked_at, counts, seed=5, evidence=given, sample=sample):
        sure = 0
        for draw in range(sample):
            parts = raw[draw * per_draw : (draw + 1) * per_draw]
            picks = [(word >> (16 * part)) & 0xFFFF for word in parts for part in range(4)]
            rows = looked_at.scores.tolist()
            for bid in range(m):
                for place, criterion in enumerate((0, 2)):
                    entry = picks[2 * bid + place] >> 6
                    rows[bid][criterion] = int(given.quantiles[bid, place, entry])
            keys = [
                (sum(w * s for w, s in zip(one.weights, row, strict=True)), int(tie))
                for row, tie in zip(rows, rank, strict=True)
            ]
            sure += looked_at.bids[keys.index(max(keys))] == one.bid
        assert (one.sure, one.sample) == (sure, sample)
        assert one.confidence() == Fraction(sure, sample)


def test_weights_held_to_bands_have_a_mean_inside_them():
    looked_at = random_matrix(6, 3, low=5000)
    bands = Bands((3000, 2000, 1000), (5000, 4000, 4000))
    counts = counting.counted(looked_at, restricted(looked_at, 1, bands), draws=5000, central=True)

    for one in central(looked_at, counts, seed=1):
        for low, share, high in zip(bands.low, one.shares(), bands.high, strict=True):
            assert low <= 10_000 * share <= high


def test_more_draws_than_can_be_added_up_are_refused():
    with pytest.raises(PrecisionExceeded):
        rank_counts(random_matrix(2, 2), 1, draws=2**31, central=True)


@pytest.mark.parametrize("uncertain", [False, True])
def test_the_report_tells_central_weights(uncertain):
    looked_at = random_matrix(4, 3, low=5000)
    evidence = spread(looked_at, (1,), 2000) if uncertain else None

    found = robustness(looked_at, seed=1, draws=2000, given=Given(evidence=evidence))

    counts = found.uncertain or found.counts
    first = {bid: int(row[0]) for bid, row in zip(looked_at.bids, counts.ranks, strict=True)}
    assert {one.bid: one.first for one in found.central} == {b: n for b, n in first.items() if n}
    lines = [line for line in found.lines if line.code == "robustness.central"]
    assert [line.subject for line in lines] == [one.bid for one in found.central]
    sure = [line for line in found.lines if line.code == "robustness.confidence"]
    assert len(sure) == (len(found.central) if uncertain else 0)


def test_weights_are_said_in_percent():
    looked_at = matrix([[5000, 0, 0]])
    alone = robustness(looked_at, seed=1, draws=10)
    (line,) = [line for line in alone.lines if line.code == "robustness.central"]

    assert line.values["weights"] == ", ".join(
        f"c{place} {float(round(100 * share, 1)):.1f} %"
        for place, share in enumerate(alone.central[0].shares())
    )


def test_half_of_the_draws_is_half_sure():
    one = Central("b", 3, 10, (1, 3), 5, 10)

    assert (one.shares(), one.confidence()) == ((Fraction(1, 4), Fraction(3, 4)), Fraction(1, 2))
    assert replace(one, sample=0, sure=0).confidence() == 1


@given(matrices(most_bids=12, most_criteria=9, top=500), st.integers(0, 2**64))
@settings(max_examples=40, deadline=None)
def test_numba_adds_up_the_same_bits(looked_at, seed):
    if not available():
        pytest.skip("numba is not installed (extra « fast »)")
    plain = rank_counts(looked_at, seed, draws=1003, block=256, fast=False, central=True)

    again = rank_counts(looked_at, seed, draws=1003, threads=3, fast=True, central=True)

    assert again.first_weights.tolist() == plain.first_weights.tolist()
