"""TOPSIS: nearness to the best and distance from the worst of the bids at hand (Hwang, Yoon 1981).

The winner may depend on the normalisation alone: Opricovic and Tzeng's three alternatives give A2
with min-max and A1 with vectors (EJOR 156, 2004). Shown, never decisive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.decision import Floats, Sense, inverse, maximised, places

Normalisation = Literal["vector", "min_max"]


@dataclass(frozen=True)
class Topsis:
    """Closeness to the ideal in [0, 1] and the rank it gives, per bid [m]."""

    closeness: Floats
    ranks: tuple[int, ...]
    normalisation: Normalisation
    decides: Literal[False] = False


def topsis(
    matrix: ArrayLike,
    weights: ArrayLike,
    sense: Sequence[Sense],
    *,
    normalisation: Normalisation = "vector",
) -> Topsis:
    """Rank m bids by n criteria (``matrix`` [m, n], ``weights`` [n], ``sense`` [n]).

    Raises:
        NotComparable: see ``maximised``; or all bids are equal, where closeness is 0/0.
    """
    values, parts = maximised(matrix, weights, sense)
    top, bottom = values.max(axis=0), values.min(axis=0)
    if normalisation == "vector":
        scale = parts * inverse(np.sqrt(np.einsum("ij,ij->j", values, values)))
    elif normalisation == "min_max":
        scale = parts * inverse(top - bottom)
    else:
        raise NotComparable("normalisation", why="it is « vector » or « min_max »")
    # Shifting a column moves the ideal with it: distances need the scale of a column only.
    near, far = (values - top) * scale, (values - bottom) * scale
    to_best = np.sqrt(np.einsum("ij,ij->i", near, near))
    to_worst = np.sqrt(np.einsum("ij,ij->i", far, far))
    both = to_best + to_worst
    if not both.all():
        raise NotComparable("matrix", why="all bids are equal under these criteria")
    closeness = to_worst / both
    return Topsis(closeness, places(closeness), normalisation)
