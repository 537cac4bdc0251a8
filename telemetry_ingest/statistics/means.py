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
from math import frexp, ldexp

STAKES = (0.5, 0.9, 0.99)
STEPS = 80  # halvings of [0, 1]: the bound is exact to the last bit
LONGEST = 100_000


def lower_mean(
    shares: Sequence[float], weights: Sequence[float] | None = None, *, confidence: float
) -> float:
    """Return the one-sided lower bound of the mean of shares of 0 to 1.

    Only products and quotients of floating point: the same on every machine.

    Args:
        shares: one for each day, 0 to 1.
        weights: how much of a whole day each is, 0 to 1; whole days when left out.
        confidence: e.g. 0.95.
    """
    values = [min(max(float(one), 0.0), 1.0) for one in shares]
    sizes = [1.0] * len(values) if weights is None else [min(max(one, 0.0), 1.0) for one in weights]
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        middle = (low + high) / 2
        won = [size * (value / middle - 1) for value, size in zip(values, sizes, strict=True)]
        if _capital(won) >= _wanted(confidence):
            low = middle
        else:
            high = middle
    return low


def _wanted(confidence: float) -> float:
    return len(STAKES) / (1 - confidence)


def _capital(won: Sequence[float]) -> float:
    """Return the summed capital of all stakes; what is too large to write is infinite."""
    return sum(_product([1 + stake * one for one in won]) for stake in STAKES)


def _product(factors: Sequence[float]) -> float:
    """Return a product that neither overflows nor vanishes on its way."""
    value, power = 1.0, 0
    for one in factors:
        value, more = frexp(value * one)
        power += more
    return float("inf") if power > 1000 else ldexp(value, power)


def days_needed(limit: float, *, confidence: float) -> int | None:
    """Return how many days without any loss prove ``limit``; ``None``: no number does.

    Whoever observed fewer has not enough data, whatever the device did.
    """
    if limit >= 1:
        return None
    if limit <= 0:
        return 1
    wanted, rises = _wanted(confidence), [1 + stake * (1 / limit - 1) for stake in STAKES]
    capital = [1.0] * len(STAKES)
    for day in range(1, LONGEST):
        capital = [one * rise for one, rise in zip(capital, rises, strict=True)]
        if sum(capital) >= wanted:
            return day
    return None
