"""One lot: who is in, who was set aside, the order, the award and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from procurement.scoring.errors import RejectionOutOfTurn, TieUnresolved
from procurement.scoring.offers import Bid, Rejection
from procurement.scoring.outcome import Excluded, Line, Lines, LotOutcome, Ranked
from procurement.scoring.value import lines
from procurement.scoring.value.margin import ranking_price
from procurement.scoring.value.ordering import Groups, compared
from procurement.scoring.value.pool import Pool, Received
from procurement.scoring.value.ratios import written_points
from procurement.scoring.value.table import Table
from procurement.scoring.value.ties import Draw, first_of
from procurement.scoring.value.tree import Node, Plan
from procurement.scoring.value.warnings import METHOD, warned


@dataclass(frozen=True, slots=True)
class Contest:
    """What a lot is decided by: its bids, and what happened to them after the opening.

    ``barred``: bids of bidders who may win no more; ``rejections``: in the order of the file.
    """

    lot: str
    bids: tuple[Bid, ...]
    barred: tuple[Excluded, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    draw: Draw | None = None
    together: bool = False


def pool_of(plan: Plan, bids: Sequence[Bid], received: Received) -> Pool:
    """Return bids with the prices they are ranked by."""
    mode, margin = plan.method.rounding, plan.method.margin
    prices = tuple(ranking_price(bid, received, margin, mode) for bid in bids)
    return Pool(tuple(bids), prices, received, mode)


def decided(plan: Plan, contest: Contest, received: Received) -> LotOutcome:
    """Evaluate one lot: mark, set aside, rank and award.

    Raises:
        RejectionOutOfTurn: a bid was rejected that was not first in turn.
    """
    out = {bid.bid for bid in contest.barred}
    admitted = [bid for bid in contest.bids if bid.admitted and bid.id not in out]
    pool = pool_of(plan, admitted, received)
    first, table, groups = compared(plan, pool)
    award = _award(plan, contest, groups)
    leader = _leader(plan, contest, groups)
    bids = {bid.id: bid for bid in admitted}
    return LotOutcome(
        lot=contest.lot,
        status=award.status,
        winner=award.winner,
        amount=None if award.winner is None else bids[award.winner].price,
        ranking=tuple(_ranking(plan, contest, table, groups)),
        excluded=(*_excluded(contest, out), *_below(first)),
        lines=Lines(
            lambda: (
                *lines.refusals(contest.bids),
                *_barred(contest),
                *lines.prices(plan, pool),
                *lines.points(plan, first, table),
                *lines.failures(first),
                *lines.totals(plan, table),
                *_ties(plan, contest, groups),
                *award.lines,
            )
        ),
        warnings=(*lines.disputes(plan, pool), *warned(plan, first, table, groups, leader)),
    )


@dataclass(frozen=True, slots=True)
class _Award:
    status: Literal["awarded", "unsuccessful", "draw_needed", "not_proven"]
    winner: str | None
    lines: tuple[Line, ...]


def _award(plan: Plan, contest: Contest, groups: Groups) -> _Award:
    """Go down the order past the rejected bids; the points stay as they are."""
    waiting = list(contest.rejections)
    found: list[Line] = []
    if contest.together:
        return _Award("not_proven", None, (Line(code="value.together", rule=METHOD),))
    for group in groups:
        left = list(group)
        while left:
            try:
                first = first_of(contest.lot, left, plan.method.ties, contest.draw)
            except TieUnresolved:
                among = _rejected_among(left, waiting)
                if among is None:
                    tied = Line(code="value.draw_needed", values={"bids": ", ".join(left)})
                    _in_turn(waiting, left[0])
                    return _Award("draw_needed", None, (*found, tied))
                first = among
            if not (waiting and waiting[0].bid == first):
                _in_turn(waiting, first)
                found.append(Line(code="value.awarded", subject=first, rule=METHOD))
                return _Award("awarded", first, tuple(found))
            values: dict[str, int | str] = {"reason": waiting.pop(0).reason}
            found.append(Line(code="value.rejected", subject=first, values=values))
            left.remove(first)
    _in_turn(waiting, "—")
    found.append(Line(code="value.unsuccessful"))
    return _Award("unsuccessful", None, tuple(found))


def _rejected_among(equals: Sequence[str], waiting: Sequence[Rejection]) -> str | None:
    """Return the next rejected bid if it is one of the equals that wait for the draw.

    It is not asked who of them was first: whoever it was, each of them is looked at in turn.
    """
    return waiting[0].bid if waiting and waiting[0].bid in equals else None


def _in_turn(waiting: Sequence[Rejection], first: str) -> None:
    if waiting:
        raise RejectionOutOfTurn("dossier.rejections", bid=waiting[0].bid, first=first)


def _leader(plan: Plan, contest: Contest, groups: Groups) -> str | None:
    """Return the first of the order; none when it has still to be drawn."""
    try:
        return first_of(contest.lot, groups[0], plan.method.ties, contest.draw)
    except (TieUnresolved, IndexError):
        return None


def _ranking(plan: Plan, contest: Contest, table: Table, groups: Groups) -> Iterator[Ranked]:
    """Yield the bids in their places: 1, 1, 3… when two are equal."""
    keys = {bid.id: key for bid, key in zip(table.pool.bids, table.keys, strict=True)}
    rank = 1
    for group in groups:
        for bid in _shown(plan, contest, group):
            key = -keys[bid] if plan.money else written_points((keys[bid], table.unit))
            yield Ranked(bid=bid, rank=rank, key=str(key))
        rank += len(group)


def _shown(plan: Plan, contest: Contest, group: Sequence[str]) -> Sequence[str]:
    """Return equal bids in the order they were drawn, as long as they were not by name."""
    drawn = contest.draw is not None and "draw" in plan.method.ties
    return contest.draw.order(contest.lot, group) if drawn and contest.draw else group


def _ties(plan: Plan, contest: Contest, groups: Groups) -> Iterator[Line]:
    for group in groups:
        if len(group) > 1:
            shown = _shown(plan, contest, group)
            drawn = contest.draw is not None and "draw" in plan.method.ties
            code = "value.drawn" if drawn else "value.equal"
            yield Line(code=code, values={"bids": ", ".join(shown)}, rule="tender.method.ties")


def _excluded(contest: Contest, out: set[str]) -> Iterator[Excluded]:
    for bid in contest.bids:
        if not bid.admitted:
            yield Excluded(bid=bid.id, code="value.refused", rule=bid.refusal)
    yield from (one for one in contest.barred if one.bid in out)


def _below(first: Table) -> Iterator[Excluded]:
    for place, node in first.failures:
        yield Excluded(
            bid=first.pool.bids[place].id,
            code="value.below_minimum",
            rule=_minimum(node),
        )


def _minimum(node: Node) -> str:
    return f"{node.field}.minimum"


def _barred(contest: Contest) -> Iterator[Line]:
    for one in contest.barred:
        yield Line(code=one.code, subject=one.bid, rule=one.rule)
