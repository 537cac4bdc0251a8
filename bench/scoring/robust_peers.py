"""What the robustness report is measured beside, in the environment of the peers."""

from collections.abc import Callable
from typing import Any

import numpy as np

BIDS, CRITERIA, CHUNK = 50, 10, 100_000
PLAIN_DRAWS, PLAIN_BLOCK = 2**18, 8192


def scores() -> np.ndarray:
    """Return the points that our side has too."""
    return np.random.default_rng(7).integers(0, 10_001, (BIDS, CRITERIA)).astype(float)


def smaa_plain() -> Callable[[], Any]:
    """Measure plain numpy written with care: blocks, exponential weights, argsort, bincount."""
    points = np.ascontiguousarray(scores().T)
    places = np.arange(BIDS) * BIDS

    def call() -> int:
        random = np.random.default_rng(1)
        counts = np.zeros(BIDS * BIDS, np.int64)
        for _ in range(0, PLAIN_DRAWS, PLAIN_BLOCK):
            weights = random.standard_exponential((PLAIN_BLOCK, CRITERIA))
            weights /= weights.sum(axis=1, keepdims=True)
            order = np.argsort(weights @ points, axis=1)
            counts += np.bincount((order + places).ravel(), minlength=BIDS * BIDS)
        return int(counts.sum())

    return call


def simulation() -> Callable[[], Any]:
    """Return a call that makes 10^5 draws with pysensmcda, its best size of a chunk."""
    from pysensmcda.smaa import simulate  # noqa: PLC0415 (only there)

    points, types = scores(), np.ones(CRITERIA)

    def weighted(matrix: np.ndarray, weights: np.ndarray, types: np.ndarray) -> np.ndarray:
        return matrix @ weights

    return lambda: simulate(
        weighted, points, types, num_samples=CHUNK, reverse_ranking=True, seed=1
    )


def smaa_pysensmcda() -> Callable[[], Any]:
    call = simulation()
    return lambda: int(call().rank_counts.sum())


def pairwise_pysensmcda() -> Callable[[], Any]:
    """Measure who is before whom how often, from 10^5 draws that were made beforehand."""
    from pysensmcda.robustness import pairwise_winning_indices  # noqa: PLC0415 (only there)

    rankings = simulation()().rankings
    return lambda: float(pairwise_winning_indices(rankings)[0, 1])


CASES = {
    "smaa_plain": smaa_plain,
    "smaa_pysensmcda": smaa_pysensmcda,
    "pairwise_pysensmcda": pairwise_pysensmcda,
}
