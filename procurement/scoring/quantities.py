"""Exact numbers: money in centimes, shares and marks as rationals, quantities with their unit."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

MOST = 10**18
"""No amount and no stated number is larger: what is would be a slip of the pen, or an attack."""

Centimes = Annotated[int, Meta(ge=0, le=MOST)]
"""An amount, tax included, in hundredths of the currency."""

Difference = Annotated[int, Meta(ge=-MOST, le=MOST)]
"""What is added to an amount, or taken from it."""

BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
"""A weight or a share in hundredths of a percent."""

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal."""

Name = Annotated[str, Meta(min_length=1, max_length=200)]
"""What a lot, a bid, a bidder or a criterion is called inside its tender."""

Unit = Literal["day", "month", "year", "hour", "percent", "point", "piece", "centime", "one"]
Rounding = Literal["half_up", "half_even", "down", "up"]

_EXACT = re.compile(r"-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?")
LONGEST = 60


class Quantity(Struct, frozen=True, forbid_unknown_fields=True):
    """A value with the unit it is counted in."""

    value: Fraction
    unit: Unit


def exact(text: str) -> Fraction:
    """Read « 12 », « -0.25 » or « 3/4 » as a rational.

    Raises:
        ValueError: it is none of these, longer than 60 characters, or beyond ``MOST``.
    """
    if len(text) > LONGEST or not _EXACT.fullmatch(text):
        raise ValueError(f"not an exact number: {text[:LONGEST]!r}")
    value = Fraction(text)
    if abs(value) > MOST:
        raise ValueError(f"beyond {MOST}")
    return value


def rounded(value: Fraction, mode: Rounding = "half_up") -> int:
    """Round to an integer; « half up » goes away from zero, as commerce does."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    if mode == "up":
        up = bool(rest)
    elif mode == "down":
        up = False
    else:
        double = 2 * rest
        up = double > value.denominator or (
            double == value.denominator and (mode == "half_up" or whole % 2 == 1)
        )
    return (whole + up) * (1 if value >= 0 else -1)
