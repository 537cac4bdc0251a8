"""What a device was at every moment: up, partial, down, or unknown where it was silent. Pure.

Times are microseconds since 1970, UTC. Silence is never « down »: a device that says « down »
stays so until it says otherwise, because a device that is down is expected to be silent; in any
other state a silence longer than the protocol's makes the whole time between its two signs of life
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.states import Condition

UNKNOWN = "unknown"
HOUR = 3_600_000_000
DAY = 24 * HOUR

Moments = NDArray[np.int64]
Said = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Interval:
    """From ``start`` until ``end`` (µs) the device was in ``state``."""

    start: int
    end: int
    state: str

    @property
    def length(self) -> int:
        """Return how long it lasted, in µs."""
        return self.end - self.start


def intervals(life: Moments, said: Said, *, start: int, end: int, silence: int) -> list[Interval]:
    """Return the states of a device from ``start`` to ``end`` without a hole.

    Args:
        life: moments of its readings.
        said: what it said of its condition, (moment, state), sorted; before the first it is « up ».
        start: first moment of the window.
        end: moment after the window.
        silence: the protocol's silence, in µs.
    """
    told = [
        (start, str(Condition.UP)),
        *((max(at, start), state) for at, state in said if at < end),
    ]
    signs = np.concatenate([life, np.array([at for at, _ in said], dtype=np.int64)])
    signs.sort()  # in its place: there may be millions
    low, high = np.searchsorted(signs, [start, end])
    signs = signs[low:high]
    found: list[Interval] = []
    for (begins, state), (ends, _next) in pairwise([*told, (end, "")]):
        if ends <= begins:
            continue
        if state == Condition.DOWN:
            found.append(Interval(begins, ends, state))
        else:
            found += _heard(signs, begins, ends, state, silence, (start, end))
    return _joined(found)


def _heard(
    signs: Moments, begins: int, ends: int, state: str, silence: int, window: tuple[int, int]
) -> list[Interval]:
    """Return one stretch of a state with its silences cut out."""
    low, high = np.searchsorted(signs, [begins, ends])
    inside = signs[low:high]
    edges = np.concatenate(([begins], inside, [ends]))
    # At the edges of the window silence is only what was waited for in vain inside it.
    gaps = np.flatnonzero(np.diff(edges) > silence)
    found: list[Interval] = []
    place = begins
    for gap in gaps:
        first, last = int(edges[gap]), int(edges[gap + 1])
        found += [Interval(place, first, state), Interval(first, last, UNKNOWN)]
        place = last
    if not len(inside) and begins == window[0]:
        return [Interval(begins, ends, UNKNOWN)]
    return [*found, Interval(place, ends, state)]


def covered(
    found: Iterable[Interval], *, daily_from: int = 0, daily_to: int = 24
) -> list[Interval]:
    """Return the parts of intervals within each day's hours of service (UTC), cut by day."""
    kept: list[Interval] = []
    for one in found:
        day = one.start // DAY * DAY
        while day < one.end:
            start = max(one.start, day + daily_from * HOUR)
            end = min(one.end, day + daily_to * HOUR)
            if start < end:
                kept.append(Interval(start, end, one.state))
            day += DAY
    return kept


def _joined(found: Sequence[Interval]) -> list[Interval]:
    """Return the intervals without empty ones, neighbours of one state made one."""
    kept: list[Interval] = []
    for one in found:
        if one.length <= 0:
            continue
        if kept and kept[-1].state == one.state and kept[-1].end == one.start:
            kept[-1] = Interval(kept[-1].start, one.end, one.state)
        else:
            kept.append(one)
    return kept
