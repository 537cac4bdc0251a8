"""What the robustness report looks at: points of admissible bids under the published criteria."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ScoreMatrix:
    """The points of m bids under n top-level criteria, as the award computed them.

    Attributes:
        bids: names of the m admissible bids.
        criteria: names of the n top-level criteria.
        scores: int64 [m, n], points out of 100 times ``10 ** decimals``, 0 ≤ score.
        weights: n published weights in basis points, together 10,000.
        priority: int64 [m], distinct; of equal bids the one with the larger number is preferred.
        decimals: decimals of a point that are kept.
    """

    bids: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: NDArray[np.int64]
    weights: tuple[int, ...]
    priority: NDArray[np.int64]
    decimals: int = 2
