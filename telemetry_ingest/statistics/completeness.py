"""How much of what was expected is stored: by the agreed rate and by the device's own numbers.

Both are counts of all there is and no samples: they have no confidence bound, they are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

SECOND = 1_000_000


def expected_by_rate(covered: int, every_s: float) -> int:
    """Return how many readings of a metric ``covered`` µs of service should give."""
    return int(Fraction(covered, SECOND) / Fraction(str(every_s)))


def completeness(stored: int, expected: int) -> Fraction | None:
    """Return the stored share, at most 1; ``None`` when nothing was expected."""
    return min(Fraction(stored, expected), Fraction(1)) if expected else None


def by_numbers(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many numbers of one boot are stored, and how many were given out.

    Args:
        ranges: stored numbers [first, after), in turn; the first number of a boot is 0.

    What came after the last stored one is not known to have existed.
    """
    stored = sum(after - first for first, after in ranges)
    return stored, max((after for _first, after in ranges), default=0)
