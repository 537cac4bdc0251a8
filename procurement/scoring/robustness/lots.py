"""The robustness reports of a whole tender, for whoever prints or stores them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from procurement.scoring import value
from procurement.scoring.errors import NoAdmissibleBid, NotComparable, PrecisionExceeded
from procurement.scoring.offers import Dossier
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.robustness.asking import given_for
from procurement.scoring.robustness.counting import DRAWS
from procurement.scoring.robustness.emc1 import seed_of
from procurement.scoring.robustness.extent import MOST_BIDS, draws_within
from procurement.scoring.robustness.report import Robustness, robustness
from procurement.scoring.tender import ValueForMoney

BAND_BP = 2_500
"""Weights are also held to a quarter around each published one."""


def of_lots(
    file: EvaluationFile, *, draws: int = DRAWS, only: Collection[str] | None = None
) -> dict[str, Robustness]:
    """Return the report of every lot that has one.

    The decree's methods have no weights to vary, quality turned into money neither; one bid alone
    has nothing to be compared with. The seed comes from the tender and the day of its opening.
    ``only``: the lots that are asked about, by default all. Many bids, criteria or lots get fewer
    draws, see ``extent``; every lot says how many.
    """
    if not isinstance(file.tender.method, ValueForMoney):
        return {}
    seed = seed_of(file.tender.id, file.tender.opened_on.isoformat())
    contests = {
        lot: replace(one, dossier=_of_one_lot(one.dossier, lot))
        for lot, one in _contests(file)
        if only is None or lot in only
    }
    criteria = len(file.tender.method.criteria)
    sizes = sum(len(one.dossier.bids) + criteria for one in contests.values())
    draws = draws_within(draws, sizes)
    found = {lot: _of_lot(one, lot, seed, draws) for lot, one in contests.items()}
    return {lot: one for lot, one in found.items() if one is not None}


def _contests(file: EvaluationFile) -> Iterator[tuple[str, EvaluationFile]]:
    """Yield every lot with the bids that were compared for it: who may win no more was not."""
    tender, dossier = file.tender, file.dossier
    limited = tender.limits.max_lots is not None or tender.limits.capacity
    if not limited or tender.allocation == "together" or len(tender.lots) == 1:
        yield from ((lot.id, file) for lot in tender.lots)
        return
    for lot in value.evaluate(tender, dossier).lots:
        yield lot.lot, replace(file, dossier=value.contending(dossier, lot))


def _of_one_lot(dossier: Dossier, lot: str) -> Dossier:
    """Keep what was received for one lot alone: every repetition reads all that is there."""
    bids = tuple(bid for bid in dossier.bids if bid.lots == (lot,))
    names = {bid.id for bid in bids}
    return replace(
        dossier,
        bids=bids,
        marks=tuple(mark for mark in dossier.marks if mark.bid in names),
        evidence=tuple(pack for pack in dossier.evidence if pack.bid in names),
    )


def _of_lot(file: EvaluationFile, lot: str, seed: int, draws: int) -> Robustness | None:
    try:
        matrix = value.score_matrix(file.tender, file.dossier, lot)
        if not 2 <= len(matrix.bids) <= MOST_BIDS or len(matrix.criteria) < 2:
            return None
        given = given_for(file.tender, file.dossier, lot, matrix)
        return robustness(matrix, seed=seed, draws=draws, band_bp=BAND_BP, given=given)
    except (NoAdmissibleBid, NotComparable, PrecisionExceeded):
        return None
