"""Points that are only known as a distribution: integer quantile tables in place of one number.

A pilot's posterior enters as 1,024 integers, its quantiles at (i + ½)/1024; each draw picks one of
them for each bid with ten bits of its own lane of the stream. Bids without a table keep their
points.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import Malformed
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.counting import BLOCK, DRAWS, Counts, Sampling, counted
from procurement.scoring.robustness.emc1 import key_matrix, shape_of, weights, words

LANE = 1
ENTRIES = 1024
_PER_WORD = 4


@dataclass(frozen=True)
class Tables:
    """What is uncertain.

    Attributes:
        criteria: places of the u uncertain criteria in the matrix.
        quantiles: int64 [m, u, 1024], in the unit of the matrix's scores, 0 or more.
    """

    criteria: tuple[int, ...]
    quantiles: NDArray[np.int64]


def tables(matrix: ScoreMatrix, given: dict[tuple[str, str], tuple[int, ...]]) -> Tables | None:
    """Return the tables of (bid, criterion) pairs given in hundredths of a point; None for none.

    Raises:
        Malformed: a table does not have 1,024 entries of 0 or more.
    """
    pairs = {pair: entries for pair, entries in given.items() if entries}
    criteria = sorted({matrix.criteria.index(criterion) for _, criterion in pairs})
    if not criteria:
        return None
    quantiles = np.repeat(matrix.scores[:, criteria, None], ENTRIES, axis=2)
    for (bid, criterion), entries in pairs.items():
        if len(entries) != ENTRIES or min(entries) < 0:
            raise Malformed(f"evidence.{bid}.{criterion}", why="1,024 quantiles of 0 or more")
        at = matrix.bids.index(bid), criteria.index(matrix.criteria.index(criterion))
        scaled = np.array(entries, np.int64) * 10**matrix.decimals
        quantiles[at] = (scaled + 50) // 100
    return Tables(tuple(criteria), quantiles)


def uncertain(matrix: ScoreMatrix, seed: int, given: Tables) -> Sampling:
    """Return all weights, with the uncertain points drawn anew in each draw.

    Raises:
        PrecisionExceeded: the scores leave too few bits for the weights.
    """
    m, u, _ = given.quantiles.shape
    shape = shape_of(matrix, largest=int(given.quantiles.max(initial=0)))
    scores = key_matrix(matrix, shape)
    scores[list(given.criteria)] = 0
    flat = given.quantiles.astype(np.float64).ravel() * float(2**shape.tie_bits)
    starts = (np.arange(m)[:, None] * u + np.arange(u)) * ENTRIES

    def draw(first: int, draws: int) -> NDArray[np.float64]:
        return weights(seed, shape, first, draws)

    def add(keys: NDArray[np.float64], first: int, drawn: NDArray[np.float64]) -> None:
        entries = picked(seed, m * u, first, len(keys)).reshape(len(keys), m, u) + starts
        for place, criterion in enumerate(given.criteria):
            points = flat.take(entries[:, :, place])
            points *= drawn[criterion][:, None]
            keys += points

    return Sampling(shape, scores, draw, add=add)


def uncertain_counts(
    matrix: ScoreMatrix,
    seed: int,
    given: Tables,
    *,
    draws: int = DRAWS,
    threads: int = 2,
    block: int = BLOCK,
    central: bool = False,
) -> Counts:
    """Count the ranks over all weights and over what the evidence leaves open."""
    sampling = uncertain(matrix, seed, given)
    return counted(matrix, sampling, draws=draws, threads=threads, block=block, central=central)


def picked(seed: int, size: int, first: int, draws: int) -> NDArray[np.int64]:
    """Return which quantile each draw takes, int64 [draws, size]: ten of each sixteen bits."""
    per_draw = -(-size // _PER_WORD)
    raw = words(seed, first * per_draw, draws * per_draw, LANE)
    if sys.byteorder == "big":
        raw = raw.byteswap()
    parts = raw.view("<u2").reshape(draws, -1)[:, :size] >> np.uint16(6)
    return parts.astype(np.int64)
