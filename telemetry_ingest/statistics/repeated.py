"""Agreement with several differences per session, whose true value may vary (Bland & Altman 2007).

Readings of one hour are of one session, most likely of one patient whom nobody may name; they say
less than as many independent ones. The spread is that between sessions and that within them
together. Sources: Bland & Altman, « Agreement between methods of measurement with multiple
observations per individual », J. Biopharm. Stat. 17 (2007) 571 (true value varies); bounds: Zou,
SMMR 22 (2013) 630, MOVER. Assumes: one-way random effects, both normal; sessions independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.statistics.agreement import WIDTH, TooFew, Values, student
from telemetry_ingest.statistics.reliability import chi_square


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
    within = float(np.square(differences - means[place]).sum() / (n - groups))
    all_mean = float(np.mean(differences))
    among = float((sizes * np.square(means - all_mean)).sum() / (groups - 1))
    divisor = (n**2 - float(np.square(sizes).sum())) / ((groups - 1) * n)
    return Repeated(
        n=n,
        sessions=groups,
        bias=float(means.mean()),
        means=float(np.var(means, ddof=1)),
        within=within,
        between=max(0.0, (among - within) / divisor),
        harmonic=groups / float((1 / sizes).sum()),
    )


def bias_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the one-sided bounds of the bias, from the sessions' means: t(sessions − 1)."""
    wide = student(confidence, found.sessions - 1) * sqrt(found.means / found.sessions)
    return found.bias - wide, found.bias + wide


def variance_upper(found: Repeated, *, confidence: float) -> float:
    """Return the upper one-sided bound of the variance of one difference (MOVER)."""
    inner = found.n - found.sessions
    first = found.means * (
        (found.sessions - 1) / chi_square(1 - confidence, found.sessions - 1) - 1
    )
    rest = (1 - 1 / found.harmonic) * found.within * (inner / chi_square(1 - confidence, inner) - 1)
    return found.variance + sqrt(first**2 + rest**2)


def limit_bounds(found: Repeated, *, confidence: float) -> tuple[float, float]:
    """Return the outer one-sided bounds of both limits of agreement (MOVER)."""
    middle = bias_bounds(found, confidence=confidence)[1] - found.bias
    spread = WIDTH * (sqrt(variance_upper(found, confidence=confidence)) - sqrt(found.variance))
    low, high = found.limits
    wide = sqrt(middle**2 + spread**2)
    return low - wide, high + wide


def accuracy_upper(found: Repeated, *, confidence: float) -> float:
    """Return the upper one-sided bound of A_rms: of bias² and variance together (MOVER)."""
    farthest = max(abs(one) for one in bias_bounds(found, confidence=confidence))
    rise = farthest**2 - found.bias**2
    more = variance_upper(found, confidence=confidence) - found.variance
    return sqrt(found.bias**2 + found.variance + sqrt(rise**2 + more**2))
