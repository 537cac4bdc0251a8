"""The points of a pool of bids under every criterion, and the number each bid is ranked by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add, itemgetter
from typing import Any

from procurement.scoring.tender import (
    Absolute,
    Branch,
    Judged,
    LifeCycleCost,
    PilotEvidence,
    Price,
    Steps,
)
from procurement.scoring.value.evidence import measured
from procurement.scoring.value.formulas import marked
from procurement.scoring.value.life_cycle import life_cycle_costs
from procurement.scoring.value.marks import judged
from procurement.scoring.value.money import evaluated_prices
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Column, Ratio, Rounded, picked, rounded_ratio
from procurement.scoring.value.stated import between_bounds, on_steps, rounded_between_bounds
from procurement.scoring.value.tree import (
    WHOLE,
    Node,
    Plan,
    branch_points,
    published,
    rounds_half_up,
)

# Each takes its own kind, the criterion's name and the pool.
_MARKED: dict[type, Callable[[Any, str, Pool], list[Ratio]]] = {
    Absolute: between_bounds,
    Judged: judged,
    PilotEvidence: measured,
    Steps: on_steps,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Published points by criterion, each a column over the bids of the pool.

    ``keys``: what the bids are ranked by, the larger the better: points × ``unit``, or minus the
    evaluated price in centimes. In a first table, what fixed criteria bring to it, if rounded.
    """

    pool: Pool
    points: dict[str, Column]
    failures: tuple[tuple[int, Node], ...] = ()
    keys: tuple[int, ...] = ()
    unit: int = 1


def fixed(plan: Plan, pool: Pool, known: Mapping[str, Column]) -> Table:
    """Return the points that do not depend on other bids, and who is below a minimum.

    ``known``: columns that are computed already.
    ``failures``: places of bids with the criterion, the first below its minimum in the order of
    the file, a branch after what it holds.
    """
    points: dict[str, Column] = {}
    for node in plan.nodes if pool.bids else ():
        if node.id in known:
            points[node.id] = known[node.id]
        elif not node.relative:
            _add(plan, node, pool, points)
        elif isinstance(node.kind, LifeCycleCost) and node.id not in pool.costs:
            pool.costs[node.id] = life_cycle_costs(node.kind, pool)
    failures = tuple(_failures(plan, points))
    return Table(pool, points, failures, _sums(plan, pool, points, relative=False))


def completed(plan: Plan, first: Table, places: list[int], *, lean: bool = False) -> Table:
    """Return the whole table of the bids at ``places``: nobody else sets a reference.

    ``lean``: only the columns that the order needs.
    """
    if not places:
        return Table(first.pool.kept(places), {}, first.failures)
    if len(places) == len(first.pool.bids):
        pool, points, sums = first.pool, dict(first.points), first.keys
    else:
        pool = first.pool.kept(places)
        sums = tuple(map(first.keys.__getitem__, places)) if first.keys else ()
        points = {
            name: picked(column, places)
            for name, column in first.points.items()
            if not lean or name in plan.leaned_on
        }
    if not plan.money:
        for node in plan.nodes:
            if node.relative:
                _add(plan, node, pool, points)
    keys, unit = _keys(plan, pool, points, sums)
    return Table(pool, points, first.failures, keys, unit)


def exact_total(plan: Plan, points: Mapping[str, Column], place: int) -> Fraction:
    """Return the weighted points of one bid out of 100, as its published points make them."""
    return (
        sum((node.weight * Fraction(*points[node.id][place]) for node in plan.top), Fraction(0))
        / WHOLE
    )


def price_field(pool: Pool) -> Callable[[int], str]:
    """Return how to say where the price of the bid at a place stands in the file."""
    return lambda place: f"{pool.received.field(pool.bids[place].id)}.price"


def marked_prices(node: Node, pool: Pool) -> list[int]:
    """Return what a price or a life-cycle cost is marked by, in centimes, the floor applied."""
    kind = node.kind
    if isinstance(kind, LifeCycleCost):
        return pool.costs[node.id]
    assert isinstance(kind, Price)
    floor = kind.floor or 0
    return [max(price, floor) for price in pool.prices]


def _add(plan: Plan, node: Node, pool: Pool, points: dict[str, Column]) -> None:
    """Put the published points of one criterion into the table."""
    kind = node.kind
    ratios: Column
    if isinstance(kind, Absolute) and rounds_half_up(plan, node):
        rounded = rounded_between_bounds(kind, node.id, pool, plan.scale)
        points[node.id] = Rounded(rounded, plan.scale)
        return
    if isinstance(kind, Branch):
        ratios = branch_points(node, points)
    elif isinstance(kind, (Price, LifeCycleCost)):
        if isinstance(kind, LifeCycleCost) and node.id not in pool.costs:
            pool.costs[node.id] = life_cycle_costs(kind, pool)
        assert node.formula is not None
        prices = marked_prices(node, pool)
        ratios = marked(node.formula, kind.parameters, prices, price_field(pool))
    else:
        ratios = _MARKED[type(kind)](kind, node.id, pool)
    points[node.id] = published(plan, node, ratios)


def _failures(plan: Plan, points: Mapping[str, Column]) -> list[tuple[int, Node]]:
    found: dict[int, Node] = {}
    for node in plan.nodes:
        if node.minimum is not None:
            wanted, of = node.minimum.as_integer_ratio()
            for place, (top, bottom) in enumerate(points.get(node.id, ())):
                if top * of < wanted * bottom:
                    found.setdefault(place, node)
    return sorted(found.items(), key=itemgetter(0))


def _keys(
    plan: Plan, pool: Pool, points: Mapping[str, Column], sums: tuple[int, ...]
) -> tuple[tuple[int, ...], int]:
    if plan.money:
        return tuple(-price for price in evaluated_prices(plan, pool, points)), 1
    if not plan.rounds_criteria:
        mode, scale = plan.method.rounding, plan.scale
        totals = (exact_total(plan, points, place) for place in range(len(pool.bids)))
        return tuple(
            rounded_ratio(total.numerator * scale, total.denominator, mode) for total in totals
        ), scale
    added = _sums(plan, pool, points, relative=True)
    return tuple(map(add, sums, added)), plan.scale * WHOLE


def _sums(
    plan: Plan, pool: Pool, points: Mapping[str, Column], *, relative: bool
) -> tuple[int, ...]:
    """Return what the relative, or the fixed, criteria bring to the weighted integers."""
    if plan.money or not plan.rounds_criteria:
        return ()
    found = [0] * len(pool.bids)
    for node in plan.top if pool.bids else ():
        if node.relative == relative:
            column, weight = points[node.id], node.weight
            assert isinstance(column, Rounded)
            found = [total + weight * top for total, top in zip(found, column.tops, strict=True)]
    return tuple(found)
