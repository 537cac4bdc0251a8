"""The plane of a tender whose quality is turned into money: price, and what missing quality adds.

A line of equal evaluated price is straight: what lies before the winner's line would have won.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from procurement.evaluation.charts import Label
from procurement.evaluation.drawing import Canvas, Chart, Scale, Shape, Table, around
from procurement.evaluation.words import gettext as _
from procurement.evaluation.words import money

LEFT, RIGHT, TOP, BOTTOM = 110, 620, 30, 320


@dataclass(frozen=True)
class Evaluated:
    """A bid: its price and what its missing quality adds, in centimes."""

    bid: str
    price: Fraction
    added: Fraction
    rank: int | None

    @property
    def total(self) -> Fraction:
        """Return the evaluated price."""
        return self.price + self.added


def plane(
    name: str, bids: Sequence[Evaluated], *, currency: str, winner: str | None, label: Label = str
) -> Chart:
    """Show every bid with the line of its evaluated price; ``bids``: at least one, best first."""
    rows = [
        (label(one.bid), str(one.rank or "–"), *(money(n, currency) for n in _amounts(one)))
        for one in bids
    ]
    best = min(bids, key=lambda one: one.total)
    head = (_("Bid"), _("Rank"), _("Price"), _("What missing quality adds"), _("Evaluated price"))
    return Chart(
        name,
        _("Price and missing quality of every bid"),
        _(
            "Each disc is a bid with its rank in it: further along the line of prices is more "
            "expensive, higher lacks more quality. On a slanting line the evaluated price is the "
            "same everywhere; the full line is the winner's."
        ),
        _(
            "Bid %(bid)s has the lowest evaluated price, %(price)s.",
            bid=label(best.bid), price=money(best.total, currency),
        ),
        BOTTOM + 44,
        _drawn(bids, currency, winner),
        Table(head, tuple(rows)),
    )  # fmt: skip


def _drawn(bids: Sequence[Evaluated], currency: str, winner: str | None) -> tuple[Shape, ...]:
    """Return axes with their ends, the lines of equal evaluated price, and a disc for each bid."""
    canvas = Canvas()
    across = around([one.price for one in bids], LEFT, RIGHT)
    up = around([one.added for one in bids], BOTTOM, TOP)
    canvas.line("axis", (LEFT, BOTTOM), (RIGHT, BOTTOM))
    canvas.line("axis", (LEFT, TOP), (LEFT, BOTTOM))
    for total in sorted({one.total for one in bids}):
        won = any(one.total == total and one.bid == winner for one in bids)
        if ends := crossing(total, across, up):
            canvas.line("published" if won else "bound", *ends)
    for price in {min(one.price for one in bids), max(one.price for one in bids)}:
        canvas.text("soft", across(price), BOTTOM + 18, money(price, currency), "middle")
    for added in {min(one.added for one in bids), max(one.added for one in bids)}:
        canvas.text("soft", LEFT - 8, up(added) + 4, money(added, currency), "end")
    canvas.text("soft", (LEFT + RIGHT) // 2, BOTTOM + 36, _("Price"), "middle")
    canvas.text("soft", 0, 18, _("What missing quality adds"))
    for one in sorted(bids, key=lambda one: (one.bid == winner, one.bid)):
        won, x, y = one.bid == winner, across(one.price), up(one.added)
        canvas.dot("dot series-1" if won else "dot rest", x, y, 10)
        canvas.text("on-accent" if won else "in-dot", x, y + 4, str(one.rank or "–"), "middle")
    return tuple(canvas.shapes)


def crossing(
    total: Fraction, across: Scale, up: Scale
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    """Return the ends of the line price + added = ``total`` inside the plane; None outside it."""
    first = max(across.low, total - up.high)
    last = min(across.high, total - up.low)
    if first >= last:
        return None
    return (across(first), up(total - first)), (across(last), up(total - last))


def _amounts(one: Evaluated) -> tuple[Fraction, Fraction, Fraction]:
    return one.price, one.added, one.total
