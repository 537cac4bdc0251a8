"""PROMETHEE II: every bid against every other, criterion by criterion (Brans, Vincke 1985).

The flows of a bid depend on which others are there. Shown, never decisive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.decision import Floats, Sense, maximised, places

Function = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]
"""Preference by difference d: d > 0; d > q; d/p; 1/2 from q to p; (d-q)/(p-q); 1-e^(-d²/2s²)."""

_NEEDS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "u_shape": ("q",),
    "v_shape": ("p",),
    "level": ("q", "p"),
    "linear": ("q", "p"),
    "gaussian": ("s",),
}


@dataclass(frozen=True)
class Promethee:
    """Flows of m bids [m]: how far each is preferred, is preferred to, and the difference."""

    positive: Floats
    negative: Floats
    net: Floats
    ranks: tuple[int, ...]
    decides: Literal[False] = False


def promethee(
    matrix: ArrayLike,
    weights: ArrayLike,
    sense: Sequence[Sense],
    *,
    function: Function = "usual",
    q: ArrayLike | None = None,
    p: ArrayLike | None = None,
    s: ArrayLike | None = None,
) -> Promethee:
    """Rank m bids by n criteria with one preference function for all of them.

    ``q``, ``p``, ``s``: indifference, preference and inflection, in the unit of each criterion [n]
    or one number for all.

    Raises:
        NotComparable: see ``maximised``; fewer than two bids; a threshold is missing or disordered.
    """
    values, parts = maximised(matrix, weights, sense)
    if len(values) < 2:
        raise NotComparable("matrix", why="two bids at least are compared")
    given = _thresholds(function, {"q": q, "p": p, "s": s}, parts.size)
    columns = np.ascontiguousarray(values.T)
    differences = columns[:, :, None] - columns[:, None, :]  # [n, m, m]
    preference = _preference(function, differences, given)
    mutual = (parts @ preference.reshape(parts.size, -1)).reshape(len(values), len(values))
    others = len(values) - 1
    positive, negative = mutual.sum(axis=1) / others, mutual.sum(axis=0) / others
    net = positive - negative
    return Promethee(positive, negative, net, places(net))


def _thresholds(
    function: Function, given: dict[str, ArrayLike | None], criteria: int
) -> dict[str, Floats]:
    if function not in _NEEDS:
        raise NotComparable("function", why="there is no such preference function")
    found: dict[str, Floats] = {}
    for name in _NEEDS[function]:
        value = given[name]
        if value is None:
            raise NotComparable(name, why="this preference function needs it")
        one = np.asarray(value, dtype=np.float64).reshape(-1, 1, 1)
        if one.shape[0] not in {1, criteria} or not (np.isfinite(one) & (one >= 0)).all():
            raise NotComparable(name, why="one number per criterion, not negative, is needed")
        found[name] = one
    if "p" in found and not (found["p"] > found.get("q", 0.0)).all():
        raise NotComparable("p", why="it is greater than the indifference q, and than 0")
    if "s" in found and not found["s"].all():
        raise NotComparable("s", why="it is greater than 0")
    return found


def _preference(function: Function, d: Floats, given: dict[str, Floats]) -> Floats:
    """Return preferences in [0, 1]; the differences are overwritten where that saves a copy."""
    if function in {"usual", "u_shape"}:
        return (d > given.get("q", 0.0)).astype(np.float64)
    if function == "level":
        return 0.5 * (d > given["q"]) + 0.5 * (d > given["p"])
    if function == "gaussian":
        bell: Floats = 1 - np.exp(-(np.maximum(d, 0) ** 2) / (2 * given["s"] ** 2))
        return bell
    low: Floats | float = given.get("q", 0.0)
    d -= low
    d *= 1 / (given["p"] - low)
    return np.clip(d, 0.0, 1.0, out=d)
