"""What a committee should know before it awards: none of it changes the award."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from procurement.scoring.errors import MissingMark
from procurement.scoring.outcome import Exact, Line, said
from procurement.scoring.tender import Judged
from procurement.scoring.value.formulas import compressed, references
from procurement.scoring.value.marks import panel_of
from procurement.scoring.value.ordering import Groups, ahead, left, without
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Column
from procurement.scoring.value.table import Table, completed, exact_total, fixed, marked_prices
from procurement.scoring.value.tree import Plan

METHOD = "tender.method"


def warned(
    plan: Plan, first: Table, table: Table, groups: Groups, leader: str | None
) -> Iterator[Line]:
    """Yield the warnings about a ranking; ``leader`` is first in it by the draw, if there was one.

    One of neutralised price weights, leads below the resolution, reversals by withdrawal of any
    one bid, and winners that hang on one evaluator.
    """
    if not groups:
        return
    leaders = groups[0] if leader is None else (leader,)
    yield from _neutralised(plan, table)
    yield from _below_resolution(plan, table)
    yield from _reversals(plan, first, groups, leaders)
    yield from _one_evaluator(plan, first, leaders)


def _neutralised(plan: Plan, table: Table) -> Iterator[Line]:
    """Say where a formula makes less of the prices than half of proportion would."""
    for node in plan.nodes:
        if node.formula is None or plan.money:
            continue
        places = compressed(marked_prices(node, table.pool), table.points[node.id])
        if places:
            values: dict[str, Exact] = {
                "criterion": node.id,
                "formula": node.formula.name,
                "bids": ", ".join(sorted(table.pool.bids[place].id for place in places)),
            }
            yield Line(code="value.price_weight_neutralised", values=values, rule=node.field)


def _below_resolution(plan: Plan, table: Table) -> Iterator[Line]:
    """Say that the first two are parted, or made equal, by less than one step of rounding."""
    if plan.money or len(table.keys) < 2:
        return
    second, first = sorted(range(len(table.keys)), key=table.keys.__getitem__)[-2:]
    lead = Fraction(table.keys[first] - table.keys[second], table.unit)
    if lead >= Fraction(1, plan.scale):
        return
    points = _unrounded(plan, table.pool)
    exact = exact_total(plan, points, first) - exact_total(plan, points, second)
    if not lead and exact < 0:  # rounding made them equal: name the one that was ahead first
        first, second, exact = second, first, -exact
    if lead or exact:
        values: dict[str, Exact] = {
            "first": table.pool.bids[first].id,
            "second": table.pool.bids[second].id,
            "lead": said(lead),
            "unrounded": said(exact),
            "step": said(Fraction(1, plan.scale)),
        }
        yield Line(code="value.below_resolution", values=values, rule=METHOD)


def _unrounded(plan: Plan, pool: Pool) -> dict[str, Column]:
    """Return the points of a pool as they are before any rounding."""
    bare = replace(plan, rounds_criteria=False)
    return completed(bare, fixed(bare, pool, {}), list(range(len(pool.bids)))).points


def _reversals(
    plan: Plan, first: Table, groups: Groups, leaders: tuple[str, ...]
) -> Iterator[Line]:
    """Withdraw each bid in turn and say where that brings another than the next one to the front.

    Only bids that set a reference can do it: without any other the points stay as they are.
    """
    for place in _setting_references(plan, first):
        name = first.pool.bids[place].id
        rest = [bid for bid in leaders if bid != name]
        expected = rest or _next(groups, name)
        after = without(plan, first, left(first), place)
        if expected and not set(expected) & set(after):
            values: dict[str, Exact] = {
                "withdrawn": name,
                "from": ", ".join(expected),
                "to": ", ".join(after),
            }
            yield Line(code="value.rank_reversal", subject=name, values=values, rule=METHOD)


def _setting_references(plan: Plan, first: Table) -> list[int]:
    """Return the places of the bids, among those left, that set a reference alone."""
    if plan.money:
        return []
    places = left(first)
    pool = first.pool if len(places) == len(first.pool.bids) else first.pool.kept(places)
    found = {
        places[one]
        for node in plan.nodes
        if node.formula is not None and node.relative
        for one in references(node.formula, marked_prices(node, pool))
    }
    return sorted(found) if len(places) > 1 else []


def _next(groups: Groups, gone: str) -> list[str]:
    """Return who is first in an order without one bid."""
    for group in groups:
        if rest := [bid for bid in group if bid != gone]:
            return rest
    return []


def _one_evaluator(plan: Plan, first: Table, leaders: tuple[str, ...]) -> Iterator[Line]:
    """Leave out each evaluator in turn and say where another bid would come first."""
    names = {
        name
        for node in plan.nodes
        if isinstance(node.kind, Judged)
        for name in panel_of(node.id, first.pool).evaluators
    }
    for name in sorted(names) if len(names) > 1 else ():
        try:
            rest = fixed(plan, replace(first.pool, without=name), _untouched(plan, first, name))
        except MissingMark:  # nobody else marked: nothing can be said without this one
            continue
        after = ahead(plan, completed(plan, rest, left(rest)))
        if not set(leaders) & set(after):
            values: dict[str, Exact] = {
                "evaluator": name,
                "from": ", ".join(leaders),
                "to": ", ".join(after) or "—",
            }
            yield Line(code="value.one_evaluator", values=values, rule=METHOD)


def _untouched(plan: Plan, first: Table, evaluator: str) -> dict[str, Column]:
    """Return the columns of a first table that one evaluator had no part in."""
    found: dict[str, Column] = {}
    for node in plan.nodes:
        marked = isinstance(node.kind, Judged) and (
            evaluator in panel_of(node.id, first.pool).evaluators
        )
        whole = all(child.id in found for child in node.children)
        if node.id in first.points and whole and not marked:
            found[node.id] = first.points[node.id]
    return found
