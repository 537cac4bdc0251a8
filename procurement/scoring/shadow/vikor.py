"""VIKOR: a compromise between the most satisfied majority and the least regret.

Opricovic and Tzeng, European Journal of Operational Research 156 (2004) 445-455. It may answer
with several bids, which no award can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.decision import Floats, Sense, inverse, maximised

NOISE = 1e-12
"""Differences of Q below this are the rounding of binary floats."""


@dataclass(frozen=True)
class Vikor:
    """What VIKOR says of m bids; smaller is better in all three measures [m].

    Attributes:
        group: S, the weighted distance from the best values.
        regret: R, the largest single weighted distance.
        compromise: Q, the mixture of both.
        order: indices of the bids by Q, the best first.
        acceptable_advantage: the first leads the second by at least 1/(m-1).
        acceptable_stability: the first is also first by S or by R.
        compromise_set: indices of the bids that the method does not choose between, by Q.
    """

    group: Floats
    regret: Floats
    compromise: Floats
    order: tuple[int, ...]
    acceptable_advantage: bool
    acceptable_stability: bool
    compromise_set: tuple[int, ...]
    decides: Literal[False] = False


def vikor(
    matrix: ArrayLike, weights: ArrayLike, sense: Sequence[Sense], *, v: float = 0.5
) -> Vikor:
    """Rank m bids by n criteria; ``v`` in [0, 1] is the weight of the majority against regret.

    Raises:
        NotComparable: see ``maximised``; or ``v`` is outside [0, 1].
    """
    if not 0 <= v <= 1:
        raise NotComparable("v", why="it lies between 0 and 1")
    values, parts = maximised(matrix, weights, sense)
    top = values.max(axis=0)
    distances = (top - values) * (parts * inverse(top - values.min(axis=0)))
    group, regret = distances.sum(axis=1), distances.max(axis=1)
    return _chosen(group, regret, v * _stretched(group) + (1 - v) * _stretched(regret))


def _stretched(measure: Floats) -> Floats:
    """Map a measure to [0, 1]; 0 for all when it separates nobody."""
    low = measure.min()
    spread = measure.max() - low
    return (measure - low) / spread if spread > 0 else np.zeros_like(measure)


def _chosen(group: Floats, regret: Floats, compromise: Floats) -> Vikor:
    order = compromise.argsort(kind="stable").tolist()
    first = order[0]
    needed = 1 / (len(order) - 1) if len(order) > 1 else 0.0
    leads = [float(compromise[one]) for one in order]
    advantage = len(order) == 1 or leads[1] - leads[0] >= needed - NOISE
    stable = bool(group[first] <= group.min() + NOISE or regret[first] <= regret.min() + NOISE)
    if not advantage:
        chosen = [one for one, q in zip(order, leads, strict=True) if q - leads[0] < needed - NOISE]
    else:
        chosen = order[:1] if stable else order[:2]
    return Vikor(group, regret, compromise, tuple(order), advantage, stable, tuple(chosen))
