"""Columns as PostgreSQL reads them: beside the same rows packed one by one."""

import struct
from math import nan

import numpy as np
import pytest

from telemetry_ingest.consumer.packing import HEAD, POSTGRES_EPOCH_US, TAIL, packed

AT = 1_772_323_200_000_000


def row(device, metric, at, boot, seq, value):
    start = struct.pack(
        ">hiiiiiqiiiq", 6, 4, device, 4, metric, 8, at - POSTGRES_EPOCH_US, 4, boot, 8, seq
    )
    return start + (struct.pack(">i", -1) if value is None else struct.pack(">id", 8, value))


@pytest.mark.parametrize(
    "values", [[97.5, -1.0], [None, 97.5], [97.5, None], [None, None], [0.0, -0.0]]
)
def test_rows_are_those_of_the_format(values):
    rows = [(7, 150456, AT, 2**31 - 1, 2**52, values[0]), (8, 0, 0, 0, 0, values[1])]
    *ints, value = (list(one) for one in zip(*rows, strict=True))

    found = packed(
        *(np.array(one, np.int64) for one in ints),
        np.array([nan if one is None else one for one in value]),
    )

    assert found == HEAD + b"".join(row(*one) for one in rows) + TAIL


def test_nothing_is_a_beginning_and_an_end():
    none = np.empty(0, np.int64)

    assert packed(none, none, none, none, none, np.empty(0)) == HEAD + TAIL
