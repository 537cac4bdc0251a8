"""Which keys a file had already: 8 bytes each, however long the file."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


def fingerprint(data: bytes) -> int:
    """Return 64 bits that stand for these bytes, as a signed integer (PostgreSQL's bigint)."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


class Seen:
    """A set of fingerprints, in sorted runs that are merged as they grow."""

    def __init__(self) -> None:
        self.runs: list[NDArray[np.int64]] = []

    def first_time(self, keys: Sequence[str]) -> list[bool]:
        """Say for each key whether it comes for the first time, and remember them all."""
        new = np.array(
            [fingerprint(key.encode("utf-8", "replace")) for key in keys], dtype=np.int64
        )
        _, firsts = np.unique(new, return_index=True)
        is_first = np.zeros(len(new), dtype=bool)
        is_first[firsts] = True
        for run in self.runs:
            places = np.minimum(np.searchsorted(run, new), len(run) - 1)
            is_first &= run[places] != new
        self._keep(np.unique(new))
        return [bool(one) for one in is_first]

    def _keep(self, run: NDArray[np.int64]) -> None:
        while self.runs and len(self.runs[-1]) <= 2 * len(run):
            run = np.union1d(self.runs.pop(), run)
        if len(run):
            self.runs.append(run)
