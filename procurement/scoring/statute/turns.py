"""From the groups of equals to the award: statuses, draws and rejections, each in its turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from procurement.scoring.errors import RejectionOutOfTurn, TieUnresolved
from procurement.scoring.offers import Rejection
from procurement.scoring.outcome import Line, LotOutcome, Ranked, Values, said
from procurement.scoring.statute import ties
from procurement.scoring.statute.contest import Assessment, Contest
from procurement.scoring.statute.draw import Drawing
from procurement.scoring.statute.ties import Equals
from procurement.scoring.statute.versions import Rule


@dataclass(slots=True)
class Turns:
    """The bids in their turn; equals are told apart only when they become first.

    ``favour`` says whose status goes first among equals; ``groups`` holds all the ranked bids, best
    first; ``turn`` counts those already rejected.
    """

    contest: Contest
    drawing: Drawing
    favour: Rule[frozenset[str]]
    groups: list[Equals]
    turn: int = 0
    lines: list[Line] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)

    def first(self) -> Equals:
        """Return who is first in turn: nobody, one bid, or several that only a draw can order."""
        start = 0
        for place, group in enumerate(self.groups):
            if self.turn < start + len(group):
                if self.turn > start:  # told apart when the first of the group came up
                    return (group[self.turn - start],)
                return self._told_apart(place)
            start += len(group)
        return ()

    def _told_apart(self, place: int) -> Equals:
        rules, lot = self.contest.rules, self.contest.lot.id
        parts = ties.split(self.groups[place], self.favour)
        if len(parts) > 1:
            self.groups[place : place + 1] = parts
            self.lines.append(ties.said_first(parts[0], parts[1], self.favour))
        head = parts[0]
        order = self.drawing.order(lot, head)
        if order is None:
            return head
        if len(order) > 1 and self.drawn.isdisjoint(entry.id for entry in order):
            self.lines += self.drawing.lines(lot, order, rules)
            self.drawn |= {entry.id for entry in order}
        self.groups[place] = order
        return order[:1]


def settle(
    contest: Contest, found: Assessment, rejections: Sequence[Rejection], drawing: Drawing
) -> LotOutcome:
    """Award the lot to the first in turn that is not rejected.

    Raises:
        RejectionOutOfTurn: a bid is rejected that is not first in turn.
        TieUnresolved: a rejection comes while the first in turn waits for a draw.
    """
    rules = contest.rules
    favour = rules.first_elsewhere if found.elsewhere else rules.first_among_equals
    turns = Turns(contest, drawing, favour, [ties.by_name(group) for group in found.groups])
    for rejection in rejections:
        _reject(turns, rejection)
    first = turns.first()
    if turns.drawn:
        found.warnings += drawing.warnings(rules)
    ranking = tuple(_ranked(found, turns.groups))
    found.lines += [
        Line(code="statute.rank", subject=one.bid, values={"rank": one.rank}) for one in ranking
    ]
    found.lines += turns.lines
    if rejections:
        rule = rules.after_rejection.cited
        found.lines.append(Line(code="statute.kept_after_rejection", rule=rule))
    return _outcome(contest, found, ranking, first)


def _reject(turns: Turns, rejection: Rejection) -> None:
    first = turns.first()
    if len(first) > 1:
        raise TieUnresolved("dossier.rejections", rule="art. 43-II-2", bids=ties.names(first))
    if not first or first[0].id != rejection.bid:
        raise RejectionOutOfTurn(
            "dossier.rejections", rule="art. 43", bid=rejection.bid, first=ties.names(first) or "—"
        )
    values: Values = {"reason": rejection.reason}
    turns.lines.append(
        Line(code="statute.rejected", subject=rejection.bid, values=values, rule="art. 43")
    )
    turns.turn += 1


def _ranked(found: Assessment, groups: Sequence[Equals]) -> Iterator[Ranked]:
    rank = 1
    for group in groups:
        for entry in group:
            yield Ranked(bid=entry.id, rank=rank, key=str(said(found.keys[entry.id])))
        rank += len(group)


def _outcome(
    contest: Contest, found: Assessment, ranking: tuple[Ranked, ...], first: Equals
) -> LotOutcome:
    result = LotOutcome(
        lot=contest.lot.id, status="unsuccessful", ranking=ranking,
        excluded=tuple(found.excluded), warnings=tuple(found.warnings),
    )  # fmt: skip
    if not first:
        end = Line(code="statute.unsuccessful", rule="art. 45")
    elif len(first) > 1:
        values: Values = {"bids": ties.names(first)}
        end = Line(code="statute.draw_needed", values=values, rule=contest.rules.draw.cited)
        result = replace(result, status="draw_needed")
    else:
        (winner,) = first
        price = winner.bid.price
        end = Line(code="statute.awarded", subject=winner.id, values={"price": price})
        result = replace(result, status="awarded", winner=winner.id, amount=price)
    return replace(result, lines=(*found.lines, end))
