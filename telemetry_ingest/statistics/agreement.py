"""Agreement of a device with a reference, from the differences device − reference, in their unit.

Sources: Bland & Altman, Lancet 1986 and « Measuring agreement in method comparison studies », SMMR
8 (1999) 135; Carkeet, « Exact parametric confidence intervals for Bland–Altman limits of agreement
», Optom. Vis. Sci. 92 (2015) e71; ISO 80601-2-61 (A_rms). Domain E11, E14.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
WIDTH = 1.96


class TooFew(ValueError):
    """There are fewer differences than the method needs."""


@dataclass(frozen=True)
class Agreement:
    """Bland and Altman's figures: bias, spread, limits of agreement and their standard error."""

    n: int
    bias: float
    spread: float
    low: float
    high: float
    error: float

    @property
    def accuracy(self) -> float:
        """Return A_rms: A_rms² = bias² + spread²·(n − 1)/n."""
        return sqrt(self.bias**2 + self.spread**2 * (self.n - 1) / self.n)


def agreement(differences: Values) -> Agreement:
    """Return the limits d̄ ± 1.96·s with SE ≈ √(3·s²/n) (1986).

    Assumes: independent normal differences; for several of one session see ``repeated``.

    Raises:
        TooFew: fewer than two.
    """
    n = len(differences)
    if n < 2:
        raise TooFew
    bias = mean(differences)
    spread = sqrt(fsum(np.square(differences - bias)) / (n - 1))
    return Agreement(
        n, bias, spread, bias - WIDTH * spread, bias + WIDTH * spread, sqrt(3 * spread**2 / n)
    )


def accuracy(differences: Values) -> float:
    """Return A_rms = √(Σd²/n), ISO 80601-2-61."""
    if not len(differences):
        raise TooFew
    return sqrt(mean(np.square(differences)))


def mean(values: Values) -> float:
    """Return the mean, its sum rounded once: the same on every machine, in whatever order."""
    return fsum(values) / len(values)


def approximate_limits(found: Agreement, *, confidence: float) -> tuple[float, float]:
    """Return the outer one-sided bounds of both limits: limit ∓ t(n − 1)·SE (1986)."""
    wide = student(confidence, found.n - 1) * found.error
    return found.low - wide, found.high + wide


def exact_limits(found: Agreement, *, confidence: float) -> tuple[float, float]:
    """Return the outer one-sided bounds of both limits, exact for normal differences.

    d̄ ± s·t′(confidence; n − 1, 1.96·√n)/√n, with the non-central t (Carkeet 2015); the same factor
    as a one-sided tolerance bound's.
    """
    wide = tolerance_factor(found.n, WIDTH, confidence=confidence) * found.spread
    return found.bias - wide, found.bias + wide


def tolerance_factor(n: int, width: float, *, confidence: float) -> float:
    """Return k so that d̄ + k·s is beyond μ + width·σ with ``confidence``."""
    from scipy.special import nctdtrit  # noqa: PLC0415 — it takes a second to load

    return float(nctdtrit(n - 1, width * sqrt(n), confidence)) / sqrt(n)


def bias_bounds(found: Agreement, *, confidence: float) -> tuple[float, float]:
    """Return the one-sided lower and upper bound of the bias: d̄ ∓ t(n − 1)·s/√n."""
    wide = student(confidence, found.n - 1) * found.spread / sqrt(found.n)
    return found.bias - wide, found.bias + wide


def student(chance: float, freedom: float) -> float:
    """Return the value that Student's t stays below with ``chance``."""
    from scipy.special import stdtrit  # noqa: PLC0415 — it takes a second to load

    return float(stdtrit(freedom, chance))
