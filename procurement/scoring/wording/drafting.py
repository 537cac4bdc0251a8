"""The sentences of the drafting help, before a tender is published."""

from procurement.scoring.marking import lazy

MONEY = frozenset(
    """
    price worth least at_least greatest at_greatest low_price high_price best worst withdrawn_price
    winner_price winner_then_price
    """.split()  # noqa: SIM905 - a list of words is read as words
)

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
        "The price formula « %(formula)s » of « %(subject)s » takes exactly these parameters: "
        "%(wanted)s."
    ),
    "drafting.parameter": lazy(
        "The parameter « %(parameter)s » of the price formula « %(formula)s » of « %(subject)s » "
        "cannot be used: %(why)s."
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
    "drafting.price_weight_law": lazy(
        "The price weighs %(weight)s %% of the mark; the rules allow from %(low)s to %(high)s %% "
        "(%(rule)s)."
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
    "drafting.opened": lazy(
        "Bids are in this file (%(bids)s): the rules they were made under can no longer be changed."
    ),
    "drafting.fixed_reference": lazy(
        "The decree fixes this method (%(rule)s): among the admitted offers, the closest below the "
        "reference price wins, then the closest above. No quality is weighed against the price, so "
        "there is no formula to choose and nothing to exchange."
    ),
    "drafting.fixed_order": lazy(
        "The decree fixes this method (%(rule)s): the lowest price, tax included, wins. There is "
        "nothing to weigh and no formula to choose."
    ),
    "drafting.fixed_studies": lazy(
        "The decree fixes the formula of studies (%(rule)s): the mark of a price is 100 × lowest "
        "price / price. The buyer publishes the weight of the price (%(weight)s %%) and the "
        "technical threshold (%(threshold)s points); what is said of the formula is to be known, "
        "not to be mended."
    ),
    "drafting.price_alone": lazy(
        "Only « %(subject)s » counts: there is no quality that a price could be exchanged for."
    ),
    "drafting.price_weightless": lazy(
        "« %(subject)s » has no weight: no quality point is worth any amount."
    ),
    "drafting.life_cycle": lazy(
        "« %(subject)s » marks a life-cycle cost: the lowest and the highest amount to expect are "
        "those of this cost, not of the price."
    ),
    "drafting.rate": lazy("At a price of %(price)s, one quality point is worth %(worth)s."),
    "drafting.rate_none": lazy(
        "At a price of %(price)s, a lower price earns nothing: no worth can be said."
    ),
    "drafting.rate_steady": lazy(
        "It is the same at every price: bidders know what better quality may cost."
    ),
    "drafting.rate_times": lazy("The greatest worth is %(times)s times the least."),
    "drafting.rate_beyond": lazy("The greatest worth is more than %(times)s times the least."),
    "drafting.worth_published": lazy(
        "A missing quality point under « %(subject)s » adds %(worth)s to the price that is "
        "compared, at every price."
    ),
    "drafting.money_steady": lazy(
        "Quality is turned into money: no bid changes what another one is compared at, so no "
        "withdrawal can change the order of the others."
    ),
    "drafting.worth_varies": lazy(
        "With the formula « %(formula)s » of « %(subject)s », one quality point is worth %(least)s "
        "at a price of %(at_least)s, but %(greatest)s at a price of %(at_greatest)s: bidders "
        "cannot know what better quality may cost."
    ),
    "drafting.price_idle": lazy(
        "With the formula « %(formula)s » of « %(subject)s », the price moves no point somewhere "
        "between %(low_price)s and %(high_price)s: a lower price earns nothing there."
    ),
    "drafting.dearer_wins": lazy(
        "With the formula « %(formula)s » of « %(subject)s », a higher price gets more points "
        "somewhere between %(low_price)s and %(high_price)s."
    ),
    "drafting.price_neutralised": lazy(
        "The formula « %(formula)s » neutralises the weight of « %(subject)s » (%(weight)s %% as "
        "published): a price of %(price)s, %(dearer)s %% above the lowest, loses only %(lost)s of "
        "100 points (%(rule)s)."
    ),
    "drafting.reversals": lazy(
        "In %(changed)s of %(tenders)s simulated tenders of %(bids)s bids, the withdrawal of one "
        "losing bid changes the winner. In number %(number)s, if %(withdrawn)s "
        "(%(withdrawn_price)s) withdraws, %(winner_then)s (%(winner_then_price)s) wins instead of "
        "%(winner)s (%(winner_price)s)."
    ),
    "drafting.reversals_none": lazy(
        "In none of %(tenders)s simulated tenders of %(bids)s bids does the withdrawal of a losing "
        "bid change the winner."
    ),
    "drafting.reversals_never": lazy(
        "The formula « %(formula)s » depends on no other bid: no withdrawal can change the order "
        "of the others."
    ),
    "drafting.unawarded": lazy(
        "In %(unawarded)s of %(tenders)s simulated tenders nobody wins: the expected prices lie "
        "too far from the estimate. Check both."
    ),
    "drafting.advise_keep": lazy(
        "Keep the formula of « %(subject)s »: each bidder can compute its own points, and a "
        "quality point is worth about the same at every expected price."
    ),
    "drafting.advise_bounds": lazy(
        "For « %(subject)s », publish a formula that depends on no other bid: %(formula)s "
        "(« %(code)s »), with the bounds %(best)s and %(worst)s. One quality point is then worth "
        "%(worth)s at every price between them, and no withdrawal changes the order of the others."
    ),
    "drafting.advise_money": lazy(
        "Or turn quality into money: publish what a missing quality point adds to the price. With "
        "the weights of this draft that is %(worth)s."
    ),
}
