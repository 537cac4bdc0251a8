"""Price points that depend on the other bids' prices, computed for many sets of bids at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import PrecisionExceeded, ZeroPriceError
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.emc1 import tie_rank

_MOST = 2**62
_FULL = 100


@dataclass(frozen=True)
class RelativePrice:
    """The column of a matrix that a relative formula fills.

    Attributes:
        criterion: its place in the matrix.
        prices: the m prices used for ranking, in centimes, above 0.
        formula: « lowest_over_price » gives 100 · lowest / price; « between_extremes » gives
            100 · (highest − price) / (highest − lowest), and 100 to all when they are equal.
            Both are rounded half up to the matrix's decimals.
        lower_price_first: of bids with equal points the cheaper is first, then the priority; it
            matters where a price is varied.
    """

    criterion: int
    prices: tuple[int, ...]
    formula: Literal["lowest_over_price", "between_extremes"] = "lowest_over_price"
    lower_price_first: bool = False

    def points(
        self, prices: NDArray[np.int64], kept: NDArray[np.bool_], decimals: int
    ) -> NDArray[np.int64]:
        """Return int64 [..., m], the points of prices [..., m] among the bids that are kept."""
        full = _FULL * 10**decimals
        _check(prices, full)
        low = np.where(kept, prices, _MOST).min(axis=-1, keepdims=True)
        if self.formula == "lowest_over_price":
            points: NDArray[np.int64] = (2 * full * np.minimum(low, prices) + prices) // (
                2 * prices
            )
            return points
        high = np.where(kept, prices, 0).max(axis=-1, keepdims=True)
        span = high - low
        above = np.clip(high - prices, 0, None)
        safe = np.maximum(span, 1)
        between: NDArray[np.int64] = (2 * full * above + safe) // (2 * safe)
        return np.where(span > 0, between, np.int64(full))


def winners_of(
    matrix: ScoreMatrix,
    relative: RelativePrice,
    prices: NDArray[np.int64],
    kept: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Return int [...], who is first of the kept bids at prices [..., m]."""
    weights = np.array(matrix.weights, np.int64)
    weight = int(weights[relative.criterion])
    base = matrix.scores @ weights - matrix.scores[:, relative.criterion] * weight
    totals = base + relative.points(prices, kept, matrix.decimals) * weight
    best = np.where(kept, totals, -1)
    equal = best == best.max(axis=-1, keepdims=True)
    if relative.lower_price_first:
        low = np.where(equal, prices, _MOST).min(axis=-1, keepdims=True)
        equal &= prices == low
    winners: NDArray[np.intp] = np.where(equal, tie_rank(matrix), -1).argmax(axis=-1)
    return winners


def _check(prices: NDArray[np.int64], full: int) -> None:
    if prices.min(initial=1) <= 0:
        raise ZeroPriceError("prices", rule="relative price formula")
    if int(prices.max(initial=1)) * (2 * full + 1) >= _MOST:
        raise PrecisionExceeded(
            "prices",
            rule="relative price formula",
            needed=(int(prices.max()) * (2 * full + 1)).bit_length(),
            available=62,
        )
