"""The sentences of value for money: points, money, minima, awards and warnings."""

from procurement.scoring.marking import lazy

MONEY = frozenset(
    {"added", "cost", "evaluated", "floor", "highest", "lowest", "price", "ranking", "worth"}
)
"""Values of these sentences that are centimes."""

WORDING = {
    # --- before anything is marked
    "value.refused": lazy("%(subject)s was not admitted: %(reason)s."),
    "value.max_lots": lazy(
        "%(subject)s is set aside: its bidder already won as many lots as the tender allows."
    ),
    "value.capacity": lazy(
        "%(subject)s is set aside: with it, its bidder would win more than its stated capacity."
    ),
    "value.scope": lazy(
        "For the ranking, %(added)s are added to the %(price)s of %(subject)s "
        "for the part of the scope it leaves out; the price of the contract does not change."
    ),
    "value.margin": lazy(
        "%(subject)s is ranked at %(ranking)s: the preference margin of %(percent)s %% "
        "adds %(added)s (%(rule)s). The price of the contract does not change."
    ),
    # --- points of one criterion
    "value.scale": lazy(
        "For « %(criterion)s », %(best)s (%(unit)s) is worth 100 points and %(worst)s none; what "
        "lies between is worth points in proportion."
    ),
    "value.absolute": lazy(
        "%(subject)s states %(given)s for « %(criterion)s »: %(points)s of 100 points."
    ),
    "value.steps": lazy(
        "%(subject)s states %(given)s (%(unit)s) for « %(criterion)s »: by the published steps, "
        "%(points)s of 100 points."
    ),
    "value.mark": lazy(
        "%(evaluator)s gave %(subject)s the mark %(given)s for « %(criterion)s ». Reason: "
        "%(reason)s"
    ),
    "value.mark_absent": lazy(
        "%(evaluator)s gave %(subject)s no mark for « %(criterion)s ». Reason: %(reason)s"
    ),
    "value.mean": lazy(
        "The marks of %(subject)s for « %(criterion)s » (number: %(count)s) have the mean "
        "%(given)s on the scale from %(low)s to %(high)s: %(points)s of 100 points."
    ),
    "value.median": lazy(
        "The marks of %(subject)s for « %(criterion)s » (number: %(count)s) have the median "
        "%(given)s on the scale from %(low)s to %(high)s: %(points)s of 100 points."
    ),
    "value.evidence": lazy(
        "For « %(criterion)s », the pilot of %(subject)s shows at least %(given)s (%(unit)s) for "
        "« %(metric)s », at the level %(level)s, after %(exposure)s (%(exposure_unit)s): "
        "%(points)s of 100 points by the published steps. Evidence pack: %(pack)s"
    ),
    "value.neutral": lazy(
        "For « %(criterion)s », there is too little evidence about %(subject)s (%(why)s): it gets "
        "the published neutral points, %(points)s out of 100."
    ),
    "value.floor": lazy(
        "The price of %(subject)s, %(price)s, is below the published floor: it is marked "
        "as %(floor)s."
    ),
    "value.price": lazy(
        "%(subject)s is marked at %(price)s for « %(criterion)s »; admissible prices go "
        "from %(lowest)s to %(highest)s. The published formula « %(formula)s » gives %(points)s "
        "of 100 points."
    ),
    "value.life_cycle": lazy(
        "%(subject)s costs %(price)s over %(years)s (years) at the rate %(rate)s "
        "(« %(criterion)s »); admissible costs go from %(lowest)s to %(highest)s. The published "
        "formula « %(formula)s » gives %(points)s of 100 points."
    ),
    "value.one_bid": lazy(
        "Only one bid is left for « %(criterion)s »: compared with itself, it has the lowest price."
    ),
    "value.prices_equal": lazy(
        "All admissible prices for « %(criterion)s » are equal: each gets the same points."
    ),
    "value.branch": lazy(
        "By the published weights, what « %(criterion)s » holds makes %(points)s of 100 "
        "points for %(subject)s."
    ),
    "value.below_minimum": lazy(
        "%(subject)s is set aside: « %(criterion)s » has %(points)s of 100 points, and the "
        "published minimum is %(minimum)s."
    ),
    # --- totals
    "value.total": lazy(
        "%(subject)s has %(points)s of 100 points in total, by the published weights."
    ),
    "value.cost": lazy(
        "%(subject)s is compared by its life-cycle cost (« %(criterion)s »): %(cost)s."
    ),
    "value.worth": lazy(
        "%(subject)s lacks %(missing)s of 100 points for « %(criterion)s »; at the published "
        "%(worth)s for a point, that adds %(added)s to its evaluated price."
    ),
    "value.evaluated": lazy(
        "The evaluated price of %(subject)s is %(price)s + %(added)s = %(evaluated)s; "
        "the lowest one wins, and the contract is made for the price as bid."
    ),
    # --- order and award
    "value.equal": lazy("No published rule parts these bids but a draw: %(bids)s."),
    "value.drawn": lazy("These bids were equal and were drawn in this order: %(bids)s."),
    "value.draw_needed": lazy("These bids are equal and have to be drawn: %(bids)s."),
    "value.waits": lazy(
        "This lot waits for the draw of an earlier one, which decides who may still win it."
    ),
    "value.rejected": lazy(
        "%(subject)s was first in turn and was rejected: %(reason)s. The points of the others do "
        "not change."
    ),
    "value.awarded": lazy("%(subject)s is first in turn and wins the lot."),
    "value.unsuccessful": lazy("No bid is left: the lot is unsuccessful."),
    "value.together": lazy(
        "The lots are awarded together: this ranking does not award the lot by itself."
    ),
    # --- warnings
    "value.dispute": lazy(
        "The mark %(given)s of %(evaluator)s for « %(criterion)s » of %(subject)s is further than "
        "%(limit)s from the median %(median)s. It counts; its reason should be read."
    ),
    "value.price_weight_neutralised": lazy(
        "The formula « %(formula)s » of « %(criterion)s » takes less than half of what proportion "
        "would take from these dearer bids: %(bids)s. It weakens the published weight of the price."
    ),
    "value.below_resolution": lazy(
        "%(first)s and %(second)s are %(lead)s points apart, less than one step of rounding "
        "(%(step)s); without rounding they would be %(unrounded)s points apart."
    ),
    "value.rank_reversal": lazy(
        "If %(withdrawn)s withdrew, %(to)s would come first instead of %(from)s."
    ),
    "value.one_evaluator": lazy(
        "Without the marks of %(evaluator)s, %(to)s would come first instead of %(from)s."
    ),
}
