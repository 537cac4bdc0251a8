"""Matrices of points, and cases with known answers where they are at hand."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from procurement.scoring.matrix import ScoreMatrix

CASES = Path(__file__).parents[5] / "shared" / "data" / "scoring_cases"


def case(name: str) -> dict[str, Any]:
    path = CASES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the case {name} is not at hand")
    return json.loads(path.read_text(encoding="utf-8"))


def matrix(scores, weights=None, priority=None, decimals=2) -> ScoreMatrix:
    array = np.array(scores, np.int64)
    m, n = array.shape
    equal = [10_000 // n] * n
    equal[-1] += 10_000 - sum(equal)
    return ScoreMatrix(
        bids=tuple(f"b{bid}" for bid in range(m)),
        criteria=tuple(f"c{place}" for place in range(n)),
        scores=array,
        weights=tuple(weights or equal),
        priority=np.array(range(m)[::-1] if priority is None else priority, np.int64),
        decimals=decimals,
    )


def random_matrix(m, n, *, seed=1, low=0, high=10_000) -> ScoreMatrix:
    return matrix(np.random.default_rng(seed).integers(low, high + 1, (m, n)))


@st.composite
def matrices(draw, most_bids=6, most_criteria=4, top=6):
    m = draw(st.integers(1, most_bids))
    n = draw(st.integers(1, most_criteria))
    row = st.lists(st.integers(0, top), min_size=n, max_size=n)
    scores = draw(st.lists(row, min_size=m, max_size=m))
    cuts = sorted(draw(st.lists(st.integers(0, 10), min_size=n - 1, max_size=n - 1)))
    ends = [0, *cuts, 10]
    weights = [1000 * (b - a) for a, b in pairwise(ends)]
    return matrix(scores, weights, draw(st.permutations(range(m))))
