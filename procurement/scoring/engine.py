"""The way in: one tender's file, checked, evaluated by the engine its method asks for."""

from __future__ import annotations

from msgspec.structs import replace

from procurement.scoring import references, statute, value
from procurement.scoring.allocation.award import awarded
from procurement.scoring.allocation.ties import tie_rules
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Outcome
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import Tender, ValueForMoney


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
        return _together(tender, dossier)
    return value.evaluate(tender, dossier)


def _together(tender: Tender, dossier: Dossier) -> Outcome:
    """Award all lots at once by evaluated prices; packages are explained beside the lots."""
    found = value.priced(tender, dossier)
    rules = tie_rules(tender.method, found.ranking, found.points)
    outcome = awarded(tender, dossier, value.evaluate(tender, dossier), found.evaluated, rules)
    packages = {bid.id for bid in dossier.bids if len(bid.lots) > 1}
    told = tuple(line for line in found.lines if line.subject in packages)
    return replace(outcome, lines=(*told, *outcome.lines))
