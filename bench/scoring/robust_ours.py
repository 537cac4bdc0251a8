"""Our side of the robustness report's measures, and programs that whole processes run."""

import resource
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness import Given, robustness
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.pairwise import pairwise
from procurement.scoring.robustness.relative import RelativePrice

BIDS, CRITERIA, DRAWS = 50, 10, 2**20


def score_matrix() -> ScoreMatrix:
    """Return the points that the peers have too."""
    return ScoreMatrix(
        bids=tuple(f"b{place}" for place in range(BIDS)),
        criteria=tuple(f"c{place}" for place in range(CRITERIA)),
        scores=np.random.default_rng(7).integers(0, 10_001, (BIDS, CRITERIA)),
        weights=(10_000 // CRITERIA,) * CRITERIA,
        priority=np.arange(BIDS),
    )


def smaa(threads: int) -> Callable[[], Any]:
    """Measure 2^20 draws without numba."""
    matrix = score_matrix()
    return lambda: int(rank_counts(matrix, 1, draws=DRAWS, threads=threads, fast=False).ranks.sum())


def pairs() -> Callable[[], Any]:
    """Measure all 1,225 pairs."""
    matrix = score_matrix()
    return lambda: float(pairwise(matrix)[0, 1])


def philox() -> Callable[[], Any]:
    """Measure a million words of the generator: the machine's clock at this moment."""
    generator = np.random.Philox(key=1)
    return lambda: int(generator.random_raw(1_000_000)[0])


def report() -> None:
    """Make the whole report once: draws, pairs, sweeps, certificates, withdrawals, prices."""
    matrix = score_matrix()
    prices = np.random.default_rng(8).integers(10**7, 2 * 10**7, BIDS)
    low = int(prices.min())
    matrix.scores[:, 0] = (20_000 * low + prices) // (2 * prices)
    relative = RelativePrice(0, tuple(int(price) for price in prices))
    found = robustness(matrix, seed=1, draws=DRAWS, given=Given(relative=relative))
    print(found.order[0])


def digest(threads: str, block: str) -> None:
    """Print the SHA-256 of the counts of 2^16 draws."""
    counts = rank_counts(
        score_matrix(), 1, draws=2**16, threads=int(threads), block=int(block), fast=False
    )
    print(sha256(counts.ranks.astype("<i8").tobytes()).hexdigest())


def memory(draws: str) -> None:
    """Print by how many KB the process grew at most while it drew."""
    matrix = score_matrix()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rank_counts(matrix, 1, draws=int(draws), fast=False)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


CASES = {
    "smaa_1": lambda: smaa(1),
    "smaa_2": lambda: smaa(2),
    "pairs": pairs,
    "philox": philox,
}

if __name__ == "__main__":
    {"report": report, "digest": digest, "memory": memory}[sys.argv[1]](*sys.argv[2:])
