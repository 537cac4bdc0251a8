"""Agreement with several differences per session, whose true value may vary (Bland & Altman 2007).

Readings of one day are of one session: nobody may know which patient they are of, and hours of one
patient are no independent ones. The spread is that between sessions and that within them together.
Sources: Bland & Altman, « Agreement between methods of measurement with multiple
observations per individual », J. Biopharm. Stat. 17 (2007) 571 (true value varies); bounds: Zou,
SMMR 22 (2013) 630, MOVER, with Student's t for the bias. Assumes: one-way random effects, both
normal; sessions independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.statistics.agreement import WIDTH, TooFew, Values, mean, student
from telemetry_ingest.statistics.reliability import chi_square

LEAST_SESSIONS = 5  # with fewer, how much they differ is hardly known


@dataclass(frozen=True)
class Repeated:
    """Parts of the spread.

    Attributes:
        n: differences.
        sessions: groups of them.
        bias: mean of the sessions' means.
        means: variance of the sessions' means.
        within: mean square within sessions.
        between: variance between sessions, at least 0 (2007).
        harmonic: harmonic mean of the sessions' sizes.
    """

    n: int
    sessions: int
    bias: float
    means: float
    within: float
    between: float
    harmonic: float

    @property
    def variance(self) -> float:
        """Return the variance of one difference: of means + (1 − 1/m_h)·within (Zou 2013)."""
        return self.means + (1 - 1 / self.harmonic) * self.within

    @property
    def limits(self) -> tuple[float, float]:
        """Return the limits of agreement."""
        wide = WIDTH * sqrt(self.variance)
        return self.bias - wide, self.bias + wide

    @property
    def accuracy(self) -> float:
        """Return A_rms of a difference of any session: √(bias² + variance)."""
        return sqrt(self.bias**2 + self.variance)


def repeated(differences: Values, sessions: NDArray[np.int64]) -> Repeated:
    """Return the analysis of variance of differences by session.

    Raises:
        TooFew: fewer than two sessions, or no session with two differences.
    """
    _names, place, sizes = np.unique(sessions, return_inverse=True, return_counts=True)
    groups, n = len(sizes), len(differences)
    if groups < 2 or n <= groups:
        raise TooFew
    means = np.bincount(place, differences) / sizes
    within = fsum(np.square(differences - means[place])) / (n - groups)
    among = fsum(sizes * np.square(means - mean(differences))) / (groups - 1)
    divisor = (n**2 - int(np.square(sizes).sum())) / ((groups - 1) * n)
    bias = mean(means)
    return Repeated(
        n=n,
        sessions=groups,
        bias=bias,
        means=fsum(np.square(means - bias)) / (groups - 1),
        within=within,
        between=max(0.0, (among - within) / divisor),
        harmonic=groups / fsum(1 / sizes),
    )


def bias_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the one-sided bounds of the bias, from the sessions' means: t(sessions − 1)."""
    wide = student(confidence, found.sessions - 1) * sqrt(found.means / found.sessions)
    return found.bias - wide, found.bias + wide


def variance_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the one-sided bounds of the variance of one difference (MOVER)."""
    parts = (
        (found.means, found.sessions - 1),
        ((1 - 1 / found.harmonic) * found.within, found.n - found.sessions),
    )
    down = fsum((part * (1 - free / chi_square(confidence, free))) ** 2 for part, free in parts)
    up = fsum((part * (free / chi_square(1 - confidence, free) - 1)) ** 2 for part, free in parts)
    return max(found.variance - sqrt(down), 0.0), found.variance + sqrt(up)


def limit_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the outer one-sided bounds of both limits of agreement (MOVER)."""
    high = variance_bounds(found, confidence=confidence)[1]
    wide = _beside(found, sqrt(high) - sqrt(found.variance), confidence)
    return found.limits[0] - wide, found.limits[1] + wide


def inner_limit_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the inner one-sided bounds of both limits of agreement (MOVER)."""
    low = variance_bounds(found, confidence=confidence)[0]
    wide = _beside(found, sqrt(found.variance) - sqrt(low), confidence)
    return found.limits[0] + wide, found.limits[1] - wide


def _beside(found: Repeated, spread: float, confidence: float) -> float:
    """Return how far a limit may be off, by its bias and by its spread together."""
    middle = bias_bounds(found, confidence=confidence)[1] - found.bias
    return sqrt(middle**2 + (WIDTH * spread) ** 2)


def accuracy_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the one-sided bounds of A_rms: of bias² and variance together (MOVER)."""
    low, high = bias_bounds(found, confidence=confidence)
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    farthest = max(abs(low), abs(high))
    least, most = variance_bounds(found, confidence=confidence)
    whole = found.bias**2 + found.variance
    down = sqrt((found.bias**2 - nearest**2) ** 2 + (found.variance - least) ** 2)
    up = sqrt((farthest**2 - found.bias**2) ** 2 + (most - found.variance) ** 2)
    return sqrt(max(whole - down, 0.0)), sqrt(whole + up)
