"""A lower confidence bound for a mean of shares, without a guess about how they are distributed.

Method: the mixture of Kaplan–Wald martingales. For a supposed mean m and a stake g, the capital
Π(1 + w_i·g·(x_i/m − 1)) has an expectation of at most 1 when the true mean is at most m, so that it
exceeds 1/α with a chance of at most α (Ville); means at which it does are refused. The stakes are
fixed in advance and weigh the same.
Sources: Waudby-Smith & Ramdas, « Estimating means of bounded random variables by betting », JRSS-B
86 (2024) 1–27; Stark, « Sets of half-average nulls generate risk-limiting audits », Ann. Appl.
Stat. 14 (2020), section on Kaplan's martingales.
Assumes: each share has the same mean, given those before it. Not: a distribution, independent
sizes, or that failures are rare. A run without any loss proves 0.95 at 95 % after 68 shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log

import numpy as np

STAKES = (0.5, 0.9, 0.99)
STEPS = 80  # halvings of [0, 1]: the bound is exact to the last bit
LONGEST = 100_000


def lower_mean(
    shares: Sequence[float], weights: Sequence[float] | None = None, *, confidence: float
) -> float:
    """Return the one-sided lower bound of the mean of shares of 0 to 1.

    Args:
        shares: one for each day, 0 to 1.
        weights: how much of a whole day each is, 0 to 1; whole days when left out.
        confidence: e.g. 0.95.
    """
    values = np.clip(np.asarray(shares, dtype=float), 0, 1)
    sizes = np.ones_like(values) if weights is None else np.clip(np.asarray(weights, float), 0, 1)
    wanted = log(len(STAKES)) - log(1 - confidence)
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        middle = (low + high) / 2
        if middle > 0 and _capital(values, sizes, middle) >= wanted:
            low = middle
        else:
            high = middle
    return low


def _capital(
    values: np.typing.NDArray[np.float64], sizes: np.typing.NDArray[np.float64], mean: float
) -> float:
    """Return the logarithm of the summed capital of all stakes."""
    won = sizes * (values / mean - 1)
    logs = np.array([np.log1p(stake * won).sum() for stake in STAKES])
    top = logs.max()
    return inf if np.isinf(top) else float(top + np.log(np.exp(logs - top).sum()))


def days_needed(limit: float, *, confidence: float) -> int | None:
    """Return how many days without any loss prove ``limit``; ``None``: no number does.

    Whoever observed fewer has not enough data, whatever the device did.
    """
    if limit >= 1:
        return None
    if limit <= 0:
        return 1
    won = 1 / limit - 1
    wanted = log(len(STAKES)) - log(1 - confidence)
    low, high = 1, LONGEST
    while low < high:
        middle = (low + high) // 2
        logs = middle * np.log1p(np.array(STAKES) * won)
        if logs.max() + log(np.exp(logs - logs.max()).sum()) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low if low < LONGEST else None
