"""A tender by value for money: lot after lot as the notice lists them, and who may win no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from procurement.scoring.errors import BadParameter, NotForThisMethod, TieUnresolved
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Bid, Dossier
from procurement.scoring.outcome import Excluded, Line, LotOutcome, Outcome
from procurement.scoring.tender import Limits, Tender, ValueForMoney
from procurement.scoring.value.lot import Contest, decided
from procurement.scoring.value.pool import received
from procurement.scoring.value.ties import draw_of
from procurement.scoring.value.tree import plan

_Thing = TypeVar("_Thing")

RULES = "tajhiz.value_for_money/1"
BARRED = frozenset({"value.max_lots", "value.capacity"})
"""Codes of the bids that a limit on awards sets aside."""


def evaluate(tender: Tender, dossier: Dossier) -> Outcome:
    """Evaluate a value-for-money tender whose names were checked (``references.check``).

    With allocation « together » every lot is ranked and none awarded: its lots come out as
    ``not_proven`` and the allocation awards them by their evaluated prices (``priced``).

    Raises:
        ScoringError: the tender or a bid cannot be evaluated; see the modules of this package.
    """
    method = method_of(tender)
    prepared, known = plan(method), received(dossier)
    draw = draw_of(tender, dossier)
    together = tender.allocation == "together"
    _check_share(tender.limits.sme_share, together=together)
    wins = _Wins(Limits() if together else tender.limits)
    offered = _by_lot((bid.lots[0], bid) for bid in dossier.bids if len(bid.lots) == 1)
    rejected = _by_lot((act.lot, act) for act in dossier.rejections)
    outcomes = []
    for lot in tender.lots:
        bids = tuple(sorted(offered.get(lot.id, ()), key=lambda bid: bid.id))
        contest = Contest(
            lot=lot.id,
            bids=bids,
            barred=tuple(wins.barred(bids)),
            rejections=tuple(rejected.get(lot.id, ())),
            draw=draw,
            together=together,
        )
        outcome = decided(prepared, contest, known)
        outcomes.append(wins.taken(outcome, contest))
    return Outcome(engine="value_for_money", rules=RULES, lots=tuple(outcomes))


def _check_share(share: Fraction | None, *, together: bool) -> None:
    if share is not None and not together:
        raise BadParameter("tender.limits.sme_share", why=_ONLY_TOGETHER)
    if share is not None and not 0 <= share <= 1:
        raise BadParameter("tender.limits.sme_share", why=lazy("a share lies between 0 and 1"))


def _by_lot(pairs: Iterable[tuple[str, _Thing]]) -> dict[str, list[_Thing]]:
    """Return what concerns each lot, in the order it was given."""
    found: dict[str, list[_Thing]] = {}
    for lot, thing in pairs:
        found.setdefault(lot, []).append(thing)
    return found


def method_of(tender: Tender) -> ValueForMoney:
    """Return the method of a value-for-money tender.

    Raises:
        NotForThisMethod: it is awarded by a method of the law.
    """
    if not isinstance(tender.method, ValueForMoney):
        raise NotForThisMethod("tender.method", rule="value_for_money")
    return tender.method


@dataclass
class _Wins:
    """What each bidder won so far, and who waits for a draw."""

    limits: Limits
    lots: dict[str, int] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)

    def barred(self, bids: Iterable[Bid]) -> Iterator[Excluded]:
        """Yield the bids of those who may win no more, before anything is marked."""
        for bid in bids:
            if not bid.admitted:
                continue
            most, room = self.limits.max_lots, self.limits.capacity.get(bid.bidder)
            if most is not None and self.lots.get(bid.bidder, 0) >= most:
                yield Excluded(bid=bid.id, code="value.max_lots", rule="tender.limits.max_lots")
            elif room is not None and self.money.get(bid.bidder, 0) + bid.price > room:
                yield Excluded(bid=bid.id, code="value.capacity", rule="tender.limits.capacity")

    def taken(self, outcome: LotOutcome, contest: Contest) -> LotOutcome:
        """Note the award of a lot; hold it back while an earlier draw decides who may win it.

        Raises:
            TieUnresolved: a bid was rejected from a lot that is held back.
        """
        by_name = {bid.id: bid for bid in contest.bids}
        ranked = [by_name[one.bid] for one in outcome.ranking]
        unsure = [bid.id for bid in ranked if bid.bidder in self.waiting]
        if unsure:
            if contest.rejections:
                raise TieUnresolved("dossier.rejections", bids=", ".join(sorted(unsure)))
            self._wait(ranked)
            return _held_back(outcome)
        if outcome.status == "draw_needed":
            self._wait(ranked)
        elif outcome.winner is not None:
            winner = by_name[outcome.winner]
            self.lots[winner.bidder] = self.lots.get(winner.bidder, 0) + 1
            self.money[winner.bidder] = self.money.get(winner.bidder, 0) + winner.price
        return outcome

    def _wait(self, bids: Iterable[Bid]) -> None:
        for bid in bids:
            if self.limits.max_lots is not None or bid.bidder in self.limits.capacity:
                self.waiting.add(bid.bidder)


def _held_back(outcome: LotOutcome) -> LotOutcome:
    """Return a lot that cannot be decided before the draw of an earlier one."""
    line = Line(code="value.waits", rule="tender.limits")
    kept = tuple(one for one in outcome.lines if one.code not in ("value.awarded",))
    return LotOutcome(
        lot=outcome.lot,
        status="draw_needed",
        ranking=outcome.ranking,
        excluded=outcome.excluded,
        lines=(*kept, line),
        warnings=outcome.warnings,
    )


_ONLY_TOGETHER = lazy("a share for small bidders is kept only where lots are awarded together")
