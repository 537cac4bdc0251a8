"""The same counts with numba, where it is installed (extra « fast »): the same bits, sooner.

Compiling takes seconds, or half of one from the cache: worth it above some five million draws.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.emc1 import Shape, halves, network, shape_of, tie_rank, words

WORTH_IT_FROM = 5_000_000
BLOCK = 8192
Counted = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]


@cache
def available() -> bool:
    """Return whether numba can be imported."""
    return find_spec("numba") is not None


def fast_counts(
    matrix: ScoreMatrix, seed: int, *, draws: int, threads: int, block: int = BLOCK,
    central: bool = False,
) -> Counted:  # fmt: skip
    """Count [place from last to first, tie rank], and the earliest draw each tie rank is first in.

    The third are the weights of each tie rank's first places added up, [tie rank, criterion], with
    no columns unless ``central``. All int64; ``draws`` stands for « never first ».
    """
    shape = shape_of(matrix)
    scores = np.empty((shape.m, shape.n))
    rank = tie_rank(matrix)
    scores[rank] = matrix.scores * 2**shape.tie_bits
    share = max(1, threads)

    def work(at: int) -> Counted:
        blocks = range(at, -(-draws // block), share)
        return _share(scores, shape, seed, (draws, block), blocks, central=central)

    with ThreadPoolExecutor(share) as pool:
        parts = list(pool.map(work, range(share)))
    return (
        np.sum([counts for counts, _, _ in parts], axis=0),
        np.minimum.reduce([seen for _, seen, _ in parts]),
        np.sum([added for _, _, added in parts], axis=0),
    )


def _share(
    scores: np.ndarray[Any, Any], shape: Shape, seed: int, sizes: tuple[int, int], blocks: range,
    *, central: bool,
) -> Counted:  # fmt: skip
    # Needs numba, which is optional and slow to import.
    from procurement.scoring.robustness.lanes import LANES, count  # noqa: PLC0415

    draws, block = sizes
    counts = np.zeros((shape.m, shape.m), np.int64)
    seen = np.full(shape.m, draws, np.int64)
    added = np.zeros((shape.m, shape.n if central else 0), np.int64)
    networks = _comparators(shape.n - 1), _comparators(shape.m)
    bits = shape.weight_bits, shape.tie_bits
    for number in blocks:
        first = number * block
        size = min(block, draws - first)
        padded = -(-size // LANES) * LANES
        parts = np.zeros((shape.n, padded), np.uint32)
        if shape.n > 1:
            drawn = halves(words(seed, first * shape.words, size * shape.words), size)
            parts[: shape.n - 1, :size] = drawn[: shape.n - 1]
        count(parts, scores, networks, (*bits, first, size), (counts, seen, added))
    return counts, seen, added


def _comparators(size: int) -> np.ndarray[Any, Any]:
    return np.array(network(size), np.int64).reshape(-1, 2)
