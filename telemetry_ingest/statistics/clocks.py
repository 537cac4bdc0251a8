"""How well a device's clock kept time, from its hourly offsets to ours. Microseconds.

An offset is our clock minus the device's at the message of the smallest delay: a device that is
slow by a second says 1,000,000. A jump is a change of more than two seconds from one hour that was
heard to the next, and of more than any quartz drifts (100 ppm) if that is days later; drift is the
median of the changes that are none, so that a jump is not taken for drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

JUMP = 2_000_000
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
