"""The lots, one after the other in the order of the notice (article 10), with caps on awards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

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
class Progress:
    """What each bidder won so far, and whose awards wait for a draw in an earlier lot."""

    limits: Limits
    drawing: Drawing
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
    chosen = checked(tender, dossier, rules)
    lots = tuple(outcome for _, outcome in examined(tender, dossier, chosen))
    return Outcome(engine="statutory", rules=chosen.id, lots=lots, lines=_about(tender, chosen))


def examined(
    tender: Tender, dossier: Dossier, rules: RuleVersion
) -> Iterator[tuple[Contest, LotOutcome]]:
    """Yield each lot in order, with the bids that no limit sets aside, and what comes of it."""
    won = Progress(tender.limits, Drawing(dossier.seed, tender.draw_commitment))
    won.drawing.check()
    for whole in contests(tender, dossier, rules):
        free = replace(
            whole, entries=tuple(one for one in whole.entries if not won.capped(one, rules))
        )
        outcome = _lot(whole, free, tender, dossier, won)
        yield free, outcome
        won.note(whole.entries, outcome)


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
    whole: Contest, free: Contest, tender: Tender, dossier: Dossier, won: Progress
) -> LotOutcome:
    rejections = [one for one in dossier.rejections if one.lot == whole.lot.id]
    waiting = tuple(entry for entry in whole.entries if won.waits(entry))
    if waiting:
        if rejections:
            raise TieUnresolved("dossier.rejections", rule="art. 10", bids=ties.names(waiting))
        return _postponed(whole, waiting)
    found = assess(free, tender)
    for entry in whole.entries:
        line = won.capped(entry, whole.rules)
        if line is not None:
            found.set_aside(line)
    return settle(free, found, rejections, won.drawing)


def _postponed(contest: Contest, waiting: tuple[Entry, ...]) -> LotOutcome:
    values: Values = {"bids": ties.names(waiting)}
    line = Line(code="statute.waits", values=values, rule=contest.rules.lot_order.cited)
    return LotOutcome(lot=contest.lot.id, status="draw_needed", lines=(line,))


def checked(tender: Tender, dossier: Dossier, rules: RuleVersion | None) -> RuleVersion:
    """Return the rules to evaluate by, after a look at what the statutory methods do not know."""
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
