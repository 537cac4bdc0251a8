"""Price formulas that no published tender may use, with the ruling; computed to show why.

Only the drafting help computes them (`illustrated`): the award cannot reach this module's
formulas. Weights that are computed from the bids stand here too, under the names they go by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from procurement.scoring.errors import BadParameter, NoAdmissibleBid, ZeroPriceError
from procurement.scoring.marking import lazy


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A formula that is refused: why, and how it would mark (points out of 100), if it can."""

    name: str
    why: str
    compute: Callable[[Sequence[int], Fraction], list[Fraction]] | None = None


def _belleville(prices: Sequence[int], _: Fraction) -> list[Fraction]:
    """10/3 × (7 − P/P0) is 20 points at the lowest price: out of 100, 100/6 × (7 − P/P0)."""
    lowest = min(prices)
    return [max(Fraction(0), Fraction(100 * (7 * lowest - price), 6 * lowest)) for price in prices]


def _to_the_mean(prices: Sequence[int], _: Fraction) -> list[Fraction]:
    return _to_the_estimate(prices, Fraction(sum(prices), len(prices)))


def _to_the_estimate(prices: Sequence[int], estimate: Fraction) -> list[Fraction]:
    return [max(Fraction(0), 100 - 100 * abs(price - estimate) / estimate) for price in prices]


_FROM_THE_BIDS = lazy(
    "weights computed from the bids are unknown when bidders bid; criteria and weights are fixed "
    "before the opening"
)
_UNPUBLISHED = lazy("no bidder could have applied it: there is no published rule")
_LOWEST_LOSES = lazy(
    "the lowest price does not get the best mark, and bidders can shift the mean (Conseil d'État, "
    "29 October 2013, no. 370789)"
)

_ALL = (
    Refused(
        name="belleville",
        why=lazy(
            "it compresses differences of price and so neutralises the weight of the price "
            "(Conseil d'État, 3 November 2014, no. 373362, Belleville-sur-Loire; 20 November "
            "2020, no. 427761)"
        ),
        compute=_belleville,
    ),
    Refused(name="closest_to_mean", why=_LOWEST_LOSES, compute=_to_the_mean),
    Refused(name="closest_to_estimate", why=_LOWEST_LOSES, compute=_to_the_estimate),
    Refused(name="entropy", why=_FROM_THE_BIDS),
    Refused(name="critic", why=_FROM_THE_BIDS),
    Refused(name="fuzzy", why=_UNPUBLISHED),
    Refused(name="language_model", why=_UNPUBLISHED),
)
REFUSED = {formula.name: formula for formula in _ALL}


def illustrated(
    name: str, prices: Sequence[int], estimate: Fraction = Fraction(0)
) -> list[Fraction]:
    """Compute a refused formula before publication, to show a buyer what it would do.

    Raises:
        BadParameter: it is not a formula of prices, or an estimate above zero is missing.
        NoAdmissibleBid, ZeroPriceError: there is no price, or one is zero.
    """
    formula = REFUSED.get(name)
    if formula is None or formula.compute is None:
        raise BadParameter("formula", why=lazy("it gives no points for a price"))
    if not prices:
        raise NoAdmissibleBid(name)
    if min(prices) <= 0:
        raise ZeroPriceError("prices", rule=name)
    if name == "closest_to_estimate" and estimate <= 0:
        raise BadParameter("estimate", why=lazy("it must be above zero"))
    return formula.compute(prices, estimate)
