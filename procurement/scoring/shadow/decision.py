"""What TOPSIS, VIKOR and PROMETHEE look at: a matrix, weights and the sense of each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from procurement.scoring.errors import NotComparable

Sense = Literal["max", "min"]
Floats = NDArray[np.float64]


def maximised(
    matrix: ArrayLike, weights: ArrayLike, sense: Sequence[Sense]
) -> tuple[Floats, Floats]:
    """Return the values with every criterion to be maximised [m, n], and weights of sum 1 [n].

    Raises:
        NotComparable: shapes do not fit, a value is not finite, weights are negative or all zero.
    """
    values = np.asarray(matrix, dtype=np.float64)
    parts = np.asarray(weights, dtype=np.float64)
    if values.ndim != 2 or not values.size:
        raise NotComparable("matrix", why="it needs a row per bid and a column per criterion")
    if parts.shape != values.shape[1:] or len(sense) != parts.size:
        raise NotComparable("weights", why="one weight and one sense per criterion are needed")
    total = float(parts.sum())
    # A sum is finite only if every part is; parts so large that it overflows are refused as well.
    if not np.isfinite(values.sum()):
        raise NotComparable("matrix", why="a value is missing or infinite")
    if not 0 < total < np.inf or parts.min() < 0:
        raise NotComparable("weights", why="weights are finite, not negative and not all zero")
    return values * signs(sense), parts / total


def signs(sense: Sequence[Sense]) -> Floats:
    """Return 1 for a criterion to be maximised and -1 for one to be minimised [n]."""
    try:
        return np.array([_SIGN[one] for one in sense])
    except KeyError as error:
        raise NotComparable("sense", why="a sense is « max » or « min »") from error


def inverse(spread: Floats) -> Floats:
    """Return 1/spread, and 0 where there is no spread: such a criterion separates nobody."""
    flat = spread == 0
    return np.where(flat, 0.0, 1.0 / np.where(flat, 1.0, spread)) if flat.any() else 1.0 / spread


def places(values: Floats) -> tuple[int, ...]:
    """Return the rank of each bid, 1 for the largest value; equal values share the better rank."""
    ordered = np.sort(values)
    return tuple((values.size + 1 - np.searchsorted(ordered, values, side="right")).tolist())


_SIGN: dict[str, float] = {"max": 1.0, "min": -1.0}
