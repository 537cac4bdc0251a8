"""Value for money: published points on a criteria tree, or quality turned into money; exact.

In this order, for each lot (article numbers do not apply: private and donor-financed buying):

1. Bids that were not admitted are set aside, then those of bidders who may win no more.
2. The price used to rank = price + scope adjustment + preference margin of bidders not
   established here (percent of the base, rounded to the centime). It marks, ranks and breaks ties;
   the contract is made for the price as bid.
3. Points out of 100 of every criterion that does not depend on other bids, exactly. Only
   top-level criteria are rounded (``round_at`` « criterion »), a branch from the exact points of
   what it holds; with ``round_at`` « total » nothing but the total is.
4. Bids with published points below a minimum are set aside, however few remain. A minimum on
   points that depend on other bids is refused.
5. Points of relative price formulas among those left: nobody else sets a reference.
6. Points: total = Σ weight × points / 10,000, the most wins. Money: evaluated price = the price
   used to rank, or the life-cycle cost where there is one, + Σ worth × (100 − points), rounded
   once to the centime, the lowest wins; top-level weights do not matter then.
7. Equal bids: the published rules in turn; ranks are 1, 1, 3 for bids that only the draw parts.
8. The first in order that the commission did not reject wins; points are not computed again.
"""

from procurement.scoring.value.evaluation import RULES, evaluate
from procurement.scoring.value.matrices import contending, score_matrix
from procurement.scoring.value.prices import Priced, priced

__all__ = ["RULES", "Priced", "contending", "evaluate", "priced", "score_matrix"]
