"""How far the robustness report goes where a lot has many bids or criteria, or a tender many lots.

None of these bounds touches an award: they say what is not looked at, and the report says it too.
"""

from __future__ import annotations

PAIRS_UP_TO = 50
"""With more bids only single withdrawals are tried: the work of pairs grows as m³."""
REPEATED_ALONE_UP_TO = 100
"""With more bids the engine does not repeat an evaluation without each of them."""
EXACT_UP_TO = 100
"""With more bids exact shares are not computed; the draws answer."""
MOST_BIDS = 2_000
"""With more bids a lot has no figures of robustness: the table of ranks grows as m²."""
FOREMOST = 30
"""Bids of a lot, from the first on, that stand in charts, pairs, proofs and sentences."""
MOST_VARIED = 12
"""Criteria, by weight, that are varied one by one."""
MOST_CENTRAL = 12
"""Bids, the most often first before, whose central weights are told."""
WORK = 2**28
"""Draws times bids and criteria of all lots of a tender: more would take minutes."""
FEWEST_DRAWS = 2**14
"""Shares are then exact to 0.8 percentage points."""


def draws_within(most: int, sizes: int) -> int:
    """Return how many draws a lot gets: ``most``, halved until ``WORK`` suffices for all lots.

    ``sizes``: bids and criteria of all lots that are looked at, added up.
    """
    draws = most
    while draws > FEWEST_DRAWS and draws * sizes > WORK:
        draws //= 2
    return draws
