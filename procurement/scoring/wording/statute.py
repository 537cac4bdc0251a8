"""The sentences of the statutory engine."""

from procurement.scoring.marking import lazy

MONEY = frozenset(
    {
        "adjusted", "bound", "distance", "estimate", "left", "lowest", "mean", "price",
        "reference", "stated", "computed", "tax", "total_price",
    }
)  # fmt: skip
"""Values of these sentences that are centimes, as integers or as fractions « 3/4 »."""

WORDING = {
    # the rules
    "statute.rules": lazy(
        "This evaluation follows the rules %(version)s (%(text)s), in force since %(since)s."
    ),
    "statute.not_in_force": lazy(
        "The tender names the rules %(version)s, which were not in force on %(opened)s."
    ),
    "statute.lot_order": lazy(
        "The lots are examined and awarded one by one in the order of the notice (%(rule)s)."
    ),
    # who is set aside
    "statute.refused": lazy(
        "The bid %(subject)s was refused when its file was examined (%(rule)s)."
    ),
    "statute.refused_because": lazy(
        "The bid %(subject)s was refused when its file was examined (%(rule)s): %(reason)s"
    ),
    "statute.gate": lazy(
        "The technical mark of the bid %(subject)s is %(mark)s, below the threshold of "
        "%(threshold)s: the bid is set aside (%(rule)s)."
    ),
    "statute.gate_zero": lazy(
        "The bid %(subject)s has a mark of 0 for %(criterion)s: it is set aside (%(rule)s)."
    ),
    "statute.cap": lazy(
        "The bidder %(bidder)s has already won as many lots as one bidder may win (%(lots)s): its "
        "bid %(subject)s is set aside from this lot (%(rule)s)."
    ),
    "statute.capacity": lazy(
        "The bidder %(bidder)s may still win %(left)s: its bid %(subject)s of %(price)s goes "
        "beyond that and is set aside from this lot (%(rule)s)."
    ),
    "statute.upper_bound": lazy("An offer above %(bound)s is excessive (%(rule)s)."),
    "statute.lower_bound": lazy("An offer below %(bound)s is abnormally low (%(rule)s)."),
    "statute.on_bound_kept": lazy(
        "The offer of the bid %(subject)s, %(price)s, lies exactly on a bound: it is kept "
        "(%(rule)s)."
    ),
    "statute.on_bound_refused": lazy(
        "The offer of the bid %(subject)s, %(price)s, lies exactly on a bound: it is not kept "
        "(%(rule)s)."
    ),
    "statute.excessive": lazy(
        "The offer of the bid %(subject)s, %(price)s, is excessive against the bound of %(bound)s: "
        "it is set aside (%(rule)s)."
    ),
    "statute.abnormally_low": lazy(
        "The offer of the bid %(subject)s, %(price)s, is abnormally low against the bound of "
        "%(bound)s: it is set aside (%(rule)s)."
    ),
    "statute.studies_bounds": lazy(
        "Offers for studies were set aside by the bounds around the estimate; that these bounds "
        "apply to studies is one reading of the text (%(rule)s)."
    ),
    # the reference price
    "statute.estimate": lazy("The buyer's estimate is %(estimate)s."),
    "statute.mean": lazy(
        "The mean of the kept offers is %(mean)s: their sum, %(total_price)s, divided by their "
        "number, %(count)s (%(rule)s)."
    ),
    "statute.reference": lazy(
        "The reference price is %(reference)s, half of the estimate plus half of the mean "
        "(%(rule)s)."
    ),
    "statute.order": lazy(
        "Who comes first: the offers below the reference price, from the closest to the furthest "
        "(their number: %(below)s); then the offers above it, from the closest to the furthest "
        "(their number: %(above)s). Neither the lowest price nor the smallest distance decides "
        "(%(rule)s)."
    ),
    "statute.equal_below_first": lazy(
        "An offer that equals the reference price counts as below it: it comes first (%(rule)s)."
    ),
    "statute.equal_above_first": lazy(
        "An offer that equals the reference price counts as above it: it comes after those that "
        "are below (%(rule)s)."
    ),
    "statute.below": lazy(
        "The offer of the bid %(subject)s, %(price)s, is %(distance)s below the reference price "
        "(%(rule)s)."
    ),
    "statute.equal": lazy(
        "The offer of the bid %(subject)s, %(price)s, equals the reference price and counts as "
        "below it (%(rule)s)."
    ),
    "statute.equal_above": lazy(
        "The offer of the bid %(subject)s, %(price)s, equals the reference price and counts as "
        "above it (%(rule)s)."
    ),
    "statute.above": lazy(
        "The offer of the bid %(subject)s, %(price)s, is %(distance)s above the reference price "
        "(%(rule)s)."
    ),
    # the preference
    "statute.preference_on": lazy(
        "The national preference of %(rate)s %% applies to bidders that are not established in "
        "Morocco, for the ranking only (%(rule)s)."
    ),
    "statute.preference_off": lazy("The national preference does not apply (%(rule)s): %(reason)s"),
    "statute.consortium_exempt": lazy(
        "The Moroccan share of the consortium behind the bid %(subject)s is %(share)s %%, at least "
        "%(threshold)s %%: its price is not adjusted (%(rule)s)."
    ),
    "statute.consortium_partly": lazy(
        "The Moroccan share of the consortium behind the bid %(subject)s is %(share)s %%, below "
        "%(threshold)s %%: the preference falls on the foreign share only, %(rate)s %% of the "
        "price (%(rule)s)."
    ),
    "statute.raised": lazy(
        "For the ranking only, the offer of the bid %(subject)s, %(price)s, is raised by "
        "%(rate)s %% to %(adjusted)s, because it is above the reference price (%(rule)s)."
    ),
    "statute.lowered": lazy(
        "For the ranking only, the offer of the bid %(subject)s, %(price)s, is lowered by "
        "%(rate)s %% to %(adjusted)s, because it is below the reference price (%(rule)s)."
    ),
    "statute.not_adjusted": lazy(
        "The offer of the bid %(subject)s, %(price)s, equals the reference price: the preference "
        "does not say what becomes of it, so it is not adjusted (%(rule)s)."
    ),
    # studies and purchase orders
    "statute.lowest": lazy(
        "The lowest offer that was kept is %(lowest)s; the price weighs %(weight)s %% (%(rule)s)."
    ),
    "statute.studies_mark": lazy(
        "The bid %(subject)s has the technical mark %(technical)s and, for its price of %(price)s, "
        "the financial mark %(financial)s: its overall mark is %(total)s (%(rule)s)."
    ),
    "statute.price": lazy("The price of the bid %(subject)s is %(price)s (%(rule)s)."),
    # the order and its end
    "statute.rank": lazy("The bid %(subject)s has rank %(rank)s."),
    "statute.status_first": lazy(
        "Of equal bids, those of cooperatives, unions of cooperatives and auto-entrepreneurs go "
        "first (%(rule)s): %(bids)s before %(others)s."
    ),
    "statute.drawn": lazy(
        "In the draw, the bid %(subject)s has the number %(number)s, the SHA-256 of "
        "« seed|%(lot)s|%(subject)s »; the lowest number goes first (%(rule)s)."
    ),
    "statute.seed_short": lazy(
        "The length of the seed of the draw is only %(length)s: it could have been guessed from "
        "the commitment. Use at least %(least)s characters taken at random (%(rule)s)."
    ),
    "statute.draw_needed": lazy(
        "The bids %(bids)s are equal: lots must be drawn between them (%(rule)s)."
    ),
    "statute.waits": lazy(
        "This lot waits for the draw in an earlier lot, because a limit on awards may concern "
        "%(bids)s (%(rule)s)."
    ),
    "statute.rejected": lazy(
        "The bid %(subject)s was first in turn and is rejected (%(rule)s): %(reason)s"
    ),
    "statute.kept_after_rejection": lazy(
        "After a rejection the next in rank is taken; nothing is computed again (%(rule)s)."
    ),
    "statute.unsuccessful": lazy("No bid is left: the lot is declared unsuccessful (%(rule)s)."),
    "statute.awarded": lazy(
        "The lot is awarded to the bid %(subject)s; the contract price is %(price)s."
    ),
    # the arithmetic of an offer
    "statute.words_prevail": lazy(
        "The undertaking of the bid %(subject)s says %(stated)s in figures and %(computed)s in "
        "words: the words prevail (%(rule)s)."
    ),
    "statute.unit_words_prevail": lazy(
        "In line %(number)s of the bid %(subject)s the unit price is %(stated)s in figures and "
        "%(computed)s in words: the words prevail (%(rule)s)."
    ),
    "statute.line_corrected": lazy(
        "In line %(number)s of the bid %(subject)s, %(quantity)s times %(price)s makes "
        "%(computed)s, not %(stated)s: the unit price prevails (%(rule)s)."
    ),
    "statute.sum_corrected": lazy(
        "The lines of the bid %(subject)s add up to %(computed)s without tax, not %(stated)s "
        "(%(rule)s)."
    ),
    "statute.tax_corrected": lazy(
        "The tax of the bid %(subject)s is %(computed)s, not %(stated)s (%(rule)s)."
    ),
    "statute.total_corrected": lazy(
        "With the tax, the schedule of prices of the bid %(subject)s makes %(computed)s, not "
        "%(stated)s (%(rule)s)."
    ),
    "statute.schedule_prevails": lazy(
        "The schedule of prices of the bid %(subject)s makes %(computed)s and its undertaking says "
        "%(stated)s: the schedule of prices prevails (%(rule)s)."
    ),
}
