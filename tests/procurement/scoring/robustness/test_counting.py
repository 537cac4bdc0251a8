"""The counts' properties, their bits on other processors, their memory and what is imported."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.emc1 import replay
from procurement.scoring.robustness.fast import available
from tests.procurement.scoring.robustness.matrices import matrices, matrix, random_matrix


@given(matrices(), st.integers(0, 2**64))
@settings(max_examples=40, deadline=None)
def test_every_draw_gives_every_bid_one_rank(looked_at, seed):
    counts = rank_counts(looked_at, seed, draws=97)

    assert counts.proposed == counts.accepted == 97
    assert set(counts.ranks.sum(axis=0).tolist()) == {97}
    assert set(counts.ranks.sum(axis=1).tolist()) == {97}


@given(matrices(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_bids_does_not_matter(looked_at, chance):
    order = list(range(len(looked_at.bids)))
    chance.shuffle(order)
    turned = ScoreMatrix(
        bids=tuple(looked_at.bids[bid] for bid in order),
        criteria=looked_at.criteria,
        scores=looked_at.scores[order],
        weights=looked_at.weights,
        priority=looked_at.priority[order],
    )

    counts, again = rank_counts(looked_at, 5, draws=200), rank_counts(turned, 5, draws=200)

    assert again.ranks.tolist() == counts.ranks[order].tolist()
    assert again.seen_first.tolist() == counts.seen_first[order].tolist()


@given(matrices(), st.integers(2, 9))
@settings(max_examples=30, deadline=None)
def test_the_scale_of_the_points_does_not_matter(looked_at, factor):
    scaled = ScoreMatrix(
        looked_at.bids,
        looked_at.criteria,
        looked_at.scores * factor,
        looked_at.weights,
        looked_at.priority,
    )

    assert (
        rank_counts(scaled, 5, draws=200).ranks.tolist()
        == rank_counts(looked_at, 5, draws=200).ranks.tolist()
    )


@given(matrices(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_dominated_bid_is_never_before_the_one_that_dominates_it(looked_at, at):
    best = looked_at.scores[at % len(looked_at.bids)]
    joined = matrix(
        [*looked_at.scores.tolist(), np.maximum(best - 1, 0).tolist()],
        priority=[*(looked_at.priority + 1).tolist(), 0],
    )

    counts = rank_counts(joined, 9, draws=300)

    assert counts.ranks[-1, 0] == 0
    assert counts.seen_first[-1] == -1


def test_the_earliest_draw_of_a_first_place_is_told():
    looked_at = random_matrix(12, 4, low=5000)
    first = [replay(looked_at, 3, draw).order[0] for draw in range(500)]

    counts = rank_counts(looked_at, 3, draws=500, block=64)

    assert counts.seen_first.tolist() == [
        first.index(bid) if bid in first else -1 for bid in looked_at.bids
    ]


PROGRAM = """
import hashlib
from procurement.scoring.robustness.counting import rank_counts
from tests.procurement.scoring.robustness.matrices import random_matrix
ranks = rank_counts(random_matrix(50, 10), 7, draws=9001, threads=2).ranks
print(hashlib.sha256(ranks.astype("<i8").tobytes()).hexdigest())
"""


def run(program: str, **environment: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def test_other_processors_count_the_same_bits():
    reference = run(PROGRAM)
    kinds = [
        {"OPENBLAS_CORETYPE": "Nehalem"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        {"OPENBLAS_NUM_THREADS": "1"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX AVX512_ICL AVX512_SPR X86_V4"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 X86_V3 X86_V4", "OPENBLAS_CORETYPE": "Nehalem"},
    ]

    assert {run(PROGRAM, **kind) for kind in kinds} == {reference}


def test_memory_does_not_grow_with_the_draws():
    grown = run(
        "import resource\n"
        "from procurement.scoring.robustness.counting import rank_counts\n"
        "from tests.procurement.scoring.robustness.matrices import random_matrix\n"
        "matrix = random_matrix(50, 10)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "rank_counts(matrix, 7, draws=400_000)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )

    assert int(grown) <= 64 * 1024


def test_neither_scipy_nor_numba_is_loaded_before_it_is_needed():
    loaded = run(
        "import sys\n"
        "from procurement.scoring.robustness import robustness\n"
        "print(sorted({'scipy', 'numba', 'portal', 'jinja2'} & set(sys.modules)))\n"
    )

    assert loaded == "[]"


@given(matrices(most_bids=12, most_criteria=9, top=500), st.integers(0, 2**64))
@settings(max_examples=40, deadline=None)
def test_numba_counts_the_same_bits(looked_at, seed):
    if not available():
        pytest.skip("numba is not installed (extra « fast »)")
    plain = rank_counts(looked_at, seed, draws=1003, threads=2, block=256, fast=False)

    again = rank_counts(looked_at, seed, draws=1003, threads=3, fast=True)

    assert again.ranks.tolist() == plain.ranks.tolist()
    assert again.seen_first.tolist() == plain.seen_first.tolist()
