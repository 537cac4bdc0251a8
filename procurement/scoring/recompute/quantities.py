"""Exact numbers: fractions, and the four published ways to round one."""

from fractions import Fraction
from math import ceil, floor

ZERO, ONE = Fraction(0), Fraction(1)
Points = dict[str, Fraction]


def rounding(value: Fraction, mode: str) -> int:
    """Round to an integer; « half up » goes away from zero."""
    size = abs(value)
    found = {
        "down": floor(size),
        "up": ceil(size),
        "half_even": round(size),
        "half_up": floor(size + Fraction(1, 2)),
    }[mode]
    return found if value >= 0 else -found


def held(share: Fraction) -> Fraction:
    """Hold a share between 0 and 1."""
    return min(max(share, ZERO), ONE)
