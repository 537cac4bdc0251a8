"""The sentences of lots that are awarded together."""

from procurement.scoring.marking import lazy

MONEY = frozenset({"bound", "next", "paid", "price", "total"})
"""Values of these sentences that are centimes."""

WORDING = {
    "together.total": lazy(
        "All lots are awarded together: the sum of their evaluated prices is %(total)s, the least "
        "that keeps every published limit; the contracts come to %(paid)s (%(rule)s)."
    ),
    "together.next": lazy("The next best allocation of the lots comes to %(next)s."),
    "together.drawn": lazy(
        "Several allocations of the lots are equal: the draw parts them (%(rule)s)."
    ),
    "together.equal": lazy(
        "Several allocations of the lots are equal and lots must be drawn: %(bids)s."
    ),
    "together.not_proven": lazy(
        "The search stopped before its proof, with %(total)s found and nothing below %(bound)s "
        "possible: these lots cannot be awarded."
    ),
    "together.no_offer": lazy("No admissible offer is left for this lot."),
    "together.awarded": lazy("The bid %(subject)s wins this lot, for %(price)s."),
    "together.package": lazy(
        "The bid %(subject)s wins the lots %(lots)s as one package, for one price of %(price)s."
    ),
    "together.rejected": lazy(
        "The bid %(subject)s was rejected after the ranking and wins nothing: %(reason)s"
    ),
}
