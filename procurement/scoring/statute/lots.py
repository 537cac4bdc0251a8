"""The lots, one after the other in the order of the notice (article 10), with caps on awards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from procurement.scoring.errors import NotForThisMethod, TieUnresolved
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Line, LotOutcome, Outcome, Values
from procurement.scoring.references import check
from procurement.scoring.statute import purchase_order, reference_price, studies, ties
from procurement.scoring.statute.contest import Assessment, Contest, Entry
from procurement.scoring.statute.draw import Drawing
from procurement.scoring.statute.turns import settle
from procurement.scoring.statute.versions import RuleVersion, version
from procurement.scoring.tender import (
    Limits,
    PurchaseOrder,
    ReferencePrice,
    Studies,
    Tender,
    ValueForMoney,
)


@dataclass(slots=True)
class Won:
    """What each bidder won so far, and whose awards wait for a draw in an earlier lot."""

    limits: Limits
    lots: Counter[str] = field(default_factory=Counter)
    money: Counter[str] = field(default_factory=Counter)
    uncertain: set[str] = field(default_factory=set)

    def capped(self, entry: Entry, rules: RuleVersion) -> Line | None:
        """Say why the bid cannot compete for this lot, if its bidder is at a limit."""
        bidder, most = entry.bidder.id, self.limits.max_lots
        if most is not None and self.lots[bidder] >= most:
            values: Values = {"bidder": bidder, "lots": most}
            return Line(code="statute.cap", subject=entry.id, values=values, rule=rules.cap.cited)
        capacity = self.limits.capacity.get(bidder)
        if capacity is not None and self.money[bidder] + entry.bid.price > capacity:
            values = {
                "bidder": bidder,
                "left": capacity - self.money[bidder],
                "price": entry.bid.price,
            }
            return Line(
                code="statute.capacity", subject=entry.id, values=values, rule=rules.cap.cited
            )
        return None

    def waits(self, entry: Entry) -> bool:
        """Whether a limit could bite on this bidder once an earlier draw is made."""
        limited = self.limits.max_lots is not None or entry.bidder.id in self.limits.capacity
        return limited and entry.bidder.id in self.uncertain

    def note(self, entries: tuple[Entry, ...], outcome: LotOutcome) -> None:
        """Note the winner of a lot, or those who may become it by a draw."""
        for entry in entries:
            if entry.id == outcome.winner:
                self.lots[entry.bidder.id] += 1
                self.money[entry.bidder.id] += entry.bid.price
            elif outcome.status == "draw_needed":
                self.uncertain.add(entry.bidder.id)


def evaluate(tender: Tender, dossier: Dossier, *, rules: RuleVersion | None = None) -> Outcome:
    """Evaluate a tender by the statutory rules; ``rules`` only to ask what others would give.

    Raises:
        ScoringError: one of its classes, naming the field; nothing is awarded by halves.
    """
    chosen = _checked(tender, dossier, rules)
    drawing, won = Drawing(dossier.seed, tender.draw_commitment), Won(tender.limits)
    drawing.check()
    lots = tuple(
        _lot(contest, tender, dossier, drawing, won)
        for contest in contests(tender, dossier, chosen)
    )
    return Outcome(engine="statutory", rules=chosen.id, lots=lots, lines=_about(tender, chosen))


def contests(tender: Tender, dossier: Dossier, rules: RuleVersion) -> list[Contest]:
    """Return the lots with all the bids for each, in the order of the notice."""
    bidders = {bidder.id: bidder for bidder in dossier.bidders}
    entries = [Entry(bid, bidders[bid.bidder], place) for place, bid in enumerate(dossier.bids)]
    return [
        Contest(lot, place, rules, tuple(one for one in entries if lot.id in one.bid.lots))
        for place, lot in enumerate(tender.lots)
    ]


def assess(contest: Contest, tender: Tender) -> Assessment:
    """Rank the bids of one lot by the tender's method.

    Raises:
        NotForThisMethod: the method is none of the statutory ones.
    """
    method = tender.method
    if isinstance(method, ReferencePrice):
        return reference_price.assess(contest, method)
    if isinstance(method, Studies):
        return studies.assess(contest, method)
    if isinstance(method, PurchaseOrder):
        return purchase_order.assess(contest)
    raise NotForThisMethod("tender.method", rule=contest.rules.text)


def _lot(
    contest: Contest, tender: Tender, dossier: Dossier, drawing: Drawing, won: Won
) -> LotOutcome:
    rejections = [one for one in dossier.rejections if one.lot == contest.lot.id]
    waiting = tuple(entry for entry in contest.entries if won.waits(entry))
    if waiting:
        if rejections:
            raise TieUnresolved("dossier.rejections", rule="art. 10", bids=ties.names(waiting))
        outcome = _postponed(contest, waiting)
    else:
        lines = [won.capped(entry, contest.rules) for entry in contest.entries]
        free = tuple(
            entry for entry, line in zip(contest.entries, lines, strict=True) if line is None
        )
        found = assess(Contest(contest.lot, contest.place, contest.rules, free), tender)
        for line in lines:
            if line is not None:
                found.set_aside(line)
        outcome = settle(contest, found, rejections, drawing)
    won.note(contest.entries, outcome)
    return outcome


def _postponed(contest: Contest, waiting: tuple[Entry, ...]) -> LotOutcome:
    values: Values = {"bids": ties.names(waiting)}
    line = Line(code="statute.waits", values=values, rule=contest.rules.lot_order.cited)
    return LotOutcome(lot=contest.lot.id, status="draw_needed", lines=(line,))


def _checked(tender: Tender, dossier: Dossier, rules: RuleVersion | None) -> RuleVersion:
    named = "" if isinstance(tender.method, ValueForMoney) else tender.method.rules
    chosen = rules or version(named, tender.opened_on)
    if tender.allocation != "in_order":
        raise NotForThisMethod("tender.allocation", rule=chosen.lot_order.article)
    if tender.limits.sme_share is not None:
        raise NotForThisMethod("tender.limits.sme_share", rule=chosen.lot_order.article)
    check(tender, dossier)
    return chosen


def _about(tender: Tender, rules: RuleVersion) -> tuple[Line, ...]:
    values: Values = {"version": rules.id, "text": rules.text, "since": rules.from_day.isoformat()}
    lines = [Line(code="statute.rules", values=values)]
    if not rules.in_force(tender.opened_on):
        opened: Values = {"version": rules.id, "opened": tender.opened_on.isoformat()}
        lines.append(Line(code="statute.not_in_force", values=opened))
    if len(tender.lots) > 1:
        lines.append(Line(code="statute.lot_order", rule=rules.lot_order.cited))
    return tuple(lines)
