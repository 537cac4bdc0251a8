"""A picture of differences: every pair is in a cell, wild ones at the edge, sizes are round."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.evidence.plotting import CELLS, nice, scatter


@pytest.mark.parametrize(
    ("least", "size"),
    [(0.1, "0.2"), (0.011, "0.02"), (0.2, "0.5"), (0, "0.1"), (3, "5"), (7, "10"), (1000, "1000")],
)
def test_sizes_are_round(least, size):
    assert nice(least) == Decimal(size)


@given(st.floats(1e-9, 1e9))
def test_a_size_is_large_enough_and_not_much_larger(least):
    assert Decimal(least) <= nice(least) <= Decimal(least) * Decimal("2.5")


def test_every_pair_is_somewhere():
    random = np.random.default_rng(3)
    differences = np.append(random.normal(0, 1, 4000), [-1e300, 1e6])
    found = scatter(np.append(random.normal(95, 2, 4000), [50, 99]), differences)

    assert found is not None
    assert sum(count for _x, _y, count in found["cells"]) == 4002
    rows = {row for _column, row, _count in found["cells"]}
    assert max(rows) - min(rows) <= CELLS + 3
    assert (found["middle"], found["difference"]) == ("0.5", "0.2")


def test_one_pair_none_and_all_alike():
    assert scatter(np.array([]), np.array([])) is None
    assert scatter(np.array([97.0]), np.array([0.0])) == {
        "middle": "0.1", "difference": "0.1", "cells": [[970, 0, 1]],
    }  # fmt: skip
    alike = scatter(np.full(9, 97.0), np.full(9, -1.0))
    assert alike is not None
    assert [count for _x, _y, count in alike["cells"]] == [9]
