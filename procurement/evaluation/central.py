"""Tables of the central weights: what those who would choose a bid care for on average."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from procurement.evaluation.contents import Source
from procurement.evaluation.drawing import Table
from procurement.evaluation.words import gettext as _
from procurement.evaluation.words import share

if TYPE_CHECKING:
    from procurement.scoring.robustness.central import Central
    from procurement.scoring.robustness.report import Robustness

WIDEST = 4
"""Bids side by side on a page."""


def tables(found: Source, given: Robustness) -> tuple[Table, ...]:
    """Return a row for each criterion and a column for each bid that is first for some weights."""
    return tuple(_table(found, given, bids) for bids in _groups(given.central))


def _groups(bids: tuple[Central, ...]) -> list[tuple[Central, ...]]:
    return [bids[at : at + WIDEST] for at in range(0, len(bids), WIDEST)]


def _table(found: Source, given: Robustness, bids: tuple[Central, ...]) -> Table:
    titles, matrix = found.titles(), given.matrix
    shares = [one.shares() for one in bids]
    rows = [
        (
            titles.get(name, name),
            share(Fraction(weight, 10_000)),
            *(share(own[place]) for own in shares),
        )
        for place, (name, weight) in enumerate(zip(matrix.criteria, matrix.weights, strict=True))
    ]
    often = (share(Fraction(one.first, one.draws)) for one in bids)
    rows.append((_("First for this share of all weights"), "–", *often))
    if any(one.sample for one in bids):
        sure = (share(one.confidence()) for one in bids)
        rows.append((_("First with these weights, by the measured evidence"), "–", *sure))
    head = (_("Criterion"), _("Published weight"), *(found.label(one.bid) for one in bids))
    return Table(head, tuple(rows))
