"""An offer that wins several lots for one price: the price stands with all its lots."""

from procurement.evaluation.words import gettext as _
from procurement.evaluation.words import money
from procurement.scoring.outcome import Package


def said(package: Package, currency: str) -> str:
    """Return the price of a package with the lots it is for."""
    return _(
        "%(amount)s for the lots %(lots)s together",
        amount=money(package.amount, currency),
        lots=", ".join(package.lots),
    )
