"""Drift of what a device says, robust against single wild days: the slope of daily medians.

Source: Theil 1950; Sen, « Estimates of the regression coefficient based on Kendall's tau », JASA 63
(1968) 1379: a bound is one of the sorted slopes, by the distribution of Kendall's S without ties,
exact up to a hundred days and by its normal approximation beyond. Equal values come from rounding
and are no reason to be surer: they are not corrected for.
Assumes: a straight line, and days whose deviations are independent. Against a reference the daily
medians are of the differences; without one they are of the values, and a change of patients is
drift too. What a device rounds away stays unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import factorial, floor, sqrt
from statistics import NormalDist

import numpy as np

from telemetry_ingest.statistics.agreement import TooFew, Values

LEAST_DAYS = 5
EXACT_DAYS = 100


@dataclass(frozen=True)
class Slope:
    """Units per day: the estimate and its one-sided bounds."""

    days: int
    slope: float
    low: float
    high: float


def slope(days: Values, values: Values, *, confidence: float) -> Slope:
    """Return the Theil–Sen slope of ``values`` over ``days`` (any origin, all different), per day.

    Raises:
        TooFew: fewer than ``days_needed``.
    """
    n = len(days)
    if n < days_needed(confidence=confidence):
        raise TooFew
    first, second = np.triu_indices(n, 1)
    slopes = np.sort((values[second] - values[first]) / (days[second] - days[first]))
    place = rank(n, confidence=confidence) - 1
    return Slope(n, float(np.median(slopes)), float(slopes[place]), float(slopes[-1 - place]))


def days_needed(*, confidence: float) -> int:
    """Return the least days for a bound at this level: all slopes on one side are rare enough."""
    n = LEAST_DAYS
    while Fraction(1, factorial(n)) > _rarely(confidence):
        n += 1
    return n


@cache
def rank(n: int, *, confidence: float) -> int:
    """Return which of the sorted slopes, counted from 1, is the lower bound."""
    if n > EXACT_DAYS:
        pairs, spread = n * (n - 1) / 2, sqrt(n * (n - 1) * (2 * n + 5) / 18)
        return max(floor((pairs - NormalDist().inv_cdf(confidence) * spread) / 2) - 1, 1)
    most, below = _rarely(confidence) * factorial(n), 0
    for place, count in enumerate(_inversions(n)):
        below += count
        if below > most:
            return place
    raise AssertionError


def _rarely(confidence: float) -> Fraction:
    return 1 - Fraction(str(confidence))


def _inversions(n: int) -> list[int]:
    """Return how many orders of n things have 0, 1, 2 … pairs in the wrong order (Kendall)."""
    counts = [1]
    for more in range(2, n + 1):
        length, before, run = len(counts) + more - 1, counts, 0
        counts = []
        for place in range(length):
            run += before[place] if place < len(before) else 0
            run -= before[place - more] if place >= more else 0
            counts.append(run)
    return counts
