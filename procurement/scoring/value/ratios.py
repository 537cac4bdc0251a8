"""Exact points as pairs of integers: what Fractions do, without their cost in the inner loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from math import gcd
from typing import overload

from procurement.scoring.outcome import Exact
from procurement.scoring.quantities import Rounding

Ratio = tuple[int, int]
"""A numerator and a denominator above zero, not always in lowest terms."""

Column = Sequence[Ratio]
"""The points of bids under one criterion, in the order of their pool."""


class Rounded(Sequence[Ratio]):
    """Points as they are published: integers out of 100 × ``scale``, read as ratios."""

    __slots__ = ("scale", "tops")

    def __init__(self, tops: list[int], scale: int) -> None:
        """Hold the integers."""
        self.tops, self.scale = tops, scale

    @overload
    def __getitem__(self, place: int) -> Ratio: ...
    @overload
    def __getitem__(self, place: slice) -> list[Ratio]: ...
    def __getitem__(self, place: int | slice) -> Ratio | list[Ratio]:
        if isinstance(place, slice):
            return list(self)[place]
        return self.tops[place], self.scale

    def __len__(self) -> int:
        return len(self.tops)

    def __iter__(self) -> Iterator[Ratio]:
        return zip(self.tops, repeat(self.scale))


def picked(column: Column, places: Sequence[int]) -> Column:
    """Return the points of some of the bids, by their places."""
    if isinstance(column, Rounded):
        return Rounded([column.tops[place] for place in places], column.scale)
    return [column[place] for place in places]


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
