"""Help before publication: what a tender's rules would do, while they can still be changed.

Nothing here decides: the prices are the buyer's expectation, and simulated tenders are invented.
"""

from __future__ import annotations

from msgspec.structs import replace

from procurement.scoring.drafting import in_money
from procurement.scoring.drafting.advice import advice
from procurement.scoring.drafting.checks import checks, opened
from procurement.scoring.drafting.expected import Expected, PriceMarked, prices_marked
from procurement.scoring.drafting.facts import facts
from procurement.scoring.drafting.fixed import fixed, marked
from procurement.scoring.drafting.review import Review
from procurement.scoring.drafting.simulation import calm, reversals, reversals_of_statute, warned
from procurement.scoring.drafting.worth import curves, remarks
from procurement.scoring.errors import BadParameter
from procurement.scoring.marking import lazy
from procurement.scoring.tender import Lot, ReferencePrice, Studies, Tender, ValueForMoney

__all__ = ["Expected", "Review", "checks", "fixed", "of_lot", "opened", "review"]


def review(tender: Tender, expected: Expected) -> Review:
    """Return the charts, the simulation and the warnings for a tender that is not yet published.

    What would stop the evaluation (weights that do not sum, a refused formula …) is a warning
    here, and what depends on it is left out. Of several lots it is the first one.

    Raises:
        BadParameter: points are given, but none for the price.
        UnknownRuleVersion: no version of the rules is known for its day.
    """
    found = of_lot(tender, tender.lots[0], expected)
    return replace(
        found,
        facts=(*fixed(tender), *found.facts),
        warnings=(*checks(tender), *found.warnings),
    )


def of_lot(tender: Tender, lot: Lot, expected: Expected) -> Review:
    """Return what depends on the expected prices of one lot.

    Raises:
        BadParameter: points are given, but none for the price.
    """
    method = tender.method
    found = Review(tender=tender.id, lot=lot.id)
    if isinstance(method, ReferencePrice):
        return _of_reference_price(found, tender, lot, expected)
    if isinstance(method, Studies):
        one = marked(method)
        return _with(found, one, expected, free=False) if one else found
    if not isinstance(method, ValueForMoney):
        return found
    if method.objective == "money":
        drawn = tuple(in_money.curves_of(method, expected))
        return replace(found, curves=drawn, facts=tuple(in_money.facts_of(method)))
    for one in _priced(method):
        found = _with(found, one, expected, free=True)
    return found


def _priced(method: ValueForMoney) -> list[PriceMarked]:
    found = list(prices_marked(method))
    if not found:
        why = lazy(
            "none of them marks the price; add one of the kind « price » with its formula, or turn "
            "quality into money"
        )
        raise BadParameter("tender.method.criteria", why=why)
    return found


def _of_reference_price(found: Review, tender: Tender, lot: Lot, expected: Expected) -> Review:
    """Simulate, unless there is no estimate to compute a reference price from: `checks` says so."""
    if lot.estimate is None:
        return found
    simulated = [reversals_of_statute(tender, lot, expected)]
    return replace(
        found,
        reversals=tuple(simulated),
        facts=tuple(calm(simulated)),
        warnings=tuple(warned(simulated)),
    )


def _with(found: Review, one: PriceMarked, expected: Expected, *, free: bool) -> Review:
    """Add what one criterion makes of the expected prices; ``free``: its formula can be changed."""
    drawn = curves(one, expected, compared=free)
    counts = one.formula is not None and 0 < one.share < 1
    simulated = [reversals(one, expected)] if counts else []
    return replace(
        found,
        curves=(*found.curves, *drawn),
        reversals=(*found.reversals, *simulated),
        facts=(*found.facts, *facts(one, drawn), *calm(simulated)),
        warnings=(*found.warnings, *remarks(one, drawn), *warned(simulated)),
        advice=(*found.advice, *(advice(one, drawn, expected) if free else ())),
    )
