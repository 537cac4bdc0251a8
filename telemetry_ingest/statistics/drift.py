"""Drift of what a device says, robust against single wild days: the slope of daily medians.

Source: Theil 1950; Sen, « Estimates of the regression coefficient based on Kendall's tau », JASA 63
(1968) 1379, with the normal approximation of Kendall's S and its correction for ties.
Assumes: a straight line, and days whose deviations are independent. Against a reference the daily
medians are of the differences; without one they are of the values, and a change of patients is
drift too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from telemetry_ingest.statistics.agreement import TooFew, Values

LEAST_DAYS = 5


@dataclass(frozen=True)
class Slope:
    """Units per day: the estimate and its one-sided bounds."""

    days: int
    slope: float
    low: float
    high: float


def slope(days: Values, values: Values, *, confidence: float) -> Slope:
    """Return the Theil–Sen slope of ``values`` over ``days`` (any origin), per day.

    Raises:
        TooFew: fewer than five days.
    """
    n = len(days)
    if n < LEAST_DAYS:
        raise TooFew
    first, second = np.triu_indices(n, 1)
    apart = days[second] - days[first]
    slopes = np.sort((values[second] - values[first])[apart != 0] / apart[apart != 0])
    wide = _quantile(confidence) * sqrt(_variance(n, values))
    count = len(slopes)
    low = max(int(np.floor((count - wide) / 2)) - 1, 0)
    high = min(int(np.ceil((count + wide) / 2)), count - 1)
    return Slope(n, float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def _variance(n: int, values: Values) -> float:
    """Return the variance of Kendall's S, with ties among the values."""
    _same, ties = np.unique(values, return_counts=True)
    whole = n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()
    return float(whole) / 18


def _quantile(chance: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415 — beside what asks for it

    return NormalDist().inv_cdf(chance)
