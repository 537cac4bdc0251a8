"""The price, to the centime, at which a bid would be first, the others staying as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.relative import RelativePrice, winners_of

FirstAt = Callable[[str, int], bool]
"""Whether a bid would be first at a price; a lower price never makes it lose."""


def break_even(bid: str, price: int, first_at: FirstAt) -> int | None:
    """Return the highest price in centimes at which a bid is first; None: at no price from 1 on.

    A winner's is at or above its own ``price`` and at most a thousand times it (where it stops:
    the bid wins whatever its price). ``first_at`` must be monotone; formulas that are not (average
    prices) have no break-even price, and the caller does not ask for one.
    """
    if not first_at(bid, 1):
        return None
    low, high = 1, max(1, price)
    if first_at(bid, high):
        low, most = high, high * 1000
        while low < most and first_at(bid, min(2 * low, most)):
            low = min(2 * low, most)
        if low == most:
            return most
        high = min(2 * low, most)
    while high - low > 1:
        middle = (low + high) // 2
        if first_at(bid, middle):
            low = middle
        else:
            high = middle
    return low


def break_evens(
    prices: Sequence[tuple[str, int]], first_at: FirstAt
) -> tuple[tuple[str, int | None], ...]:
    """Return the break-even price of every bid, in the given order."""
    return tuple((bid, break_even(bid, price, first_at)) for bid, price in prices)


def relative_break_evens(
    matrix: ScoreMatrix, relative: RelativePrice, among: Sequence[int] | None = None
) -> tuple[tuple[str, int | None], ...]:
    """Do the same at once for a matrix in which one column is a relative price formula.

    ``among``: places of the bids that are asked about, by default all.
    """
    asked = np.array(range(len(matrix.bids)) if among is None else among, np.int64)
    every = np.array(relative.prices, np.int64)
    own, rows = every[asked], np.arange(len(asked))
    kept = np.ones((len(asked), len(every)), np.bool_)

    def first(prices: NDArray[np.int64]) -> NDArray[np.bool_]:
        trial = np.broadcast_to(every, kept.shape).copy()
        trial[rows, asked] = prices
        winners = winners_of(matrix, relative, trial, kept)
        answer: NDArray[np.bool_] = winners == asked
        return answer

    low, most = np.ones_like(own), own * 1000
    never = ~first(low)
    # [low, high): first at low, not at high.
    high = np.where(first(own), most + 1, own)
    low = np.where(first(own), own, low)
    while (high - low > 1).any():
        middle = (low + high) // 2
        wins = first(middle)
        low, high = np.where(wins, middle, low), np.where(wins, high, middle)
    return tuple(
        (matrix.bids[bid], None if none else int(price))
        for bid, none, price in zip(asked.tolist(), never.tolist(), low.tolist(), strict=True)
    )
