"""What a withdrawal would change, shown as two rankings: with the bids, and without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from procurement.evaluation.contents import Said, Source
from procurement.evaluation.drawing import Table, short
from procurement.evaluation.methods import key_title
from procurement.evaluation.words import exact
from procurement.evaluation.words import gettext as _
from procurement.scoring import value
from procurement.scoring.outcome import Line
from procurement.scoring.statute import hindsight

if TYPE_CHECKING:
    from procurement.scoring.robustness.withdrawal import Reversal

MOST_BOXES, MOST_ROWS, LONGEST = 4, 8, 60


@dataclass(frozen=True)
class Box:
    """A withdrawal that turns the order, and the two rankings with their titles."""

    sentence: Said
    before_title: str
    before: Table
    after_title: str
    after: Table


@dataclass(frozen=True)
class Turn:
    """A withdrawal: who goes, who is first then (nobody: empty), and who would have been."""

    withdrawn: tuple[str, ...]
    expected: str
    winner: str

    def line(self) -> Line:
        """Return the sentence of it."""
        values: dict[str, int | str] = {
            "withdrawn": " + ".join(self.withdrawn), "expected": self.expected,
        }  # fmt: skip
        if not self.winner:
            return Line(code="robustness.reversal_none", values=values)
        return Line(code="robustness.reversal", subject=self.winner, values=values)


def turns_of(found: Iterable[hindsight.Withdrawal]) -> list[Turn]:
    """Return the withdrawals of a statutory lot that turn its order; several are equal bids."""
    return [
        Turn(one.withdrawn, ", ".join(one.expected), ", ".join(one.after))
        for one in found
        if one.reverses
    ]


def least(turns: Sequence[Turn]) -> list[Turn]:
    """Leave out the pairs of which one bid alone already turns the order."""
    alone = {one.withdrawn[0] for one in turns if len(one.withdrawn) == 1}
    return [one for one in turns if len(one.withdrawn) == 1 or alone.isdisjoint(one.withdrawn)]


def boxes_of_statute(found: Source, lot: str, turns: Sequence[Turn]) -> tuple[Box, ...]:
    """Show the first withdrawals of a statutory lot that turn its order."""
    asked = (found.file.tender, found.file.dossier, lot)
    before = hindsight.order_of(*asked)
    return tuple(
        _statutory(found, one, before, hindsight.order_of(*asked, without=one.withdrawn))
        for one in turns[:MOST_BOXES]
    )


def boxes_of_value(found: Source, lot: str, given: Iterable[Reversal]) -> tuple[Box, ...]:
    """Show the first withdrawals of a lot under published criteria that turn its order."""
    turns = least([Turn(one.withdrawn, one.expected, one.winner or "") for one in given])
    return tuple(_valued(found, lot, one) for one in turns[:MOST_BOXES] if one.winner)


def _statutory(found: Source, turn: Turn, before: hindsight.Order, after: hindsight.Order) -> Box:
    titles = [
        title
        if order.reference is None
        else _("%(title)s: reference price %(price)s", title=title,
               price=found.money(order.reference))
        for title, order in (
            (_("Before the withdrawal"), before), (_("After the withdrawal"), after),
        )
    ]  # fmt: skip
    tables = [_groups(found, order, turn) for order in (before, after)]
    return Box(found.said(turn.line()), titles[0], tables[0], titles[1], tables[1])


def _groups(found: Source, order: hindsight.Order, turn: Turn) -> Table:
    rows, rank = [], 1
    for group in order.groups:
        rows += [
            (str(rank), _marked(found, bid, turn), found.money(found.bid(bid).price))
            for bid in group
        ]
        rank += len(group)
    return Table((_("Rank"), _("Bid"), _("Price")), tuple(rows[:MOST_ROWS]))


def _valued(found: Source, lot: str, turn: Turn) -> Box:
    outcome = next(one for one in found.outcome.lots if one.lot == lot)
    compared = value.contending(found.file.dossier, outcome).bids
    bids = tuple(bid for bid in compared if bid.id not in turn.withdrawn)
    before = _points(found, lot, turn, compared)
    return Box(
        found.said(turn.line()),
        _("Before the withdrawal"),
        before,
        _("After the withdrawal"),
        _points(found, lot, turn, bids),
    )


def _points(found: Source, lot: str, turn: Turn, bids: tuple[object, ...]) -> Table:
    # numpy waits until a report of published criteria is written.
    from procurement.scoring.robustness.resolution import (  # noqa: PLC0415
        WHOLE,
        published_order,
        totals,
    )

    tender = found.file.tender
    dossier = msgspec.structs.replace(found.file.dossier, bids=bids)
    matrix = value.score_matrix(tender, dossier, lot)
    points = totals(matrix)
    rows = [
        (
            str(rank),
            _marked(found, matrix.bids[bid], turn),
            found.money(found.bid(matrix.bids[bid]).price),
            exact(Fraction(points[bid], WHOLE * 10**matrix.decimals)),
        )
        for rank, bid in enumerate(published_order(matrix)[:MOST_ROWS], 1)
    ]
    return Table((_("Rank"), _("Bid"), _("Price"), key_title(tender)), tuple(rows))


def _marked(found: Source, bid: str, turn: Turn) -> str:
    """Name a bid; who withdraws is said in its row."""
    label = short(found.label(bid), LONGEST)
    return _("%(bid)s (withdraws)", bid=label) if bid in turn.withdrawn else label


def told_elsewhere(turns: Sequence[Turn], boxes: Sequence[Box], found: Source) -> list[Said]:
    """Return the sentences of the turns that have no box."""
    boxed = {one.sentence for one in boxes}
    said = [found.said(one.line()) for one in turns]
    return [one for one in said if one not in boxed]
