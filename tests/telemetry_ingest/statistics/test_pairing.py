"""Pairs are mutually nearest, close enough, and no reading is in two."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.statistics import pairing
from telemetry_ingest.statistics.pairing import pairs

MOMENTS = st.lists(st.integers(0, 60), max_size=25).map(sorted)


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


def defined(device, reference, apart: int) -> list[tuple[int, int]]:
    """Return the pairs as the definition says, with all of both sides at once."""
    if not (device and reference):
        return []
    one, other = np.array(device, np.int64), np.array(reference, np.int64)
    theirs, ours = pairing._nearest(one, other), pairing._nearest(other, one)
    return [
        (place, int(found))
        for place, found in enumerate(theirs)
        if ours[found] == place and abs(other[found] - one[place]) <= apart
    ]


@pytest.mark.parametrize("piece", [3, 100_000])
@given(device=MOMENTS, reference=MOMENTS, apart=st.integers(0, 20))
def test_whichever_side_is_longer_and_however_many_pieces(piece, device, reference, apart):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "PIECE", piece)
        found = of(device, reference, apart)

    assert found == defined(device, reference, apart)
