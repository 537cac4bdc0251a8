"""What the ways of awarding are called, and the number each ranks by."""

from procurement.evaluation.words import gettext as _
from procurement.scoring.tender import PurchaseOrder, ReferencePrice, Studies, Tender


def method_of(tender: Tender) -> str:
    """Name the award method."""
    method = tender.method
    if isinstance(method, ReferencePrice):
        return _("Closest offer below the reference price")
    if isinstance(method, Studies):
        return _("Studies: technical mark and price")
    if isinstance(method, PurchaseOrder):
        return _("Purchase order: the lowest price")
    if method.objective == "money":
        return _("The lowest price with quality turned into money")
    return _("The most points under the published criteria")


def by_money(tender: Tender) -> bool:
    """Say whether the bids are ranked by an amount, and not by points."""
    method = tender.method
    if isinstance(method, Studies):
        return False
    return isinstance(method, ReferencePrice | PurchaseOrder) or method.objective == "money"


def key_title(tender: Tender) -> str:
    """Name the number by which bids are ranked."""
    if by_money(tender):
        return _("Amount used to rank")
    return _("Overall mark") if isinstance(tender.method, Studies) else _("Points")
