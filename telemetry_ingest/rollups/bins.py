"""A histogram of the plausible range, and what it knows of a percentile. Pure.

Bin 0 is below the range, 1 to 64 share it evenly, 65 is above it; both ends are plausible.
"""

from collections.abc import Iterable, Sequence
from math import ceil

BINS = 64
BELOW, ABOVE = 0, BINS + 1
LENGTH = BINS + 2


class NothingMeasured(ValueError):
    """There is no percentile of no values."""


def bin_of(value: float, low: float, high: float) -> int:
    """Return the bin of a value, by the same operations in the same order as the SQL."""
    if value < low:
        return BELOW
    if value > high:
        return ABOVE
    return min(int(BINS * ((value - low) / (high - low))), BINS - 1) + 1


def histogram(values: Iterable[float], low: float, high: float) -> tuple[int, ...]:
    """Count values by bin."""
    counts = [0] * LENGTH
    for value in values:
        counts[bin_of(value, low, high)] += 1
    return tuple(counts)


def edges(place: int, low: float, high: float, seen: tuple[float, float]) -> tuple[float, float]:
    """Return between what the values of a bin are; ``seen`` are the smallest and largest of all."""
    if place == BELOW:
        return seen[0], low
    if place == ABOVE:
        return high, seen[1]
    step = (high - low) / BINS
    return low + (place - 1) * step, low + place * step


def percentile(
    bins: Sequence[int], share: float, low: float, high: float, seen: tuple[float, float]
) -> tuple[float, float]:
    """Return between what the percentile lies (nearest rank): a bin is all that is known of it.

    Raises:
        NothingMeasured: all bins are empty.
    """
    rank = max(1, ceil(share * sum(bins)))
    before = 0
    for place, count in enumerate(bins):
        before += count
        if count and before >= rank:
            lower, upper = edges(place, low, high, seen)
            return max(lower, seen[0]), min(upper, seen[1])
    raise NothingMeasured
