"""The sentences of the robustness report; none of them decides anything."""

from procurement.scoring.marking import lazy

MONEY = frozenset({"price"})
"""Values of these sentences that are centimes."""

WORDING = {
    "robustness.notice": lazy(
        "The award follows the published weights. The figures below say how the order would look "
        "under other weights; they are not criteria."
    ),
    "robustness.foremost": lazy(
        "Of the %(bids)s bids compared, the first %(shown)s stand in the charts, the pairs and the "
        "sentences; every draw was made with all of them."
    ),
    "robustness.varied": lazy(
        "Of the %(criteria)s criteria, the %(shown)s of the largest weights were varied one by one."
    ),
    "robustness.pairs_left": lazy(
        "Above %(most)s bids, withdrawals of two bids at once were not tried, because their number "
        "grows with the square of that of the bids; each bid was withdrawn alone."
    ),
    "robustness.withdrawals_left": lazy(
        "Above %(most)s bids, no withdrawal was tried, because each needs the whole evaluation "
        "again under this method."
    ),
    "robustness.first_warnings": lazy(
        "There are %(count)s such warnings in all; the first %(shown)s stand here."
    ),
    "robustness.notice_statute": lazy(
        "The award follows the decree's rule. The figures below say what the order would be had "
        "other offers been made; they are not criteria."
    ),
    "robustness.stream": lazy(
        "%(draws)s sets of weights were drawn from the stream %(stream)s with the seed %(seed)s; "
        "anyone can repeat them. A share is exact to %(error)s percentage points 95 times out of "
        "100."
    ),
    "robustness.first_in_draws": lazy(
        "%(subject)s is first for %(share)s %% of all weights (%(count)s of %(draws)s draws)."
    ),
    "robustness.first_exact": lazy(
        "%(subject)s is first for %(share)s %% of all weights, exactly %(exact)s."
    ),
    "robustness.before": lazy(
        "%(subject)s is before %(other)s for %(share)s %% of all weights (computed, not drawn)."
    ),
    "robustness.sweep": lazy(
        "%(subject)s is first when the weight of %(criterion)s is between %(low)s %% and "
        "%(high)s %% and the others keep their proportion; %(published)s %% was published."
    ),
    "robustness.can_win": lazy(
        "%(subject)s would be first with weights in the proportion %(weights)s (checked exactly)."
    ),
    "robustness.never_wins": lazy(
        "No weights make %(subject)s first: %(mixture)s, mixed in these shares, are at least as "
        "good under every criterion (checked exactly)."
    ),
    "robustness.not_decided": lazy(
        "Whether some weights make %(subject)s first is not decided: no exact proof was found."
    ),
    "robustness.bands": lazy(
        "Weights held to their bands: %(accepted)s of %(proposed)s drawn sets lie inside and count."
    ),
    "robustness.first_in_bands": lazy(
        "With weights inside their bands, %(subject)s is first in %(share)s %% of the draws "
        "(%(count)s of %(draws)s)."
    ),
    "robustness.first_with_evidence": lazy(
        "With the uncertainty of the measured evidence, %(subject)s is first in %(share)s %% of "
        "the draws (%(count)s of %(draws)s)."
    ),
    "robustness.central": lazy(
        "Whoever would choose %(subject)s gives on average these weights: %(weights)s."
    ),
    "robustness.confidence": lazy(
        "With the weights of those who would choose it, %(subject)s is first in %(share)s %% of "
        "%(draws)s draws of the measured evidence."
    ),
    "robustness.withdrawals": lazy(
        "The evaluation was repeated without bids in %(tried)s ways; the order of the others "
        "changed in %(reversals)s of them."
    ),
    "robustness.break_even": lazy(
        "With the other bids as they are, %(subject)s would be first up to a price of %(price)s."
    ),
    "robustness.no_price": lazy(
        "With the other bids as they are, no price would have made %(subject)s first."
    ),
    "robustness.without_evaluator": lazy(
        "Without the marks of %(evaluator)s, %(subject)s is first by %(margin)s points."
    ),
    "robustness.without_none": lazy(
        "Without the marks of %(evaluator)s, some bids have no mark left: there is nothing to "
        "compare."
    ),
    "robustness.agreement": lazy(
        "The evaluators' orders under %(criterion)s agree by %(w)s (Kendall's W: 0 not at all, "
        "1 completely)."
    ),
    "robustness.reversal": lazy(
        "If %(withdrawn)s is withdrawn, %(subject)s is first instead of %(expected)s."
    ),
    "robustness.reversal_none": lazy(
        "If %(withdrawn)s is withdrawn, nothing is awarded, although %(expected)s remains."
    ),
    "robustness.below_resolution": lazy(
        "%(subject)s is before %(behind)s by %(lead)s points, less than one step of the rounding "
        "(%(step)s). The order stands; it rests on the rounding."
    ),
    "robustness.one_evaluator": lazy(
        "The award depends on one evaluator: without the marks of %(evaluator)s, %(other)s would "
        "be first instead of %(subject)s."
    ),
    "robustness.disputed": lazy(
        "The mark %(mark)s given by %(evaluator)s to %(subject)s under %(criterion)s is further "
        "from the median %(median)s than the published limit. It counts; its reason is in the "
        "record."
    ),
}
