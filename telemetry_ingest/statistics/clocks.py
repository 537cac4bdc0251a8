"""How well a device's clock kept time, from its hourly offsets to ours. Microseconds.

An offset is our clock minus the device's at the message of the smallest delay of an hour: a device
that is slow by a second says 1,000,000. This is the one definition of a jump and of a drift; the
quality of a device and its evidence both use it, on the same offsets.

A jump is a change from one hour that was heard to the next that neither the network nor a quartz
explains: more than ``JUMP`` and more than ``QUARTZ`` of the time between them. NTP sets a clock at
once from 128 ms on (RFC 5905, appendix A, STEPT); a leap second is one second, and the smallest
delay of an hour may vary by as much again, so below two seconds nothing is called a jump. RFC 5905
takes 15 ppm for a good quartz (PHI) and corrects none beyond 500 ppm (MAXFREQ); 100 ppm is what a
cheap one in a warm case does. The drift is the median of the changes that are no jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

JUMP = 2_000_000  # our choice, see above
QUARTZ = 1e-4


@dataclass(frozen=True)
class Clock:
    """Figures of a clock; ``drift`` in parts per million, ``None`` for fewer than three hours."""

    hours: int
    median: int
    farthest: int
    jumps: int
    drift: float | None


def clock(hours: Sequence[tuple[int, int]]) -> Clock | None:
    """Return the figures of a clock from (hour, offset), both in µs; ``None`` without any."""
    if not hours:
        return None
    moments = np.array([at for at, _ in hours], dtype=np.float64)
    offsets = np.array([offset for _, offset in hours], dtype=np.float64)
    steps = np.diff(offsets)
    apart = np.diff(moments)
    calm = np.abs(steps) <= np.maximum(JUMP, QUARTZ * apart)
    rates = steps[calm] / apart[calm]
    return Clock(
        hours=len(hours),
        median=int(np.median(offsets)),
        farthest=int(offsets[np.argmax(np.abs(offsets))]),
        jumps=int((~calm).sum()),
        drift=float(np.median(rates)) * 1e6 if len(rates) > 1 else None,
    )
