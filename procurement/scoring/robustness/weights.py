"""Weights held to bands around the published ones: proposed in integers, left out when outside.

Every criterion but the one with the widest band takes an offset, uniform in integers; that one
takes the rest and the proposal is left out when the rest is outside its band. Proposal number d
uses its own words of the stream, so neither threads nor blocks change what is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.counting import BLOCK, DRAWS, Counts, Sampling, counted
from procurement.scoring.robustness.emc1 import (
    MANTISSA,
    NAME,
    Shape,
    halves,
    key_matrix,
    shape_of,
    words,
)

LANE = 2
WHOLE = 10_000
# Parts of a basis point, as a power of two, that a weight is told apart by.
_FINEST = 18
_COARSEST = 4


@dataclass(frozen=True)
class Bands:
    """The least and the largest weight of each criterion, in basis points of the whole."""

    low: tuple[int, ...]
    high: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse bands that hold no weights at all."""
        ordered = all(0 <= a <= b <= WHOLE for a, b in zip(self.low, self.high, strict=True))
        if not ordered or not sum(self.low) <= WHOLE <= sum(self.high):
            raise ValueError("no weights that add up to 10,000 lie in these bands")


def around(published: tuple[int, ...], band_bp: int) -> Bands:
    """Return bands of ± ``band_bp`` basis points of each published weight (2,500: ± 25 %)."""
    return Bands(
        low=tuple(max(0, -(-weight * (WHOLE - band_bp) // WHOLE)) for weight in published),
        high=tuple(min(WHOLE, weight * (WHOLE + band_bp) // WHOLE) for weight in published),
    )


def restricted(matrix: ScoreMatrix, seed: int, bands: Bands) -> Sampling:
    """Return the weights inside the bands, uniform.

    Raises:
        PrecisionExceeded: the scores leave too few bits for the weights.
    """
    shape = shape_of(matrix)
    room = MANTISSA - shape.tie_bits - shape.score_bits - WHOLE.bit_length()
    if room < _COARSEST:
        raise PrecisionExceeded(
            "scores", rule=NAME, needed=MANTISSA + _COARSEST - room, available=MANTISSA
        )
    fine = 2 ** min(_FINEST, room)
    return Sampling(
        shape,
        key_matrix(matrix, shape),
        partial(_inside, seed, shape, bands, fine),
        rejects=True,
    )


def restricted_counts(
    matrix: ScoreMatrix,
    seed: int,
    bands: Bands,
    *,
    draws: int = DRAWS,
    threads: int = 2,
    block: int = BLOCK,
) -> Counts:
    """Count the ranks over the weights inside the bands; ``draws`` are proposed, fewer count."""
    sampling = restricted(matrix, seed, bands)
    return counted(matrix, sampling, draws=draws, threads=threads, block=block)


def _inside(
    seed: int, shape: Shape, bands: Bands, fine: int, first: int, draws: int
) -> NDArray[np.float64]:
    low = [weight * fine for weight in bands.low]
    width = [b * fine - a for a, b in zip(low, bands.high, strict=True)]
    takes_rest = max(range(shape.n), key=width.__getitem__)
    free = [place for place in range(shape.n) if place != takes_rest]
    rest = np.full(draws, WHOLE * fine, np.int64)
    found = np.empty((shape.n + 1, draws), np.int64)
    found[shape.n] = 1
    raw = words(seed, first * shape.words, draws * shape.words, LANE) if free else None
    parts = halves(raw, draws) if raw is not None else np.empty((0, draws), np.uint32)
    for place, part in zip(free, parts, strict=False):
        # 32 random bits times the width, the upper half of the product: no division, no float.
        offset = (part.astype(np.uint64) * np.uint64(width[place] + 1)) >> np.uint64(32)
        found[place] = offset.astype(np.int64) + low[place]
        rest -= found[place]
    found[takes_rest] = rest
    kept = (rest >= low[takes_rest]) & (rest <= low[takes_rest] + width[takes_rest])
    return found[:, kept].astype(np.float64)
