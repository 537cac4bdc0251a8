"""The compiled kernel of ``fast``: 64 draws side by side, so that the machine's vectors are used.

Imports numba at once: only ``fast`` imports this module, and only when it will be used. Weights and
keys are integers below 2^53 in float64 [rows, 64], hence exact as everywhere in the stream.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

LANES = 64
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
compiled: Any = njit(nogil=True, cache=True)


@compiled  # type: ignore[untyped-decorator]
def ascending(rows: Floats, comparators: Ints) -> None:
    """Sort each column with a network of comparators, int64 [comparators, 2]."""
    for c in range(len(comparators)):
        low, high = rows[np.uint64(comparators[c, 0])], rows[np.uint64(comparators[c, 1])]
        for lane in range(LANES):
            x, y = low[lane], high[lane]
            low[lane] = x if x < y else y
            high[lane] = y if x < y else x


@compiled  # type: ignore[untyped-decorator]
def read_cuts(weights: Floats, parts: NDArray[np.uint32], start: int, bits: int) -> None:
    """Take 64 columns of random halves, shifted to the bits of a weight."""
    shift = np.uint32(32 - bits)
    for k in range(len(weights) - 1):
        row, part = weights[k], parts[k, start : start + LANES]
        for lane in range(LANES):
            row[lane] = part[lane] >> shift


@compiled  # type: ignore[untyped-decorator]
def differences(weights: Floats, bits: int) -> None:
    """Turn sorted cuts into weights that add up to ``2 ** bits``."""
    last = len(weights) - 1
    weights[last] = 2.0**bits
    for k in range(last, 0, -1):
        row, before = weights[k], weights[k - 1]
        for lane in range(LANES):
            row[lane] -= before[lane]


@compiled  # type: ignore[untyped-decorator]
def keys_of(keys: Floats, weights: Floats, scores: Floats) -> None:
    """Write weighted sums above the tie bits; the bids come in the order of their tie rank."""
    for i in range(len(keys)):
        total = keys[i]
        total[:] = i
        for k in range(len(weights)):
            score, row = scores[i, k], weights[k]
            for lane in range(LANES):
                total[lane] += row[lane] * score


@compiled  # type: ignore[untyped-decorator]
def tally(
    keys: Floats, weights: Floats, used: int, numbers: tuple[int, int],
    results: tuple[Ints, Ints, Ints],
) -> None:  # fmt: skip
    """Count who stands where in the first ``used`` columns, and the earliest draw of each first.

    ``numbers``: first draw, mask of the bits that name a bid. Weights are added up for who is
    first where there are columns for them.
    """
    first, mask = numbers
    counts, seen, added = results
    for place in range(len(keys)):
        row, counted = keys[place], counts[place]
        for lane in range(used):
            counted[np.int64(row[lane]) & mask] += 1
    best = keys[len(keys) - 1]
    for lane in range(used):
        bid = np.int64(best[lane]) & mask
        seen[bid] = min(seen[bid], first + lane)
        for k in range(added.shape[1]):
            added[bid, k] += np.int64(weights[k, lane])


@compiled  # type: ignore[untyped-decorator]
def count(
    parts: NDArray[np.uint32],
    scores: Floats,
    networks: tuple[Ints, Ints],
    numbers: tuple[int, int, int, int],
    results: tuple[Ints, Ints, Ints],
) -> None:
    """Count the draws of a block.

    ``scores``: float64 [m, n] times ``2 ** tie bits``; ``numbers``: weight bits, tie bits, first
    draw, draws.
    """
    weight_bits, tie_bits, first, size = numbers
    weights = np.empty((scores.shape[1], LANES))
    keys = np.empty((scores.shape[0], LANES))
    mask = (1 << tie_bits) - 1
    for start in range(0, size, LANES):
        read_cuts(weights, parts, start, weight_bits)
        ascending(weights[: len(weights) - 1], networks[0])
        differences(weights, weight_bits)
        keys_of(keys, weights, scores)
        ascending(keys, networks[1])
        tally(keys, weights, min(LANES, size - start), (first + start, mask), results)
