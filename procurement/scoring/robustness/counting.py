"""Count the ranks of many draws: independent blocks, integers only, any number of threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.emc1 import (
    MOST_WEIGHT_BITS,
    NAME,
    Shape,
    key_matrix,
    keys_into,
    shape_of,
    tie_rank,
    weights,
)
from procurement.scoring.robustness.fast import (
    WORTH_IT_FROM,
    Counted,
    available,
    fast_counts,
)

DRAWS = 2**20
BLOCK = 8192
# Keys of so many draws at a time stay in a core's second-level cache.
CHUNK = 1024
MOST_ADDED = 2**31 - 1
"""Draws whose weights, below 2^32 each, add up in 64 bits."""


@dataclass(frozen=True)
class Sampling:
    """Where draws come from.

    Attributes:
        shape: bits of the keys.
        scores: key matrix, float64 [n + 1, m].
        weights: ``weights(first, draws)`` answers float64 [n + 1, ≤ draws].
        rejects: whether ``weights`` may leave draws out.
        add: ``add(keys, first, weights)`` adds what varies from draw to draw to keys [draws, m].
    """

    shape: Shape
    scores: NDArray[np.float64]
    weights: Callable[[int, int], NDArray[np.float64]]
    rejects: bool = False
    add: Callable[[NDArray[np.float64], int, NDArray[np.float64]], None] | None = None


@dataclass(frozen=True)
class Counts:
    """What the draws gave.

    Attributes:
        proposed: draws made.
        accepted: draws that counted (fewer where weights are held to bands).
        ranks: int64 [m, m]; row a bid, column its rank, first to last.
        seen_first: int64 [m]; the earliest draw in which the bid is first, −1 if none. Set only
            where every draw is accepted.
        first_weights: int64 [m, n], the integer weights of the draws in which the bid is first,
            added up; None where nobody asked (``central``).
    """

    proposed: int
    accepted: int
    ranks: NDArray[np.int64]
    seen_first: NDArray[np.int64]
    first_weights: NDArray[np.int64] | None = None


class Tally:
    """One thread's share of the work, with room that it uses again for every chunk."""

    def __init__(self, sampling: Sampling, draws: int, *, central: bool = False) -> None:
        shape = sampling.shape
        size = 2**shape.tie_bits
        self.sampling, self.draws = sampling, draws
        self.places = np.arange(shape.m) * size
        self.counts = np.zeros(shape.m * size, np.int64)
        self.seen = np.full(size, draws, np.int64)
        self.first_weights = np.zeros((shape.n if central else 0, size), np.int64)
        self._found = np.empty(size, np.int64)
        self.accepted = 0
        self._room = np.empty((CHUNK, shape.m))
        self._ids = np.empty((CHUNK, shape.m), np.int64)

    def run(self, blocks: range, block: int) -> Tally:
        """Count the draws of the blocks."""
        for first in (number * block for number in blocks):
            weights = self.sampling.weights(first, min(block, self.draws - first))
            self.accepted += weights.shape[1]
            for start in range(0, weights.shape[1], CHUNK):
                self._count(first + start, weights[:, start : start + CHUNK])
        return self

    def _count(self, first: int, weights: NDArray[np.float64]) -> None:
        keys, ids = self._room[: weights.shape[1]], self._ids[: weights.shape[1]]
        keys_into(keys, weights, self.sampling.scores)
        if self.sampling.add:
            self.sampling.add(keys, first, weights)
        keys.sort(axis=1)
        np.bitwise_and(keys.view(np.int64), len(self.seen) - 1, out=ids)
        if not self.sampling.rejects:
            self._earliest(first, ids[:, -1])
        if len(self.first_weights):
            self._add_up(weights, ids[:, -1].copy())
        np.bitwise_or(ids, self.places, out=ids)
        self.counts += np.bincount(ids.ravel(), minlength=len(self.counts))

    def _earliest(self, first: int, winners: NDArray[np.int64]) -> None:
        # Of several values for one place the last one stays, hence from the last draw to the first.
        found = self._found
        found.fill(self.draws)
        found[winners[::-1]] = np.arange(first + len(winners) - 1, first - 1, -1)
        np.minimum(self.seen, found, out=self.seen)

    def _add_up(self, weights: NDArray[np.float64], winners: NDArray[np.int64]) -> None:
        # A chunk's sums stay below 2^53: integers in float64 are exact.
        for total, row in zip(self.first_weights, weights, strict=False):
            total += np.bincount(winners, row, len(total)).astype(np.int64)


def plain(matrix: ScoreMatrix, seed: int) -> Sampling:
    """Return all weights, uniform on the simplex."""
    shape = shape_of(matrix)
    return Sampling(shape, key_matrix(matrix, shape), partial(weights, seed, shape))


def counted(
    matrix: ScoreMatrix,
    sampling: Sampling,
    *,
    draws: int = DRAWS,
    threads: int = 2,
    block: int = BLOCK,
    central: bool = False,
) -> Counts:
    """Count the ranks of ``draws`` draws; the answer depends on neither threads nor block.

    ``central``: also add up the weights of the draws in which each bid is first.

    Raises:
        PrecisionExceeded: more than ``MOST_ADDED`` draws are to be added up.
    """
    _check_room(draws if central else 0)
    share = [Tally(sampling, draws, central=central) for _ in range(max(1, threads))]
    work = [range(at, -(-draws // block), len(share)) for at in range(len(share))]
    if len(share) == 1:
        share[0].run(work[0], block)
    else:
        with ThreadPoolExecutor(len(share)) as pool:
            list(pool.map(lambda tally, blocks: tally.run(blocks, block), share, work))
    return gathered(matrix, share, draws)


def gathered(matrix: ScoreMatrix, share: list[Tally], draws: int) -> Counts:
    """Add up the threads' counts and put bids and ranks in their order."""
    m = len(matrix.bids)
    return _ordered(
        matrix,
        (
            np.sum([tally.counts for tally in share], axis=0).reshape(m, -1),
            np.minimum.reduce([tally.seen for tally in share]),
            np.sum([tally.first_weights for tally in share], axis=0).T,
        ),
        (draws, sum(tally.accepted for tally in share)),
    )


def _check_room(draws: int) -> None:
    if draws > MOST_ADDED:
        needed = draws.bit_length() + MOST_WEIGHT_BITS
        raise PrecisionExceeded("draws", rule=NAME, needed=needed, available=63)


def rank_counts(
    matrix: ScoreMatrix,
    seed: int,
    *,
    draws: int = DRAWS,
    threads: int = 2,
    block: int = BLOCK,
    fast: bool | None = None,
    central: bool = False,
) -> Counts:
    """Count how often each bid takes each rank over all weights.

    ``fast``: with numba, the same bits; None: where it is installed and the draws are many.
    ``central``: see ``counted``.

    Raises:
        PrecisionExceeded: the scores leave too few bits for the weights.
    """
    if fast is None:
        fast = draws >= WORTH_IT_FROM and available()
    if fast:
        _check_room(draws if central else 0)
        found = fast_counts(matrix, seed, draws=draws, threads=threads, central=central)
        return _ordered(matrix, found, (draws, draws))
    return counted(
        matrix, plain(matrix, seed), draws=draws, threads=threads, block=block, central=central
    )


def _ordered(matrix: ScoreMatrix, found: Counted, draws: tuple[int, int]) -> Counts:
    # From [place from last to first, tie rank] to [bid, rank].
    by_place, seen, first_weights = found
    rank = tie_rank(matrix)
    return Counts(
        proposed=draws[0],
        accepted=draws[1],
        ranks=np.ascontiguousarray(by_place[::-1, rank].T),
        seen_first=np.where(seen[rank] < draws[0], seen[rank], -1),
        first_weights=first_weights[rank] if first_weights.size else None,
    )
