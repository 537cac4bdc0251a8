"""The means of the report for a value-for-money tender: every evaluation repeated exactly.

Nothing here computes points: the engine does, on a dossier with something left out or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec
import numpy as np

from procurement.scoring import value
from procurement.scoring.errors import MissingMark, NoAdmissibleBid
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.offers import Bid, Dossier
from procurement.scoring.quantities import rounded
from procurement.scoring.robustness.evaluators import ABSENT, Panel, Result
from procurement.scoring.robustness.evidence import tables
from procurement.scoring.robustness.extent import PAIRS_UP_TO, REPEATED_ALONE_UP_TO
from procurement.scoring.robustness.relative import RelativePrice
from procurement.scoring.robustness.report import Given
from procurement.scoring.robustness.resolution import WHOLE, margin, published_order, totals
from procurement.scoring.tender import (
    Branch,
    Criterion,
    Judged,
    LifeCycleCost,
    Price,
    Tender,
    ValueForMoney,
)
from procurement.scoring.value.margin import ranking_price
from procurement.scoring.value.pool import received

# With more bids each pair, and each price of a search, would take the engine too long.
REPEATED_UP_TO = 12
_FORMULAS = {"low_over_price": "lowest_over_price", "linear_min_max": "between_extremes"}


def given_for(tender: Tender, dossier: Dossier, lot: str, matrix: ScoreMatrix) -> Given:
    """Return what can be asked about a lot; ``matrix`` is its ``value.score_matrix``.

    Up to twelve bids everything is repeated by the engine itself. With more, break-even prices and
    pairs (up to fifty bids) are answered where the price stands in one relative formula, computed
    at once. What the engine would have to repeat more than a hundred times is not asked.
    """
    asked = _Asked(tender, dossier, lot, matrix)
    few = len(matrix.bids) <= REPEATED_UP_TO
    fast = None if few else _relative(tender, dossier, matrix)
    alone = len(matrix.bids) <= REPEATED_ALONE_UP_TO
    pairs_up_to = REPEATED_UP_TO if fast is None else PAIRS_UP_TO
    prices = {bid.id: bid.price for bid in dossier.bids if bid.lots == (lot,)}
    return Given(
        evidence=tables(matrix, _quantiles(dossier, matrix)),
        relative=fast,
        winner_without=asked.winner_without if alone else None,
        pairs_up_to=pairs_up_to,
        prices=tuple((bid, prices[bid]) for bid in matrix.bids),
        first_at=asked.first_at if few else None,
        panels=tuple(_panels(tender, dossier, matrix)),
        evaluators=tuple(dict.fromkeys(mark.evaluator for mark in dossier.marks)),
        result_without=asked.result_without,
    )


class _Asked:
    """One lot whose evaluation is repeated."""

    def __init__(self, tender: Tender, dossier: Dossier, lot: str, matrix: ScoreMatrix) -> None:
        self.tender, self.dossier, self.lot = tender, dossier, lot
        self.matrix = matrix
        self.lenient = _lenient(tender)

    def winner_without(self, gone: frozenset[str]) -> str | None:
        """Evaluate without some bids."""
        found = self._again(self.tender, [bid for bid in self.dossier.bids if bid.id not in gone])
        return None if found is None else found.bids[published_order(found)[0]]

    def first_at(self, name: str, price: int) -> bool:
        """Evaluate with another price of one bid."""
        bids = [
            msgspec.structs.replace(bid, price=price) if bid.id == name else bid
            for bid in self.dossier.bids
        ]
        found = self._again(self.tender, bids)
        return found is not None and found.bids[published_order(found)[0]] == name

    def result_without(self, evaluator: str) -> Result | None:
        """Evaluate without one evaluator; None when a bid would have no mark left."""
        marks = tuple(mark for mark in self.dossier.marks if mark.evaluator != evaluator)
        dossier = msgspec.structs.replace(self.dossier, marks=marks)
        try:
            found = value.score_matrix(self.lenient, dossier, self.lot)
        except (MissingMark, NoAdmissibleBid):
            return None
        winner, _, lead = margin(found, totals(found))
        return found.bids[winner], Fraction(lead, WHOLE * 10**found.decimals)

    def _again(self, tender: Tender, bids: Sequence[Bid]) -> ScoreMatrix | None:
        dossier = msgspec.structs.replace(self.dossier, bids=tuple(bids))
        try:
            return value.score_matrix(tender, dossier, self.lot)
        except NoAdmissibleBid:
            return None


def _lenient(tender: Tender) -> Tender:
    # Without an evaluator the others' marks count, whatever an absent mark means otherwise.
    assert isinstance(tender.method, ValueForMoney)
    criteria = tuple(map(_skipping, tender.method.criteria))
    method = msgspec.structs.replace(tender.method, criteria=criteria)
    return msgspec.structs.replace(tender, method=method)


def _skipping(criterion: Criterion) -> Criterion:
    kind = criterion.kind
    if isinstance(kind, Judged):
        kind = msgspec.structs.replace(kind, absent="skip")
    elif isinstance(kind, Branch):
        kind = msgspec.structs.replace(kind, criteria=tuple(map(_skipping, kind.criteria)))
    return msgspec.structs.replace(criterion, kind=kind)


def _quantiles(dossier: Dossier, matrix: ScoreMatrix) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (one.bid, one.criterion): one.quantiles
        for one in dossier.evidence
        if one.bid in matrix.bids and one.criterion in matrix.criteria
    }


def _panels(tender: Tender, dossier: Dossier, matrix: ScoreMatrix) -> Iterator[Panel]:
    """Yield the marks behind each top-level criterion, to say how far the evaluators agree."""
    assert isinstance(tender.method, ValueForMoney)
    for place, one in enumerate(tender.method.criteria):
        if not isinstance(one.kind, Judged):
            continue
        low, unit = one.kind.low, 100 * 10**matrix.decimals / (one.kind.high - one.kind.low)
        given = {
            (mark.evaluator, mark.bid): rounded((mark.points - low) * unit)
            for mark in dossier.marks
            if mark.criterion == one.id and mark.points is not None and mark.bid in matrix.bids
        }
        names = tuple(sorted({name for name, _ in given}))
        marks = [[given.get((name, bid), ABSENT) for bid in matrix.bids] for name in names]
        yield Panel(place, names, np.array(marks, np.int64).reshape(len(names), -1))


def _relative(tender: Tender, dossier: Dossier, matrix: ScoreMatrix) -> RelativePrice | None:
    # Only where the one column is all that depends on the other bids, and is met to the unit.
    method = tender.method
    assert isinstance(method, ValueForMoney)
    priced = [c for c in method.criteria if isinstance(c.kind, Price | LifeCycleCost | Branch)]
    if len(priced) != 1 or not isinstance(priced[0].kind, Price):
        return None
    formula = _FORMULAS.get(priced[0].kind.formula)
    if formula is None or method.round_at == "total" or method.rounding != "half_up":
        return None
    own = received(dossier)
    by_name = {
        bid.id: ranking_price(bid, own, method.margin, method.rounding) for bid in dossier.bids
    }
    paid = {bid.id: bid.price for bid in dossier.bids}
    if any(by_name[bid] != paid[bid] for bid in matrix.bids):
        return None
    column = matrix.criteria.index(priced[0].id)
    return RelativePrice(
        column,
        tuple(paid[bid] for bid in matrix.bids),
        "lowest_over_price" if formula == "lowest_over_price" else "between_extremes",
        lower_price_first=method.ties[:1] == ("lower_price",),
    )
