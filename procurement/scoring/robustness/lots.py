"""The robustness reports of a whole tender, for whoever prints or stores them."""

from __future__ import annotations

from procurement.scoring import value
from procurement.scoring.errors import NoAdmissibleBid, NotComparable, PrecisionExceeded
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.robustness.asking import given_for
from procurement.scoring.robustness.counting import DRAWS
from procurement.scoring.robustness.emc1 import seed_of
from procurement.scoring.robustness.report import Robustness, robustness
from procurement.scoring.tender import ValueForMoney

BAND_BP = 2_500
"""Weights are also held to a quarter around each published one."""


def of_lots(file: EvaluationFile, *, draws: int = DRAWS) -> dict[str, Robustness]:
    """Return the report of every lot that has one.

    The decree's methods have no weights to vary, quality turned into money neither; one bid alone
    has nothing to be compared with. The seed comes from the tender and the day of its opening.
    """
    if not isinstance(file.tender.method, ValueForMoney):
        return {}
    seed = seed_of(file.tender.id, file.tender.opened_on.isoformat())
    found = {lot.id: _of_lot(file, lot.id, seed, draws) for lot in file.tender.lots}
    return {lot: one for lot, one in found.items() if one is not None}


def _of_lot(file: EvaluationFile, lot: str, seed: int, draws: int) -> Robustness | None:
    try:
        matrix = value.score_matrix(file.tender, file.dossier, lot)
        if len(matrix.bids) < 2 or len(matrix.criteria) < 2:
            return None
        given = given_for(file.tender, file.dossier, lot, matrix)
        return robustness(matrix, seed=seed, draws=draws, band_bp=BAND_BP, given=given)
    except (NoAdmissibleBid, NotComparable, PrecisionExceeded):
        return None
