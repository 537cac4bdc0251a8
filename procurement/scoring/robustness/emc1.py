"""Stream EMC-1: weight vectors in integers, the same on every machine, replayable one by one.

Draw d uses the 64-bit words d·q … d·q+q−1 (q = ⌊n/2⌋) of Philox4x64-10 whose 128-bit key is the
seed; each word gives its low then its high 32 bits; the first n−1, shifted to W bits and sorted,
cut the whole 2^W into n weights: uniform on the lattice of the simplex. Scores, weights and keys
are integers below 2^53 carried in float64, hence exact in any order of the sums (see NEP 19 for
why none of numpy's distributions is used).
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.matrix import ScoreMatrix

NAME = "EMC-1"
MOST_WEIGHT_BITS = 32
LEAST_WEIGHT_BITS = 16
MANTISSA = 52
_ROUND_TRIP = float(2**MANTISSA)
# OpenBLAS keeps a product of fewer multiplications on the calling thread; ours are threads already.
_ALONE = 2**18
_NETWORK_UP_TO = 32


@dataclass(frozen=True)
class Shape:
    """How many bits the tie rule, the scores and the weights take; ``m`` bids, ``n`` criteria."""

    m: int
    n: int
    tie_bits: int
    score_bits: int

    @property
    def weight_bits(self) -> int:
        """W: the weights of a draw add up to ``2 ** W``."""
        return min(MOST_WEIGHT_BITS, MANTISSA - self.tie_bits - self.score_bits)

    @property
    def words(self) -> int:
        """q: 64-bit words of the stream that one draw uses."""
        return self.n // 2


def shape_of(matrix: ScoreMatrix, largest: int = 0) -> Shape:
    """Return the bits a matrix needs; ``largest`` is a score that may stand in for one of it.

    Raises:
        PrecisionExceeded: fewer than 16 bits would be left for the weights.
    """
    m, n = matrix.scores.shape
    top = max(int(matrix.scores.max(initial=0)), largest)
    shape = Shape(m, n, tie_bits=(m - 1).bit_length(), score_bits=top.bit_length())
    if shape.weight_bits < LEAST_WEIGHT_BITS:
        raise PrecisionExceeded(
            "scores",
            rule=NAME,
            needed=shape.tie_bits + shape.score_bits + LEAST_WEIGHT_BITS,
            available=MANTISSA,
        )
    return shape


def seed_of(tender: str, opened_at: str) -> int:
    """Return the 128-bit seed that nobody can choose.

    It is the first half of the SHA-256 of « tender|minute of the opening », the minute written as
    « 2026-03-04T10:30Z ».
    """
    return int(hashlib.sha256(f"{tender}|{opened_at}".encode()).hexdigest()[:32], 16)


def words(seed: int, first: int, count: int, lane: int = 0) -> NDArray[np.uint64]:
    """Return ``count`` words of the stream from number ``first`` on; lanes never overlap."""
    block, skip = divmod(first, 4)
    philox = np.random.Philox(key=seed, counter=[block, lane, 0, 0])
    return philox.random_raw(skip + count)[skip:]


def halves(raw: NDArray[np.uint64], draws: int) -> NDArray[np.uint32]:
    """Return the 32-bit halves of the words, low first, as uint32 [2q, draws]."""
    if sys.byteorder == "big":
        raw = raw.byteswap()
    parts = raw.view("<u4").reshape(draws, -1).T
    return np.ascontiguousarray(parts, dtype=np.uint32)


def weights(seed: int, shape: Shape, first: int, draws: int) -> NDArray[np.float64]:
    """Return the integer weights of draws ``first`` … as float64 [n + 1, draws].

    Each column adds up to ``2 ** W``; row n is 1 and carries the tie rule into the keys.
    """
    found = np.empty((shape.n + 1, draws))
    found[shape.n] = 1.0
    whole = float(2**shape.weight_bits)
    if shape.n == 1:
        found[0] = whole
        return found
    parts = halves(words(seed, first * shape.words, draws * shape.words), draws)
    cuts = _ascending(parts[: shape.n - 1] >> np.uint32(32 - shape.weight_bits))
    found[0] = cuts[0]
    for place in range(1, shape.n - 1):
        np.subtract(cuts[place], cuts[place - 1], out=found[place])
    np.subtract(whole, cuts[-1], out=found[shape.n - 1])
    return found


def key_matrix(matrix: ScoreMatrix, shape: Shape) -> NDArray[np.float64]:
    """Return float64 [n + 1, m]: scores above the tie bits, then tie rank plus 2^52.

    With 2^52 in the sum, the integer key is the mantissa: its low bits name the bid.
    """
    scaled = matrix.scores.T.astype(np.float64) * float(2**shape.tie_bits)
    return np.vstack([scaled, tie_rank(matrix) + _ROUND_TRIP])


def tie_rank(matrix: ScoreMatrix) -> NDArray[np.int64]:
    """Return int64 [m]: 0 … m−1, of equal bids the one with the larger number comes first."""
    rank = np.empty(len(matrix.bids), np.int64)
    rank[np.argsort(matrix.priority)] = np.arange(len(matrix.bids))
    return rank


def keys_into(
    out: NDArray[np.float64], weights: NDArray[np.float64], scores: NDArray[np.float64]
) -> None:
    """Write the keys [draws, m] of weights [n + 1, draws]; every partial sum is below 2^53."""
    draws = weights.shape[1]
    rows = max(1, _ALONE // scores.size)
    whole = draws // rows * rows
    if whole:
        stacked = weights[:, :whole].reshape(len(weights), -1, rows).transpose(1, 2, 0)
        np.matmul(stacked, scores, out=out[:whole].reshape(-1, rows, scores.shape[1]))
    if whole < draws:
        np.matmul(weights[:, whole:].T, scores, out=out[whole:draws])


@dataclass(frozen=True)
class Replayed:
    """One draw by hand: integer weights, together ``2 ** W``, and the bids from first to last."""

    draw: int
    weights: tuple[int, ...]
    order: tuple[str, ...]


def replay(matrix: ScoreMatrix, seed: int, draw: int) -> Replayed:
    """Repeat a single draw with plain Python integers."""
    shape = shape_of(matrix)
    column = weights(seed, shape, draw, 1)[: shape.n, 0]
    drawn = tuple(int(weight) for weight in column)
    points = [
        (sum(w * int(s) for w, s in zip(drawn, row, strict=True)), int(tie), bid)
        for row, tie, bid in zip(matrix.scores, tie_rank(matrix), matrix.bids, strict=True)
    ]
    return Replayed(draw, drawn, tuple(bid for _, _, bid in sorted(points, reverse=True)))


def _ascending(rows: NDArray[np.uint32]) -> list[NDArray[np.uint32]]:
    if len(rows) > _NETWORK_UP_TO:
        return list(np.sort(rows, axis=0))
    found = list(rows)
    spare = np.empty_like(rows[0])
    for low, high in network(len(rows)):
        np.minimum(found[low], found[high], out=spare)
        np.maximum(found[low], found[high], out=found[high])
        found[low], spare = spare, found[low]
    return found


@cache
def network(size: int) -> tuple[tuple[int, int], ...]:
    """Return the comparators of Batcher's odd-even merge sort of ``size`` values (1968)."""
    found = []
    span = 1
    while span < size:
        step = span
        while step:
            found += [
                (low, low + step)
                for start in range(step % span, size - step, 2 * step)
                for low in range(start, min(start + step, size - step))
                if low // (2 * span) == (low + step) // (2 * span)
            ]
            step //= 2
        span *= 2
    return tuple(found)
