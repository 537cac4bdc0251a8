"""Help before publication: what a tender's rules would do, while they can still be changed.

Nothing here decides: the prices are the buyer's expectation, and simulated tenders are invented.
"""

from __future__ import annotations

from procurement.scoring.drafting.checks import checks
from procurement.scoring.drafting.expected import Expected, prices_marked
from procurement.scoring.drafting.review import Review
from procurement.scoring.drafting.simulation import reversals, reversals_of_statute, warned
from procurement.scoring.drafting.worth import curves, remarks
from procurement.scoring.tender import ReferencePrice, Tender, ValueForMoney

__all__ = ["Expected", "Review", "review"]


def review(tender: Tender, expected: Expected) -> Review:
    """Return the charts, the simulation and the warnings for a tender that is not yet published.

    What would stop the evaluation (weights that do not sum, a refused formula …) is a warning
    here, and what depends on it is left out.
    """
    lines = checks(tender)
    charts, simulated = [], []
    if isinstance(tender.method, ValueForMoney) and tender.method.objective == "points":
        for one in prices_marked(tender.method):
            drawn = curves(one, expected)
            charts += drawn
            lines += remarks(one, drawn, tender.currency)
            if one.formula is not None:
                simulated.append(reversals(one, expected))
    elif isinstance(tender.method, ReferencePrice):
        simulated.append(reversals_of_statute(tender, expected))
    lines += warned(simulated, tender.currency)
    return Review(
        tender=tender.id,
        curves=tuple(charts),
        reversals=tuple(simulated),
        warnings=tuple(lines),
    )
