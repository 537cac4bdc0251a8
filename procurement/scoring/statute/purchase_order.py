"""A purchase order (« bon de commande », article 91): the lowest price, tax included, wins."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from procurement.scoring.outcome import Line, Values
from procurement.scoring.statute.contest import Assessment, Contest, admitted


def assess(contest: Contest) -> Assessment:
    """Rank the bids of a lot by their price, with a line for every number."""
    found, rule = Assessment(elsewhere=True), contest.rules.purchase_order.cited
    kept = sorted(admitted(contest, None, found), key=lambda entry: entry.bid.price)
    for entry in kept:
        found.keys[entry.id] = Fraction(entry.bid.price)
        values: Values = {"price": entry.bid.price}
        found.lines.append(Line(code="statute.price", subject=entry.id, values=values, rule=rule))
    found.groups = [tuple(same) for _, same in groupby(kept, key=lambda one: one.bid.price)]
    return found
