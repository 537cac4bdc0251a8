"""Readings as PostgreSQL's binary COPY reads them, made column by column. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
POSTGRES_EPOCH_US = 946_684_800_000_000
# One row: how many fields, then each behind its length.
LAYOUT = (
    ("fields", ">i2", 6),
    ("device_size", ">i4", 4), ("device", ">i4", 0),
    ("metric_size", ">i4", 4), ("metric", ">i4", 0),
    ("at_size", ">i4", 8), ("at", ">i8", 0),
    ("boot_size", ">i4", 4), ("boot", ">i4", 0),
    ("seq_size", ">i4", 8), ("seq", ">i8", 0),
    ("value_size", ">i4", 8), ("value", ">f8", 0),
)  # fmt: skip
ROW = np.dtype([(name, kind) for name, kind, _ in LAYOUT])
BLANK = np.array([tuple(filled for _, _, filled in LAYOUT)], ROW)
NULL_SIZE = -1
VALUE_BYTES = 8


def packed(device: Ints, metric: Ints, at: Ints, boot: Ints, seq: Ints, value: Floats) -> bytes:
    """Return readings as one binary COPY; a value that is not a number is NULL."""
    rows = np.repeat(BLANK, len(at))
    rows["device"], rows["metric"], rows["boot"], rows["seq"] = device, metric, boot, seq
    rows["at"], rows["value"] = at - POSTGRES_EPOCH_US, value
    null = np.isnan(value)
    if not null.any():
        return b"".join((HEAD, rows.data, TAIL))
    # The value of a NULL is left out: such a row is shorter than the others.
    rows["value_size"][null] = NULL_SIZE
    kept = np.ones((len(rows), ROW.itemsize), bool)
    kept[null, -VALUE_BYTES:] = False
    return b"".join((HEAD, rows.view(np.uint8)[kept.ravel()].data, TAIL))
