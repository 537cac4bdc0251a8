"""How much of what was expected is stored: by the agreed rate and by the device's own numbers.

Both are counts of all there is and no samples: they have no confidence bound, they are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.statistics.intervals import DAY, HOUR, Interval

SECOND = 1_000_000
ENOUGH = 600  # readings in a stretch: one that slips over its edge is less than 0.2 % of it


def expected_by_rate(covered: int, every_s: float) -> int:
    """Return how many readings of a metric ``covered`` µs of service should give."""
    return int(Fraction(covered, SECOND) / Fraction(str(every_s)))


def completeness(stored: int, expected: int) -> Fraction | None:
    """Return the stored share, at most 1; ``None`` when nothing was expected."""
    return min(Fraction(stored, expected), Fraction(1)) if expected else None


def by_stretch(
    at: NDArray[np.int64], service: Sequence[Interval], every_s: float
) -> Fraction | None:
    """Return the stored share of what was expected; ``None`` when nothing was.

    Counted hour by hour (day by day, or at once, where fewer than 600 are expected): a device that
    sends too much in one hour does not fill the hole of another.

    Args:
        at: moments of readings, sorted.
        service: hours of service, cut by day.
        every_s: one reading is expected every so many seconds.
    """
    every = Fraction(str(every_s)) * SECOND
    length = next((one for one in (HOUR, DAY) if one / every >= ENOUGH), None)
    expected: dict[int, int] = {}
    stored: dict[int, int] = {}
    for one in service:
        for start, end in _cut(one, length):
            block = start // length if length else 0
            low, high = np.searchsorted(at, [start, end])
            expected[block] = expected.get(block, 0) + end - start
            stored[block] = stored.get(block, 0) + int(high - low)
    whole = sum(expected.values())
    kept = sum(min(stored[block] * every, Fraction(expected[block])) for block in expected)
    return Fraction(kept) / whole if whole else None


def _cut(one: Interval, length: int | None) -> list[tuple[int, int]]:
    """Return a stretch in pieces that do not reach over a whole multiple of ``length``."""
    if length is None:
        return [(one.start, one.end)]
    edges = [one.start, *range(one.start // length * length + length, one.end, length), one.end]
    return list(pairwise(edges))


def by_numbers(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many numbers of one boot are stored, and how many were given out.

    Args:
        ranges: stored numbers [first, after), in turn; the first number of a boot is 0.

    What came after the last stored one is not known to have existed.
    """
    stored = sum(after - first for first, after in ranges)
    return stored, max((after for _first, after in ranges), default=0)
