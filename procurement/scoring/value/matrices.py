"""The points of a lot as the robustness report looks at them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from procurement.scoring.errors import NoAdmissibleBid, NotComparable
from procurement.scoring.marking import lazy
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import LotOutcome
from procurement.scoring.tender import Tender
from procurement.scoring.value.evaluation import BARRED, method_of
from procurement.scoring.value.lot import pool_of
from procurement.scoring.value.ordering import compared
from procurement.scoring.value.pool import received
from procurement.scoring.value.ratios import rounded_ratio
from procurement.scoring.value.table import Table
from procurement.scoring.value.ties import Draw, draw_of, grouped
from procurement.scoring.value.tree import Plan, plan


def contending(dossier: Dossier, outcome: LotOutcome) -> Dossier:
    """Return a dossier without the bids that a limit on awards set aside from a lot.

    Who may win no more was not compared there: its price sets no reference and it has no rank.
    """
    barred = {one.bid for one in outcome.excluded if one.code in BARRED}
    if not barred:
        return dossier
    return replace(dossier, bids=tuple(bid for bid in dossier.bids if bid.id not in barred))


def score_matrix(tender: Tender, dossier: Dossier, lot: str) -> ScoreMatrix:
    """Return the published points of a lot's admissible bids under the top-level criteria.

    Limits on awards are not looked at: see ``contending``.

    Where the total is rounded and not each criterion, points are given with two more decimals, up
    to six. Equal bids are preferred by the published rules, then by the draw, and as long as it
    was not made by the SHA-256 of tender, lot and bid, which nobody can choose.

    Raises:
        NotComparable: quality is turned into money: there are no weights to vary.
        NoAdmissibleBid: nobody is left.
    """
    prepared = plan(method_of(tender))
    if prepared.money:
        raise NotComparable("tender.method.objective", why=_NO_WEIGHTS)
    bids = sorted(
        (bid for bid in dossier.bids if bid.lots == (lot,) and bid.admitted),
        key=lambda bid: bid.id,
    )
    _, table, _ = compared(prepared, pool_of(prepared, bids, received(dossier)))
    if not table.pool.bids:
        raise NoAdmissibleBid(f"lot {lot}")
    method = prepared.method
    decimals = method.points_decimals
    if not prepared.rounds_criteria:
        decimals = min(6, decimals + 2)
    scale = 10**decimals
    scores = [
        [rounded_ratio(top * scale, of, method.rounding) for top, of in table.points[node.id]]
        for node in prepared.top
    ]
    return ScoreMatrix(
        bids=tuple(bid.id for bid in table.pool.bids),
        criteria=tuple(node.id for node in prepared.top),
        scores=np.array(scores, dtype=np.int64).T.copy(),
        weights=tuple(node.weight for node in prepared.top),
        priority=_priority(prepared, tender.id, lot, table, draw_of(tender, dossier)),
        decimals=decimals,
    )


def _priority(
    prepared: Plan, tender: str, lot: str, table: Table, draw: Draw | None
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the order in which equal bids are preferred, the larger the better."""
    bids = table.pool.bids
    rules = prepared.method.ties
    groups = grouped([0] * len(bids), rules, table.pool, table.points)
    found = np.zeros(len(bids), dtype=np.int64)
    preference = len(bids)
    for group in groups:
        places = {bids[place].id: place for place in group}
        for name in _in_order(tender, lot, list(places), draw if "draw" in rules else None):
            preference -= 1
            found[places[name]] = preference
    return found


def _in_order(tender: str, lot: str, names: Sequence[str], draw: Draw | None) -> Sequence[str]:
    if draw is not None:
        return draw.order(lot, names)
    return sorted(
        names, key=lambda name: hashlib.sha256(f"{tender}|{lot}|{name}".encode()).digest()
    )


_NO_WEIGHTS = lazy("quality is turned into money: there are no weights to vary")
