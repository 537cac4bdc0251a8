"""From a tender and its evaluated prices to a problem of allocation."""

from __future__ import annotations

from collections.abc import Mapping

from procurement.scoring.allocation.problem import Offer, Problem, Rules
from procurement.scoring.errors import UnknownReference
from procurement.scoring.offers import Dossier
from procurement.scoring.tender import Tender


def problem_of(tender: Tender, dossier: Dossier, evaluated: Mapping[str, int]) -> Problem:
    """Return the allocation of a tender's lots by the evaluated prices of its bids, in centimes.

    Bids without an evaluated price (not admitted, below a minimum) and rejected bids take no part:
    a package is rejected whole. Lots that no bid is left for are not in the problem.

    Raises:
        UnknownReference: a price is given for a bid that the dossier does not hold.
    """
    known = {bid.id for bid in dossier.bids}
    for name in evaluated:
        if name not in known:
            raise UnknownReference("evaluated", name=name)
    rejected = {act.bid for act in dossier.rejections}
    offers = tuple(
        Offer(
            id=bid.id,
            bidder=bid.bidder,
            lots=tuple(lot.id for lot in tender.lots if lot.id in bid.lots),
            cost=evaluated[bid.id],
            price=bid.price,
        )
        for bid in sorted(dossier.bids, key=lambda bid: bid.id)
        if bid.id in evaluated and bid.id not in rejected
    )
    wanted = {lot for offer in offers for lot in offer.lots}
    limits = tender.limits
    return Problem(
        lots=tuple(lot.id for lot in tender.lots if lot.id in wanted),
        offers=offers,
        rules=Rules(
            max_lots=limits.max_lots, money=dict(limits.capacity), sme_share=limits.sme_share
        ),
        sme=frozenset(bidder.id for bidder in dossier.bidders if bidder.sme),
    )
