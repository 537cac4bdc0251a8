"""Exact numbers: fractions, how one is written, and the four published ways to round one."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from .reading import Unreadable

ZERO, ONE = Fraction(0), Fraction(1)
Points = dict[str, Fraction]
Exact = int | str
FINEST = 13_000
"""Bits of a denominator: 4,000 digits, about the most that Python writes down."""


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


def summed(numbers: Iterable[Fraction]) -> Fraction:
    """Add fractions up.

    Raises:
        Unreadable: their common denominator has more than 4,000 digits.
    """
    total = ZERO
    for one in numbers:
        total += one
        if total.denominator.bit_length() > FINEST:
            raise Unreadable("$", "its fractions have a common denominator above 4,000 digits")
    return total


def said(value: Fraction | int | str) -> Exact:
    """Write a number as a line does: an integer as it is, a fraction as « 3/4 »."""
    if not isinstance(value, Fraction):
        return value
    return value.numerator if value.denominator == 1 else str(value)
