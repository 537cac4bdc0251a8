"""Which readings of a device and of the reference belong together: the mutually nearest ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Moments = NDArray[np.int64]
Places = NDArray[np.intp]
PIECE = 100_000


def pairs(device: Moments, reference: Moments, *, apart: int) -> tuple[Places, Places]:
    """Return the places of readings mutually nearest and at most ``apart`` µs from each other.

    Both are sorted. No reading is in two pairs; of two equally near ones the earlier is taken.
    The shorter side is gone through, piece by piece: millions of readings need no second copy.
    """
    if len(device) > len(reference):
        second, first = pairs(reference, device, apart=apart)
        return first, second
    nothing = np.empty(0, dtype=np.intp)
    ours, theirs = [nothing], [nothing]
    for begin in range(0, len(device), PIECE):
        some, found = _mutual(device[begin : begin + PIECE], begin, device, reference, apart)
        ours.append(some)
        theirs.append(found)
    return np.concatenate(ours), np.concatenate(theirs)


def _mutual(
    some: Moments, begin: int, device: Moments, reference: Moments, apart: int
) -> tuple[Places, Places]:
    """Return the pairs of some readings of the device, which begin at a place."""
    theirs = _nearest(some, reference)
    back = _nearest(reference[theirs], device)
    places = np.arange(begin, begin + len(some))
    mutual = (back == places) & (np.abs(reference[theirs] - some) <= apart)
    return places[mutual], theirs[mutual]


def _nearest(wanted: Moments, among: Moments) -> Places:
    """Return for each moment the place of the nearest one among others."""
    after = np.searchsorted(among, wanted)
    before = np.clip(after - 1, 0, len(among) - 1)
    after = np.clip(after, 0, len(among) - 1)
    return np.where(
        np.abs(wanted - among[before]) <= np.abs(among[after] - wanted), before, after
    ).astype(np.intp)
