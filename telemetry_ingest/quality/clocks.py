"""The device's clock beside ours: jumps, and drift between them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

Offset = tuple[int, int]  # moment and what the device is behind, both in microseconds
JUMP_US = 2_000_000  # more than the network explains, as the smallest delay of a minute is taken
FEWEST = 3  # pairs of moments under which a drift says nothing


@dataclass(frozen=True)
class Jump:
    """The clock was set: at which moment, and by how much it went back (or, negative, forth)."""

    at: int
    by_us: int


def jumps(offsets: Sequence[Offset], least_us: int = JUMP_US) -> list[Jump]:
    """Return where the offset changes at once and stays: the next minute agrees."""
    found, level = [], offsets[0][1] if offsets else 0
    for place, (at, offset) in enumerate(offsets):
        _, after = offsets[min(place + 1, len(offsets) - 1)]
        if abs(offset - level) < least_us:
            level = offset
        elif abs(after - level) >= least_us:
            found.append(Jump(at, offset - level))
            level = offset
        # Else one minute whose messages were all late: nothing was set.
    return found


def drift_ppm(offsets: Sequence[Offset]) -> float | None:
    """Return how fast the clock goes wrong, in millionths: the median slope between jumps.

    ``None`` when there is too little to say; a slow clock has a positive drift.
    """
    set_at = {one.at for one in jumps(offsets)}
    slopes = [
        Fraction(after[1] - before[1], after[0] - before[0])
        for before, after in pairwise(offsets)
        if after[0] not in set_at and after[0] > before[0]
    ]
    return float(median(slopes) * 1_000_000) if len(slopes) >= FEWEST else None
