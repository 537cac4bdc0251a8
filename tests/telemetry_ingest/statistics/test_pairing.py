"""Pairs are mutually nearest, close enough, and no reading is in two."""

import numpy as np

from telemetry_ingest.statistics.pairing import pairs


def of(device, reference, apart=5):
    found = pairs(
        np.array(device, dtype=np.int64), np.array(reference, dtype=np.int64), apart=apart
    )
    return [(int(one), int(other)) for one, other in zip(*found, strict=True)]


def test_pairs():
    assert of([10, 20, 30], [11, 19, 36]) == [(0, 0), (1, 1)]
    assert of([10, 12], [11]) == [(0, 0)]  # of two equally near ones the earlier
    assert of([], [1]) == of([1], []) == []


def test_no_reading_is_in_two_pairs():
    random = np.random.default_rng(9)
    for _turn in range(100):
        one, other = (np.unique(random.integers(0, 300, 40)) for _ in range(2))
        first, second = pairs(one, other, apart=6)

        assert len(set(first)) == len(first) == len(set(second))
        assert np.all(np.abs(one[first] - other[second]) <= 6)
