"""Evaluated prices of all bids, packages too: what lots that are awarded together compare."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from procurement.scoring.errors import NotForThisMethod
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Excluded, Line
from procurement.scoring.tender import Tender
from procurement.scoring.value import lines
from procurement.scoring.value.evaluation import method_of
from procurement.scoring.value.lot import pool_of
from procurement.scoring.value.ordering import compared
from procurement.scoring.value.pool import received
from procurement.scoring.value.tree import plan


@dataclass(frozen=True, slots=True)
class Priced:
    """The evaluated prices in centimes by bid, who was set aside, and the lines about it all.

    ``ranking``: the prices used to rank, by bid; ``points``: those of each criterion, by bid.
    """

    evaluated: dict[str, int]
    excluded: tuple[Excluded, ...]
    lines: tuple[Line, ...]
    ranking: dict[str, int]
    points: dict[str, dict[str, Fraction]]


def priced(tender: Tender, dossier: Dossier) -> Priced:
    """Return the evaluated price of every admissible bid, for one lot or for several.

    Points of one lot cannot be added to those of another: only money can.

    Raises:
        NotForThisMethod: the tender weighs points and does not turn quality into money.
    """
    prepared = plan(method_of(tender))
    if not prepared.money:
        raise NotForThisMethod("tender.allocation", rule="tender.method.objective")
    bids = sorted(dossier.bids, key=lambda bid: bid.id)
    pool = pool_of(prepared, [bid for bid in bids if bid.admitted], received(dossier))
    first, table, _ = compared(prepared, pool)
    left = table.pool.bids
    refused = [
        Excluded(bid=bid.id, code="value.refused", rule=bid.refusal)
        for bid in bids
        if not bid.admitted
    ]
    below = [
        Excluded(bid=pool.bids[place].id, code="value.below_minimum", rule=f"{node.field}.minimum")
        for place, node in first.failures
    ]
    return Priced(
        evaluated={bid.id: -key for bid, key in zip(left, table.keys, strict=True)},
        excluded=(*refused, *below),
        lines=(
            *lines.refusals(bids),
            *lines.prices(prepared, pool),
            *lines.points(prepared, first, table),
            *lines.failures(first),
            *lines.totals(prepared, table),
        ),
        ranking={bid.id: price for bid, price in zip(left, table.pool.prices, strict=True)},
        points={
            name: {bid.id: Fraction(*ratio) for bid, ratio in zip(left, column, strict=True)}
            for name, column in table.points.items()
        },
    )
