"""Which readings of a device and of the reference belong together: the mutually nearest ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Moments = NDArray[np.int64]
Places = NDArray[np.intp]


def pairs(device: Moments, reference: Moments, *, apart: int) -> tuple[Places, Places]:
    """Return the places of readings mutually nearest and at most ``apart`` µs from each other.

    Both are sorted. No reading is in two pairs; of two equally near ones the earlier is taken.
    """
    if not len(device) or not len(reference):
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing
    theirs = _nearest(device, reference)
    ours = _nearest(reference, device)
    places = np.arange(len(device))
    mutual = (ours[theirs] == places) & (np.abs(reference[theirs] - device) <= apart)
    return places[mutual], theirs[mutual]


def _nearest(wanted: Moments, among: Moments) -> Places:
    """Return for each moment the place of the nearest one among others."""
    after = np.searchsorted(among, wanted)
    before = np.clip(after - 1, 0, len(among) - 1)
    after = np.clip(after, 0, len(among) - 1)
    return np.where(
        np.abs(wanted - among[before]) <= np.abs(among[after] - wanted), before, after
    ).astype(np.intp)
