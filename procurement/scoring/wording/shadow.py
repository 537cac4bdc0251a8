"""The sentences of what is shown beside an award."""

from procurement.scoring.marking import lazy

WORDING = {
    "ahp.inconsistent": lazy(
        "The comparisons contradict each other: their consistency ratio is %(ratio)s, above "
        "%(limit)s (%(rule)s). Look at them again before you publish these weights."
    ),
}
