"""A picture of differences small enough for a pack: how many lie in each cell of a grid.

Bland and Altman's plot has a point for each pair; a pack has millions of them. Cells are whole
numbers, their sizes round decimals: the same readings give the same picture everywhere. Pure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from telemetry_ingest.statistics.agreement import Values

CELLS = 30
TAIL = 0.005  # of the values at each end may lie beyond the grid; they are drawn at its edge


def scatter(middle: Values, differences: Values) -> dict[str, Any] | None:
    """Return the grid and its cells (column, row, how many); ``None`` without a pair.

    Args:
        middle: the mean of device and reference, one for each pair.
        differences: device − reference.
    """
    if not len(middle):
        return None
    wide, across = _cells(middle)
    high, along = _cells(differences)
    cells, counts = np.unique(np.stack([across, along]), axis=1, return_counts=True)
    return {
        "middle": wide,
        "difference": high,
        "cells": [
            [int(column), int(row), int(count)]
            for (column, row), count in zip(cells.T, counts, strict=True)
        ],
    }


def _cells(values: Values) -> tuple[str, Any]:
    """Return the size of a cell and the cell of each value: « 3 » is from 3 to 4 sizes."""
    ordered = np.sort(values)
    beyond = int(len(values) * TAIL)
    low, high = float(ordered[beyond]), float(ordered[-1 - beyond])
    size = nice((high - low) / CELLS)
    edges = np.floor(np.array([low, high]) / float(size))
    found = np.clip(np.floor(values / float(size)), edges[0] - 1, edges[1] + 1)
    return format(size.normalize(), "f"), found.astype(np.int64)


def nice(least: float) -> Decimal:
    """Return the next of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not smaller; 0.1 for nothing."""
    if least <= 0:
        return Decimal("0.1")
    exponent = Decimal(least).adjusted()
    steps = (Decimal(one).scaleb(exponent) for one in (1, 2, 5, 10))
    return next(one for one in steps if one >= Decimal(least))
