"""Quality in money: evaluated price = price + published worth × missing points; the lowest wins.

No bid's evaluated price depends on another bid, so that no withdrawal can change the order of the
others (Bergman & Lundberg 2013): the form to choose when several lots are awarded together.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Column, Ratio, rounded_ratio
from procurement.scoring.value.tree import Plan


def evaluated_prices(plan: Plan, pool: Pool, points: Mapping[str, Column]) -> list[int]:
    """Return the evaluated prices in centimes, rounded once, in the order of the bids."""
    base = pool.prices if plan.cost is None else pool.costs[plan.cost.id]
    added = [
        (Fraction(node.worth), points[node.id]) for node in plan.nodes if node.worth is not None
    ]
    mode = plan.method.rounding
    return [
        price
        + rounded_ratio(
            *sum(
                (worth * missing(ratios[place]) for worth, ratios in added), Fraction(0)
            ).as_integer_ratio(),
            mode,
        )
        for place, price in enumerate(base)
    ]


def missing(ratio: Ratio) -> Fraction:
    """Return the points that are missing to 100."""
    return 100 - Fraction(*ratio)
