"""The way in: one tender's file, checked, evaluated by the engine its method asks for."""

from __future__ import annotations

from procurement.scoring import references, statute, together, value
from procurement.scoring.outcome import Outcome
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import ValueForMoney


def evaluate(file: EvaluationFile) -> Outcome:
    """Evaluate a tender's file; what comes out does not hang on the order of its bids.

    Raises:
        ScoringError: the file contradicts itself, or its method refuses it (see ``errors``).
    """
    tender, dossier = file.tender, file.dossier
    if not isinstance(tender.method, ValueForMoney):
        return statute.evaluate(tender, dossier)  # which checks the names itself
    references.check(tender, dossier)
    if tender.allocation == "together":
        return together.evaluate(tender, dossier)
    return value.evaluate(tender, dossier)
