"""The price used to rank: adjusted for scope, with the preference margin; never the price paid."""

from __future__ import annotations

from procurement.scoring.errors import BadParameter
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Bid
from procurement.scoring.quantities import Rounding
from procurement.scoring.tender import Margin
from procurement.scoring.value.pool import Received
from procurement.scoring.value.ratios import rounded_ratio


def ranking_price(bid: Bid, received: Received, margin: Margin | None, mode: Rounding) -> int:
    """Return the price in centimes that a bid is ranked by.

    Raises:
        BadParameter: the scope adjustment takes away more than the price.
    """
    price = bid.price + bid.scope_adjustment
    if price < 0:
        raise BadParameter(f"{received.field(bid.id)}.scope_adjustment", why=_BELOW_ZERO)
    return price + margin_of(bid, received, margin, mode)


def margin_of(bid: Bid, received: Received, margin: Margin | None, mode: Rounding) -> int:
    """Return the preference margin added to a bid, in centimes; 0 for bidders established here.

    The Asian Development Bank's example: 15 % of 34,213,305 is 5,131,995.75, so 5,131,996.
    """
    if margin is None or received.bidders[bid.bidder].established:
        return 0
    base = bid.price
    if margin.base == "adjusted_for_scope":
        base += bid.scope_adjustment
    top, bottom = margin.percent.as_integer_ratio()
    return rounded_ratio(base * top, 100 * bottom, mode)


_BELOW_ZERO = lazy("it takes away more than the price")
