"""Many tenders at once: the same exact award as ``evaluate`` for one shape of tender, in numpy.

For national re-scoring and for checks: T tenders of m bids under n rounded criteria and a price.
Everything is an integer; points travel in float64 only where every sum stays below 2^53, so that
the matrix product is exact whatever the machine. What does not fit is refused, never rounded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import (
    BadParameter,
    MarkOutOfScale,
    PrecisionExceeded,
    WeightSumError,
    ZeroPriceError,
)
from procurement.scoring.marking import lazy
from procurement.scoring.value.tree import WHOLE

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOBODY, DRAW = -1, -2
AVAILABLE = 62
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What was published for all the tenders.

    Attributes:
        weights: basis points of the n criteria.
        price_weight: basis points of the price; with the others 10,000.
        minimum: points × 10^decimals below which a bid is set aside, by place of the criterion.
        formula: the price formula.
        bounds: best and worst price in centimes, for ``linear_between_bounds``.
        decimals: decimals of a point that are kept (rounded half up).
    """

    weights: tuple[int, ...]
    price_weight: int
    minimum: tuple[tuple[int, int], ...] = ()
    formula: Literal["low_over_price", "linear_between_bounds"] = "low_over_price"
    bounds: tuple[int, int] = (0, 0)
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Awards:
    """What came out, tender by tender.

    Attributes:
        keys: int64 [T, m], points × 10^(decimals + 4); −1 for bids set aside.
        order: int64 [T, m], places of bids from best to worst, equal ones by the lower price, then
            by place; those set aside come last.
        winner: int64 [T], a place; ``NOBODY`` is left, or ``DRAW``: equal at the same price.
    """

    keys: Integers
    order: Integers
    winner: Integers


def award(
    points: Integers,
    prices: Integers,
    scheme: Scheme,
    *,
    admitted: Mask | None = None,
    threads: int = 1,
) -> Awards:
    """Award T tenders; ``points`` int64 [T, m, n] × 10^decimals, ``prices`` int64 [T, m].

    Raises:
        WeightSumError, BadParameter: the scheme cannot be applied.
        MarkOutOfScale: a point is below 0 or above 100.
        ZeroPriceError: an admissible price is zero and the formula divides by it.
        PrecisionExceeded: the numbers do not fit into 62 bits.
    """
    tenders, bids, criteria = points.shape
    _check(points, prices, scheme)
    admissible = np.ones((tenders, bids), dtype=bool) if admitted is None else admitted
    found = Awards(
        np.empty((tenders, bids), np.int64),
        np.empty((tenders, bids), np.int64),
        np.empty(tenders, np.int64),
    )
    size = max(1, BLOCK_BYTES // (8 * bids * criteria))
    blocks = [slice(start, start + size) for start in range(0, tenders, size)]

    def run(block: slice) -> None:
        keys, lowest = _keys(points[block], prices[block], admissible[block], scheme)
        found.keys[block] = keys
        found.order[block], found.winner[block] = _ranked(keys, prices[block], lowest)

    if threads == 1:
        for block in blocks:
            run(block)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, blocks))
    return found


def _check(points: Integers, prices: Integers, scheme: Scheme) -> None:
    if points.shape[:2] != prices.shape or points.shape[2] != len(scheme.weights):
        raise BadParameter("points", why=_SHAPES)
    total = sum(scheme.weights) + scheme.price_weight
    if total != WHOLE or min((*scheme.weights, scheme.price_weight)) < 0:
        raise WeightSumError("weights", total=total)
    best, worst = scheme.bounds
    if scheme.formula == "linear_between_bounds" and not 0 <= best < worst:
        raise BadParameter("bounds", why=lazy("the best price must be below the worst"))
    if prices.size and int(prices.min()) < 0:
        raise BadParameter("prices", why=lazy("it must not be below zero"))
    # The largest number made of a price: 200 × 10^decimals × price + price, or a bound.
    largest = max(int(prices.max()) if prices.size else 0, worst)
    _fits("prices", (200 * 10**scheme.decimals + 2) * largest)


def _keys(
    points: Integers, prices: Integers, admitted: Mask, scheme: Scheme
) -> tuple[Integers, Integers]:
    """Return the keys of a block, −1 where a bid is set aside, and the lowest admissible prices."""
    full = 100 * 10**scheme.decimals
    if points.size and int(points.view(np.uint64).max()) > full:  # below zero is above 2^63
        raise MarkOutOfScale("points", value="?", low=0, high=full)
    allowed = admitted.copy()
    for place, minimum in scheme.minimum:
        allowed &= points[:, :, place] >= minimum
    priced = np.where(allowed, prices, np.int64((1 << AVAILABLE) - 1))
    lowest = priced.min(axis=1, keepdims=True)
    # Exact: each sum is below 100 × 10^decimals × 10,000 < 2^53.
    weighted = points.astype(np.float64) @ np.array(scheme.weights, dtype=np.float64)
    keys = weighted.astype(np.int64)
    keys += scheme.price_weight * _price_points(prices, allowed, lowest, scheme)
    keys[~allowed] = -1
    return keys, lowest


def _price_points(prices: Integers, allowed: Mask, lowest: Integers, scheme: Scheme) -> Integers:
    """Return rounded price points × 10^decimals; nothing of use where a bid is set aside."""
    full = 100 * 10**scheme.decimals
    if scheme.formula == "linear_between_bounds":
        best, worst = scheme.bounds
        span = worst - best
        above = np.clip(worst - prices, 0, span)
        return np.asarray((2 * full * above + span) // (2 * span), dtype=np.int64)
    if bool((lowest <= 0).any()):
        tender = int((lowest <= 0).argmax())
        raise ZeroPriceError(f"prices[{tender}]", rule=scheme.formula)
    divisors = np.where(allowed, prices, 1)
    above = 2 * full * np.where(allowed, lowest, 0) + divisors
    return np.asarray(above // (2 * divisors), dtype=np.int64)


def _ranked(keys: Integers, prices: Integers, lowest: Integers) -> tuple[Integers, Integers]:
    """Return the order and the winners: one integer holds key, lower price and place."""
    bids = keys.shape[1]
    above = np.where(keys >= 0, prices - lowest, 0)
    price_bits, place_bits = int(above.max()).bit_length(), (bids - 1).bit_length()
    places = np.arange(bids - 1, -1, -1)
    needed = int(keys.max()).bit_length() + price_bits + place_bits
    if needed > AVAILABLE:
        raise PrecisionExceeded("prices", needed=needed, available=AVAILABLE)
    packed = (((keys << price_bits) - above) << place_bits) + places
    packed.sort(axis=1)
    packed = packed[:, ::-1]
    order = bids - 1 - (packed & ((1 << place_bits) - 1))
    winner = order[:, 0].copy()
    if bids > 1:
        winner[packed[:, 0] >> place_bits == packed[:, 1] >> place_bits] = DRAW
    winner[keys.max(axis=1) < 0] = NOBODY
    return order, winner


def _fits(field: str, number: int) -> None:
    if number.bit_length() > AVAILABLE:
        raise PrecisionExceeded(field, needed=number.bit_length(), available=AVAILABLE)


_SHAPES = lazy("points, prices and weights do not have the same tenders, bids and criteria")
