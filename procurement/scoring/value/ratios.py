"""Exact points as pairs of integers: what Fractions do, without their cost in the inner loops."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from procurement.scoring.outcome import Exact
from procurement.scoring.quantities import Rounding

Ratio = tuple[int, int]
"""A numerator and a denominator above zero, not always in lowest terms."""

FULL: Ratio = (100, 1)
NONE: Ratio = (0, 1)


def rounded_ratio(top: int, bottom: int, mode: Rounding = "half_up") -> int:
    """Round ``top / bottom`` to an integer, as ``quantities.rounded`` does (``bottom`` > 0)."""
    if top < 0:
        return -rounded_ratio(-top, bottom, mode)
    if mode == "half_up":
        return (2 * top + bottom) // (2 * bottom)
    if mode == "down":
        return top // bottom
    if mode == "up":
        return -(-top // bottom)
    whole, rest = divmod(top, bottom)
    return whole + (2 * rest > bottom or (2 * rest == bottom and whole % 2 == 1))


def written(ratio: Ratio) -> Exact:
    """Write a ratio as ``outcome.said`` writes a Fraction: « 3/4 », or an integer as it is."""
    top, bottom = ratio
    if bottom == 1:
        return top
    common = gcd(top, bottom)
    return top // common if bottom == common else f"{top // common}/{bottom // common}"


written_points = lru_cache(maxsize=1 << 16)(written)
"""``written`` for rounded points, of which there are few different ones."""
