"""Life-cycle cost: what a device costs over the published years, in money of the first day.

LCC = price + Σ flow/(1+r)^t − residual/(1+r)^N, exactly, rounded once to the centime (directive
2014/24, article 68: the method and the data that bidders give are published).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.errors import BadParameter, MissingAnswer
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Bid
from procurement.scoring.quantities import Rounding
from procurement.scoring.tender import LifeCycleCost
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Ratio, rounded_ratio


def life_cycle_costs(kind: LifeCycleCost, pool: Pool) -> list[int]:
    """Return the life-cycle costs of the bids in centimes, from the prices used to rank.

    Raises:
        MissingAnswer: a bid lacks a yearly cost.
        BadParameter: a bid gives another number of years than the tender asks for.
    """
    return [
        life_cycle_cost(kind, bid, price, pool.rounding, pool.received.field(bid.id))
        for bid, price in zip(pool.bids, pool.prices, strict=True)
    ]


def life_cycle_cost(
    kind: LifeCycleCost, bid: Bid, price: int, rounding: Rounding, field: str
) -> int:
    """Return one bid's life-cycle cost in centimes, rounded once; ``field`` says where it is."""
    flows = yearly(kind, bid, price, field)
    if kind.residual:
        flows[kind.years] -= bid.residual
    return rounded_ratio(*present_value(flows, kind.rate), rounding)


def yearly(kind: LifeCycleCost, bid: Bid, price: int, field: str) -> list[int]:
    """Return what is paid at t = 0 … N: the price, and each year's costs where they fall."""
    found = [price] + [0] * kind.years
    early = kind.timing == "start"
    for flow in kind.flows:
        amounts = bid.flows.get(flow.name)
        if amounts is None:
            raise MissingAnswer(f"{field}.flows", criterion=flow.name)
        if len(amounts) != flow.last - flow.first + 1:
            raise BadParameter(f"{field}.flows.{flow.name}", why=_YEARS)
        for year, amount in enumerate(amounts, flow.first):
            found[max(0, year - early)] += amount
    return found


def present_value(flows: Sequence[int], rate: Fraction) -> Ratio:
    """Return Σ flows[t]/(1 + rate)^t as a ratio, by Horner's rule in integers."""
    top, bottom = (1 + rate).as_integer_ratio()
    value, of = 0, 1
    for flow in reversed(flows):
        # One year earlier: divide what is later by 1 + rate, and add what is paid now.
        value, of = value * bottom, of * top
        value += flow * of
    return value, of


_YEARS = lazy("it must give one amount for each published year")
