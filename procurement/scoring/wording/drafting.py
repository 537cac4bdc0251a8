"""The sentences of the drafting help, before a tender is published."""

from procurement.scoring.marking import lazy

WORDING = {
    "drafting.weights": lazy(
        "The weights of the criteria add up to %(total)s %% instead of 100 %%."
    ),
    "drafting.weights_below": lazy(
        "The weights under « %(subject)s » add up to %(total)s %% instead of 100 %%."
    ),
    "drafting.weight_zero": lazy(
        "The criterion « %(subject)s » has no weight: it changes no ranking. Give it a weight or "
        "leave it out."
    ),
    "drafting.threshold_unreachable": lazy(
        "No bid can reach the %(minimum)s points asked for under « %(subject)s »: at most %(most)s "
        "can be had."
    ),
    "drafting.gate_unreachable": lazy(
        "No bid can reach a technical mark of %(minimum)s: at most %(most)s can be had."
    ),
    "drafting.neutral_fails": lazy(
        "A bid with too little evidence under « %(subject)s » gets %(neutral)s points and is set "
        "aside, because at least %(minimum)s are asked for. Say so in the documents or change one "
        "of the two."
    ),
    "drafting.formula_refused": lazy(
        "The price formula « %(formula)s » of « %(subject)s » will be refused: %(why)s."
    ),
    "drafting.formula_unknown": lazy(
        "There is no price formula « %(formula)s », which « %(subject)s » asks for."
    ),
    "drafting.parameters": lazy(
        "The price formula « %(formula)s » of « %(subject)s » cannot be used: %(why)s"
    ),
    "drafting.relative": lazy(
        "With the formula « %(formula)s » the points of a bid under « %(subject)s » depend on who "
        "else bids. With an absolute formula each bidder can compute its own points."
    ),
    "drafting.floor_missing": lazy(
        "A price of zero cannot be marked with the formula « %(formula)s » of « %(subject)s »: "
        "publish a floor price."
    ),
    "drafting.worth_missing": lazy(
        "Quality is turned into money, but the worth of a point of « %(subject)s » is not "
        "published: the criterion would count for nothing."
    ),
    "drafting.ties_missing": lazy(
        "Nothing is published about equal bids: say which rule decides, and end with a draw."
    ),
    "drafting.ties_open": lazy(
        "The rules for equal bids may leave some of them equal: end with a draw."
    ),
    "drafting.tie_unknown": lazy(
        "« %(subject)s » is no rule for equal bids: use « lower_price », « higher:criterion » or "
        "« draw »."
    ),
    "drafting.draw_uncommitted": lazy(
        "Lots may have to be drawn, but no commitment to a seed is published: commit to one before "
        "the opening."
    ),
    "drafting.price_weight": lazy(
        "The price weighs %(weight)s %% of the mark: it has to lie between 0 and 100 %%."
    ),
    "drafting.sme_share": lazy(
        "A share of %(share)s %% for small and medium bidders cannot be kept: it lies between 0 "
        "and 100 %%."
    ),
    "drafting.limit_idle": lazy(
        "A limit of %(limit)s lots per bidder limits nothing in a tender of %(lots)s lots."
    ),
    "drafting.estimate_missing": lazy(
        "Lot « %(subject)s » has no estimate: the reference price cannot be computed without it."
    ),
    "drafting.worth_varies": lazy(
        "With the formula « %(formula)s » of « %(subject)s », one quality point is worth %(least)s "
        "at a price of %(at_least)s, but %(most)s at a price of %(at_most)s: bidders cannot know "
        "what better quality may cost."
    ),
    "drafting.price_idle": lazy(
        "With the formula « %(formula)s » of « %(subject)s », the price moves no point somewhere "
        "between %(low)s and %(high)s: a lower price earns nothing there."
    ),
    "drafting.dearer_wins": lazy(
        "With the formula « %(formula)s » of « %(subject)s », a higher price gets more points "
        "somewhere between %(low)s and %(high)s."
    ),
    "drafting.price_neutralised": lazy(
        "The formula « %(formula)s » neutralises the weight of « %(subject)s » (%(weight)s %% as "
        "published): a price of %(price)s, %(dearer)s %% above the lowest, loses only %(lost)s of "
        "100 points (%(rule)s)."
    ),
    "drafting.reversals": lazy(
        "In %(changed)s of %(tenders)s simulated tenders of %(bids)s bids, the withdrawal of one "
        "losing bid would have changed the winner (« %(formula)s »). In simulated tender "
        "%(number)s, the bid at %(winner)s wins; without the losing bid at %(withdrawn)s, the bid "
        "at %(winner_then)s wins instead."
    ),
}
