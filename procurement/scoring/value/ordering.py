"""From bids to their order: points, minima, totals, and the rules for equal bids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Ratio
from procurement.scoring.value.table import Table, completed, fixed
from procurement.scoring.value.ties import grouped
from procurement.scoring.value.tree import Plan

_NOTHING: Mapping[str, list[Ratio]] = {}

Groups = tuple[tuple[str, ...], ...]
"""Names of bids from best to worst; no published rule but the draw parts those of one group."""


def compared(
    plan: Plan, pool: Pool, known: Mapping[str, list[Ratio]] = _NOTHING
) -> tuple[Table, Table, Groups]:
    """Return the points that are the bids' own, the whole table of those left, and their order.

    ``known``: columns of points that need not be computed again.
    """
    first = fixed(plan, pool, known)
    table = completed(plan, first, left(first))
    return first, table, ordered(plan, table)


def left(first: Table) -> list[int]:
    """Return the places of the bids that reach every minimum."""
    failed = {place for place, _ in first.failures}
    return [place for place in range(len(first.pool.bids)) if place not in failed]


def ordered(plan: Plan, table: Table) -> Groups:
    """Return the bids of a table in their order."""
    bids = table.pool.bids
    if not bids:
        return ()
    groups = grouped(table.keys, plan.method.ties, table.pool, table.points)
    return tuple(tuple(bids[place].id for place in group) for group in groups)


def without(plan: Plan, first: Table, places: Sequence[int], gone: int) -> Groups:
    """Return the order of the bids at ``places`` as if the one at ``gone`` had not been made."""
    rest = [place for place in places if place != gone]
    lean = plan.rounds_criteria  # else totals are summed anew from every column
    return ordered(plan, completed(plan, first, rest, lean=lean))
