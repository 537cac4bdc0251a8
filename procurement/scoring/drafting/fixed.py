"""What the decree fixes: what can be said of it before publication, and what cannot be chosen."""

from __future__ import annotations

from procurement.scoring.drafting.expected import PriceMarked
from procurement.scoring.outcome import Exact, Line, said
from procurement.scoring.statute.versions import version
from procurement.scoring.tender import PurchaseOrder, ReferencePrice, Studies, Tender, ValueForMoney
from procurement.scoring.value.formulas import BY_NAME

STUDIES = "low_over_price"
"""Nf = 100 × lowest / price: the decree's financial mark is this formula of the catalogue."""


def fixed(tender: Tender) -> list[Line]:
    """Say that the decree, not the buyer, chose how this tender is awarded.

    Raises:
        UnknownRuleVersion: no version of the rules is known for its day.
    """
    method = tender.method
    if isinstance(method, ValueForMoney):
        return []
    rules = version(method.rules, tender.opened_on)
    if isinstance(method, ReferencePrice):
        return [Line(code="drafting.fixed_reference", rule=rules.order.cited)]
    if isinstance(method, PurchaseOrder):
        return [Line(code="drafting.fixed_order", rule=rules.purchase_order.cited)]
    values: dict[str, Exact] = {
        "weight": said(100 * method.price_weight),
        "threshold": said(method.threshold),
    }
    rule = rules.studies_price_mark.cited
    return [Line(code="drafting.fixed_studies", values=values, rule=rule)]


def marked(method: Studies) -> PriceMarked | None:
    """Return the price of studies as a criterion with the decree's formula."""
    if not 0 < method.price_weight < 1:
        return None
    return PriceMarked("price", method.price_weight, STUDIES, {}, BY_NAME[STUDIES], None)
