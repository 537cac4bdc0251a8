"""From bids to their order: points, minima, totals, and the rules for equal bids."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.scoring.value.pool import Pool
from procurement.scoring.value.table import Table, completed, fixed
from procurement.scoring.value.ties import foremost, grouped
from procurement.scoring.value.tree import Plan

Groups = tuple[tuple[str, ...], ...]
"""Names of bids from best to worst; no published rule but the draw parts those of one group."""


def compared(plan: Plan, pool: Pool) -> tuple[Table, Table, Groups]:
    """Return the points that are the bids' own, the whole table of those left, and their order."""
    first = fixed(plan, pool, {})
    table = completed(plan, first, left(first))
    return first, table, ordered(plan, table)


def left(first: Table) -> list[int]:
    """Return the places of the bids that reach every minimum."""
    if not first.failures:
        return list(range(len(first.pool.bids)))
    failed = {place for place, _ in first.failures}
    return [place for place in range(len(first.pool.bids)) if place not in failed]


def ordered(plan: Plan, table: Table) -> Groups:
    """Return the bids of a table in their order."""
    bids = table.pool.bids
    if not bids:
        return ()
    groups = grouped(table.keys, plan.method.ties, table.pool, table.points)
    names = [bid.id for bid in bids]
    return tuple([tuple([names[place] for place in group]) for group in groups])


def ahead(plan: Plan, table: Table) -> tuple[str, ...]:
    """Return the first group of ``ordered``; empty when nobody is left."""
    bids = table.pool.bids
    if not bids:
        return ()
    group = foremost(table.keys, plan.method.ties, table.pool, table.points)
    return tuple([bids[place].id for place in group])


def without(plan: Plan, first: Table, places: Sequence[int], gone: int) -> tuple[str, ...]:
    """Return who of the bids at ``places`` is first as if the one at ``gone`` did not exist."""
    rest = [place for place in places if place != gone]
    lean = plan.rounds_criteria  # else totals are summed anew from every column
    return ahead(plan, completed(plan, first, rest, lean=lean))
