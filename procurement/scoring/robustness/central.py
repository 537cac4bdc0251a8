"""Typical weights of each bid's first places, and how sure it is of them (Lahdelma, Salminen 2001).

The central weights of a bid are the mean of all weights that make it first: what somebody who
would choose it cares for on average. Its confidence factor is the share of the draws of the
uncertain evidence in which these weights make it first. Without uncertain evidence that share is 1:
weights that make a bid first make it first in every mixture too.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.counting import Counts
from procurement.scoring.robustness.emc1 import shape_of, tie_rank
from procurement.scoring.robustness.evidence import ENTRIES, Tables, picked

SAMPLE = 2**16
"""Draws behind a confidence factor: exact to 0.4 percentage points 95 times out of 100."""
CHUNK = 512


@dataclass(frozen=True)
class Central:
    """One bid that is first for some weights.

    Attributes:
        bid: its name.
        first: draws in which it is first, of ``draws``.
        weights: the mean of these draws' weights, integers that add up to ``2 ** W``.
        sure: draws of the evidence in which these weights make it first, of ``sample``; both are 0
            where no evidence is uncertain.
    """

    bid: str
    first: int
    draws: int
    weights: tuple[int, ...]
    sure: int = 0
    sample: int = 0

    def shares(self) -> tuple[Fraction, ...]:
        """Return the weights as shares of 1."""
        whole = sum(self.weights)
        return tuple(Fraction(weight, whole) for weight in self.weights)

    def confidence(self) -> Fraction:
        """Return the confidence factor."""
        return Fraction(self.sure, self.sample) if self.sample else Fraction(1)


def central(
    matrix: ScoreMatrix,
    counts: Counts,
    *,
    seed: int,
    evidence: Tables | None = None,
    threads: int = 2,
    sample: int = SAMPLE,
    most: int | None = None,
) -> tuple[Central, ...]:
    """Return the central weights of every bid that is ever first, the most often first before.

    ``most``: how many of them at most.
    ``counts``: all weights, added up (``central``), drawn with ``evidence`` if it is given.

    Raises:
        PrecisionExceeded: the scores leave too few bits for the weights.
    """
    assert counts.first_weights is not None
    first = counts.ranks[:, 0].tolist()
    order = sorted(
        (bid for bid, count in enumerate(first) if count), key=lambda bid: (-first[bid], bid)
    )[:most]
    rows = [_mean(counts.first_weights[bid].tolist(), first[bid]) for bid in order]
    sure = [0] * len(order)
    if evidence is not None and order:
        drawn = _Drawn(matrix, seed, evidence, order, rows)
        sure = drawn.sure(sample, threads)
    return tuple(
        Central(
            matrix.bids[bid], first[bid], counts.accepted, row, count,
            sample if evidence is not None else 0,
        )
        for bid, row, count in zip(order, rows, sure, strict=True)
    )  # fmt: skip


def _mean(added: list[int], count: int) -> tuple[int, ...]:
    # Integers that keep the sum: what the divisions leave over goes to the largest remainders.
    parts = [divmod(one, count) for one in added]
    left = sum(rest for _, rest in parts) // count
    up = set(sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left])
    return tuple(whole + (place in up) for place, (whole, _) in enumerate(parts))


class _Drawn:
    """The uncertain points of ``evidence``, drawn by its own lane, under fixed weights."""

    def __init__(
        self,
        matrix: ScoreMatrix,
        seed: int,
        evidence: Tables,
        bids: list[int],
        rows: list[tuple[int, ...]],
    ) -> None:
        m, u, _ = evidence.quantiles.shape
        # The bits that drew the weights; the keys are whole numbers below 2^53 again.
        shape = shape_of(matrix, largest=int(evidence.quantiles.max(initial=0)))
        ties = float(2**shape.tie_bits)
        weights = np.array(rows, np.float64)
        certain = matrix.scores.T.astype(np.float64)
        certain[list(evidence.criteria)] = 0
        self.seed, self.size, self.bids = seed, (m, u), bids
        self.fixed = (weights @ certain) * ties + tie_rank(matrix)
        self.weights = weights[:, list(evidence.criteria)]
        self.points = evidence.quantiles.astype(np.float64).ravel() * ties
        self.starts = (np.arange(m)[:, None] * u + np.arange(u)) * ENTRIES

    def sure(self, sample: int, threads: int) -> list[int]:
        """Count the draws in which each bid is first under its own weights."""
        starts = range(0, sample, CHUNK)
        with ThreadPoolExecutor(max(1, threads)) as pool:
            found = pool.map(lambda first: self._firsts(first, min(CHUNK, sample - first)), starts)
            return [int(count) for count in np.sum(list(found), axis=0)]

    def _firsts(self, first: int, draws: int) -> NDArray[np.int64]:
        m, u = self.size
        entries = picked(self.seed, m * u, first, draws).reshape(draws, m, u) + self.starts
        points = [self.points.take(entries[:, :, place]) for place in range(u)]
        counts = np.zeros(len(self.bids), np.int64)
        for at, bid in enumerate(self.bids):
            keys = np.repeat(self.fixed[at][None, :], draws, axis=0)
            for drawn, weight in zip(points, self.weights[at], strict=True):
                keys += drawn * weight
            counts[at] = np.count_nonzero(keys.argmax(axis=1) == bid)
        return counts
