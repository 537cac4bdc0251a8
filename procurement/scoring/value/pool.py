"""The bids that are looked at together, and what was received about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from procurement.scoring.errors import MissingAnswer, UnitMismatch
from procurement.scoring.offers import Bid, Bidder, Dossier, Evidence, Mark
from procurement.scoring.quantities import Rounding
from procurement.scoring.value.ratios import Ratio


@dataclass(frozen=True)
class Received:
    """A dossier by name."""

    places: dict[str, int]
    bidders: dict[str, Bidder]
    marks: dict[tuple[str, str], list[Mark]]
    evidence: dict[tuple[str, str], Evidence]

    def field(self, bid: str) -> str:
        """Return where a bid stands in the file."""
        return f"dossier.bids[{self.places[bid]}]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The marks of one bid for one criterion: integers over ``of``, absent ones left out.

    ``own``: by evaluator; ``ordered``: from the lowest; ``total``: their sum.
    """

    own: dict[str, int]
    ordered: list[int]
    total: int
    of: int


@dataclass(frozen=True, slots=True)
class Panel:
    """Who marked any bid of a pool for one criterion, and each bid's sheet."""

    evaluators: frozenset[str]
    sheets: list[Sheet]


@dataclass(frozen=True, slots=True)
class Pool:
    """Bids that are marked together; ``prices`` are those used to rank, in centimes.

    ``without``: an evaluator whose marks are left out, to see what hangs on them.
    """

    bids: tuple[Bid, ...]
    prices: tuple[int, ...]
    received: Received
    rounding: Rounding = "half_up"
    without: str | None = None
    costs: dict[str, list[int]] = field(default_factory=dict)
    """Life-cycle costs in centimes by criterion, once they are computed."""
    stated: dict[str, list[Ratio]] = field(default_factory=dict)
    """Answers by criterion, once they are read."""
    panels: dict[str, Panel] = field(default_factory=dict)
    """Evaluators' marks by criterion, once they are read; of everybody."""

    def kept(self, places: Sequence[int]) -> Pool:
        """Return the pool of some of its bids, by their places."""
        return Pool(
            bids=tuple([self.bids[place] for place in places]),
            prices=tuple([self.prices[place] for place in places]),
            received=self.received,
            rounding=self.rounding,
            without=self.without,
            costs={name: [all_[place] for place in places] for name, all_ in self.costs.items()},
        )


def received(dossier: Dossier) -> Received:
    """Sort a dossier by name."""
    marks: dict[tuple[str, str], list[Mark]] = {}
    for mark in dossier.marks:
        marks.setdefault((mark.criterion, mark.bid), []).append(mark)
    for given in marks.values():
        given.sort(key=lambda mark: mark.evaluator)
    return Received(
        places={bid.id: place for place, bid in enumerate(dossier.bids)},
        bidders={bidder.id: bidder for bidder in dossier.bidders},
        marks=marks,
        evidence={(pack.criterion, pack.bid): pack for pack in dossier.evidence},
    )


def answers(pool: Pool, criterion: str, unit: str) -> list[Ratio]:
    """Return, and keep, what each bid states for a criterion, in the published unit.

    Raises:
        MissingAnswer: a bid states nothing.
        UnitMismatch: it states it in another unit.
    """
    stated = [bid.answers.get(criterion) for bid in pool.bids]
    found = [
        answer.value.as_integer_ratio()
        for answer in stated
        if answer is not None and answer.unit == unit
    ]
    if len(found) == len(stated):
        pool.stated[criterion] = found
        return found
    for bid, answer in zip(pool.bids, stated, strict=True):
        field = f"{pool.received.field(bid.id)}.answers"
        if answer is None:
            raise MissingAnswer(field, criterion=criterion)
        if answer.unit != unit:
            raise UnitMismatch(f"{field}.{criterion}", found=answer.unit, wanted=unit)
    raise AssertionError("every answer is there, in its unit")
