"""Many tenders by the reference price at once: the same exact answers, in integers.

Rows whose products fit 2^62 are computed as int64, the others as Python integers; ``wide`` says
which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import FloatRefused, Malformed
from procurement.scoring.statute.reference_price import PULL
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.tender import Category

ROOM = 2**62
KEPT, ABSENT, EXCESSIVE, LOW = 0, 1, 2, 3
"""What became of an offer."""

Integers = NDArray[Any]
"""int64, or Python integers in an array of objects."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The tenders, one a row; amounts in centimes.

    Attributes:
        estimates: [t].
        prices: [t, m]; where there is no offer any number stands.
        admitted: [t, m], false where there is no offer or it was refused.
        moved: [t, m], how many ``parts`` of the price the preference moves; none moves no price.
        parts: into how many parts a price is cut, 20 for steps of 5 %.
    """

    estimates: Integers | Sequence[int]
    prices: Integers | Sequence[Sequence[int]]
    admitted: NDArray[np.bool_]
    moved: NDArray[np.int64] | None = None
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Rankings:
    """What came out, one tender a row.

    Attributes:
        ranks: int64 [t, m]; 0 for an offer that is not kept; equal offers have one rank.
        fates: int8 [t, m]: KEPT, ABSENT, EXCESSIVE or LOW.
        over: [t], the reference price is ``over`` / ``under`` centimes; 0 / 0 without offers.
        under: [t].
        wide: bool [t], computed as Python integers.
    """

    ranks: NDArray[np.int64]
    fates: NDArray[np.int8]
    over: Integers
    under: Integers
    wide: NDArray[np.bool_]


def rank_all(batch: Batch, category: Category, rules: RuleVersion) -> Rankings:
    """Rank the offers of every tender by its reference price, before ties are told apart.

    Raises:
        FloatRefused: amounts are binary floats.
        Malformed: an amount is negative.
    """
    estimates, prices = _integers("estimates", batch.estimates), _integers("prices", batch.prices)
    moved = np.zeros(prices.shape, np.int64) if batch.moved is None else batch.moved
    prices = np.where(batch.admitted, prices, 0)
    wide = _wide(estimates, prices, batch.parts, category, rules)
    ranks, fates = np.zeros(prices.shape, np.int64), np.zeros(prices.shape, np.int8)
    over, under = np.zeros(len(prices), object), np.zeros(len(prices), object)
    for rows, kind in ((~wide, np.int64), (wide, object)):
        if rows.any():
            found = _rank(
                estimates[rows].astype(kind), prices[rows].astype(kind), batch.admitted[rows],
                moved[rows].astype(kind), batch.parts, category, rules,
            )  # fmt: skip
            ranks[rows], fates[rows], over[rows], under[rows] = found
    return Rankings(ranks, fates, over, under, wide)


def _integers(field: str, amounts: object) -> Integers:
    values = np.asarray(amounts)
    if values.dtype.kind != "i":
        values = np.asarray(amounts, dtype=object)
        for value in values.flat:
            if not isinstance(value, int) or isinstance(value, bool):
                raise FloatRefused(field, text=str(value))
    if (values < 0).any():
        raise Malformed(field, why="an amount is negative")
    return values


def _wide(
    estimates: Integers, prices: Integers, parts: int, category: Category, rules: RuleVersion
) -> NDArray[np.bool_]:
    """Tell the rows of which a product could leave 2^62: the widest factor is applied to all."""
    count = prices.shape[1]
    bound = lcm(rules.high.value.denominator, rules.low[category].value.denominator)
    widest = max(2 * rules.reference.value.denominator * count, 4 * bound, 2 * parts)
    most = ROOM // widest
    top = prices.max(axis=1, initial=0)
    return np.asarray((estimates > most) | (top > most), dtype=np.bool_)


def _rank(
    estimates: Integers, prices: Integers, admitted: NDArray[np.bool_], moved: Integers,
    parts: int, category: Category, rules: RuleVersion,
) -> tuple[NDArray[np.int64], NDArray[np.int8], Integers, Integers]:  # fmt: skip
    fates = _fates(estimates, prices, admitted, category, rules)
    kept = fates == KEPT
    half = rules.reference.value
    own, others = half.numerator, half.denominator - half.numerator
    count = kept.sum(axis=1).astype(prices.dtype)
    over = own * count * estimates + others * np.where(kept, prices, 0).sum(axis=1)
    under = half.denominator * count
    scaled, line = prices * under[:, None], over[:, None]
    side = (scaled > line).astype(np.int8) - (scaled < line).astype(np.int8)
    at_reference = np.where(moved > 0, PULL[rules.at_reference.value], 0)
    pull = np.where(side == 0, at_reference, side).astype(np.int8)
    adjusted = prices * (parts + pull * moved)
    above = (pull > 0) | ((pull == 0) & (rules.equality.value == "above"))
    return _ranks(np.where(above, adjusted, -adjusted), above, kept), fates, over, under


def _fates(
    estimates: Integers, prices: Integers, admitted: NDArray[np.bool_], category: Category,
    rules: RuleVersion,
) -> NDArray[np.int8]:  # fmt: skip
    high, low = 1 + rules.high.value, 1 - rules.low[category].value
    over = prices * high.denominator - (estimates * high.numerator)[:, None]
    beneath = prices * low.denominator - (estimates * low.numerator)[:, None]
    excessive = (over > 0) if rules.bounds_kept.value else (over >= 0)
    too_low = (beneath < 0) if rules.bounds_kept.value else (beneath <= 0)
    return np.select([~admitted, excessive, too_low], [ABSENT, EXCESSIVE, LOW], KEPT).astype(
        np.int8
    )


def _ranks(
    distance: Integers, above: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return 1 + how many stand before, 0 for those not kept: first below, then above, then out."""
    block = np.where(kept, np.where(above, 1, 0), 2)
    rows = np.arange(len(distance))[:, None]
    by_distance = np.argsort(distance, axis=1, kind="stable")
    order = by_distance[rows, np.argsort(block[rows, by_distance], axis=1, kind="stable")]
    sorted_distance, sorted_block = distance[rows, order], block[rows, order]
    new = np.ones(distance.shape, np.bool_)
    new[:, 1:] = (sorted_distance[:, 1:] != sorted_distance[:, :-1]) | (
        sorted_block[:, 1:] != sorted_block[:, :-1]
    )
    place = np.where(new, np.arange(1, distance.shape[1] + 1), 0)
    ranks = np.zeros(distance.shape, np.int64)
    ranks[rows, order] = np.maximum.accumulate(place, axis=1)
    return np.where(kept, ranks, 0)
