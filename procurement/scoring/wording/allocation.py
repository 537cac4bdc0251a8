"""The sentences of lots that are awarded together."""

from procurement.scoring.marking import lazy

MONEY = frozenset({"total", "paid", "price", "next", "bound", "found", "saved", "lowest"})
"""Values of these sentences that are centimes."""

WORDING = {
    # --- how it was computed
    "allocation.best_per_lot": lazy(
        "Nothing ties the lots %(lots)s to others: each goes to its lowest evaluated price."
    ),
    "allocation.assignment": lazy(
        "One bidder may win only so many of the lots %(lots)s: they are assigned together, at the "
        "lowest sum of the evaluated prices."
    ),
    "allocation.milp": lazy(
        "Offers for several lots or published limits tie the lots %(lots)s together: of all "
        "allocations that keep the limits, the one with the lowest sum of the evaluated prices "
        "was found, and it is proven that none is lower."
    ),
    "allocation.total": lazy(
        "The evaluated prices of the offers retained add up to %(total)s; the prices to pay add "
        "up to %(paid)s. Coverage, limits and total were recomputed in whole centimes."
    ),
    "allocation.unique": lazy("No other allocation is as cheap."),
    "allocation.next": lazy(
        "The next best allocation costs %(next)s, that is %(saved)s more than the one retained."
    ),
    "allocation.not_proven": lazy(
        "The search ended at its %(steps)s steps, before a proof: no allocation costs less than "
        "%(bound)s and the best found costs %(found)s. Nothing may be awarded on this; a search "
        "of more steps may prove it."
    ),
    "allocation.nothing_found": lazy(
        "The search ended at its %(steps)s steps, before it found an allocation: none costs less "
        "than %(bound)s. Nothing may be awarded on this; a search of more steps may find one."
    ),
    # --- limits
    "allocation.max_lots_free": lazy(
        "The limit on the number of lots of one bidder changes nothing in the total."
    ),
    "allocation.max_lots_cost": lazy(
        "Without the limit on the number of lots of one bidder, the evaluated prices would add up "
        "to %(saved)s less: it costs %(share)s %% of the total."
    ),
    "allocation.capacity_free": lazy("The bidders' stated capacities change nothing in the total."),
    "allocation.capacity_cost": lazy(
        "Without the bidders' stated capacities, the evaluated prices would add up to %(saved)s "
        "less: they cost %(share)s %% of the total."
    ),
    "allocation.sme_share_free": lazy(
        "The share reserved to small and medium bidders changes nothing in the total."
    ),
    "allocation.sme_share_cost": lazy(
        "Without the share reserved to small and medium bidders, the evaluated prices would add "
        "up to %(saved)s less: it costs %(share)s %% of the total."
    ),
    "allocation.limit_open": lazy(
        "What one of the published limits costs was not found in the %(steps)s steps of its search."
    ),
    # --- lot by lot
    "allocation.no_offer": lazy("No admissible offer is left for the lot %(lot)s."),
    "allocation.rejected": lazy(
        "%(subject)s was rejected and takes no part in the allocation: %(reason)s"
    ),
    "allocation.awarded": lazy(
        "%(subject)s is retained for the lot %(lot)s, for a price of %(price)s."
    ),
    "allocation.package": lazy(
        "%(subject)s is retained for the lots %(lots)s together, for one price of %(price)s."
    ),
    "allocation.dearer": lazy(
        "%(subject)s has the lowest evaluated price for the lot %(lot)s alone, %(lowest)s, but is "
        "not retained: with it, the lots together would cost more or break a published limit."
    ),
    "allocation.tied": lazy("For the lots %(lots)s, these choices are exactly equal: %(choices)s."),
    "allocation.tied_more": lazy(
        "For the lots %(lots)s, more choices are exactly equal than are listed here: %(choices)s."
    ),
    "allocation.ranked": lazy(
        "The published rules for equal bids leave %(choices)s first (%(rule)s)."
    ),
    "allocation.cheaper": lazy(
        "Of the equal choices, the lowest price to pay is asked by %(choices)s (%(rule)s)."
    ),
    "allocation.better": lazy(
        "Of the equal choices, those with the most points for a criterion, counted for every lot, "
        "are %(choices)s (%(rule)s)."
    ),
    "allocation.drawn_in_turn": lazy(
        "Too many choices are equal to be listed: the published rules were applied to all of them, "
        "then each lot in its turn was drawn among the offers that are still equal. Retained: "
        "%(choices)s."
    ),
    "allocation.parted": lazy(
        "Too many choices are equal to be listed: the published rules were applied to all of them "
        "and leave %(choices)s."
    ),
    "allocation.turn_open": lazy(
        "Too many choices are equal to be listed, and the %(steps)s steps of the search did not "
        "suffice to apply the rules to all of them: nothing may be awarded for the lots %(lots)s."
    ),
    "allocation.drawn": lazy(
        "The drawing of lots, by the seed committed to before the opening, retains %(choices)s."
    ),
    "allocation.draw_needed": lazy(
        "Equal choices are left for the lots %(lots)s: the draw by the committed seed decides."
    ),
}
