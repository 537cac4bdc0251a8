"""One line for every number: what was stated, judged, measured or paid, and the points it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from procurement.scoring.offers import Bid, Mark
from procurement.scoring.outcome import Exact, Line, said
from procurement.scoring.tender import (
    Absolute,
    Branch,
    Judged,
    LifeCycleCost,
    PilotEvidence,
    Price,
    Steps,
)
from procurement.scoring.value.evidence import weakness
from procurement.scoring.value.margin import margin_of
from procurement.scoring.value.marks import aggregate, disputed, given, panel_of
from procurement.scoring.value.money import missing
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Column, written, written_points
from procurement.scoring.value.table import Table, marked_prices
from procurement.scoring.value.tree import Node, Plan


def prices(plan: Plan, pool: Pool) -> Iterator[Line]:
    """Yield how the price used to rank differs from the price bid, where it does."""
    margin = plan.method.margin
    for bid, price in zip(pool.bids, pool.prices, strict=True):
        if bid.scope_adjustment:
            yield Line(
                code="value.scope",
                subject=bid.id,
                values={"price": bid.price, "added": bid.scope_adjustment},
                rule="tender.method",
            )
        added = margin_of(bid, pool.received, margin, plan.method.rounding)
        if margin is not None and added:
            values: dict[str, Exact] = {
                "percent": said(margin.percent),
                "added": added,
                "ranking": price,
            }
            yield Line(code="value.margin", subject=bid.id, values=values, rule=margin.legal_basis)


def points(plan: Plan, first: Table, table: Table) -> list[Line]:
    """Return a line for every point: of all bids where it is their own, else of those left."""
    found: list[Line] = []
    for node in plan.nodes:
        source = first if node.id in first.points else table
        if column := source.points.get(node.id):
            found += _EXPLAINED[type(node.kind)](node, source.pool, column)
    return found


def totals(plan: Plan, table: Table) -> Iterator[Line]:
    """Yield the points, or the evaluated price, that each bid is ranked by."""
    if plan.money:
        yield from _money(plan, table)
        return
    for bid, key in zip(table.pool.bids, table.keys, strict=True):
        yield Line(
            code="value.total",
            subject=bid.id,
            values={"points": written_points((key, table.unit))},
            rule="tender.method",
        )


def disputes(plan: Plan, pool: Pool) -> Iterator[Line]:
    """Yield the marks that lie further from the median than published; they count all the same."""
    for node in plan.nodes:
        kind = node.kind
        if not isinstance(kind, Judged) or kind.dispute is None:
            continue
        for bid, sheet in zip(pool.bids, panel_of(node.id, pool).sheets, strict=True):
            for mark, middle in disputed(kind, given(node.id, bid.id, pool), sheet):
                assert mark.points is not None
                values: dict[str, Exact] = {
                    "criterion": node.id,
                    "evaluator": mark.evaluator,
                    "given": said(mark.points),
                    "median": said(middle),
                    "limit": said(kind.dispute),
                }
                yield Line(code="value.dispute", subject=bid.id, values=values, rule=node.field)


def _absolute(node: Node, pool: Pool, column: Column) -> list[Line]:
    kind, name, rule = node.kind, node.id, node.field
    assert isinstance(kind, Absolute)
    scale: dict[str, Exact] = {"criterion": name, "unit": kind.unit}
    scale |= {"best": said(kind.best), "worst": said(kind.worst)}
    head = Line(code="value.scale", values=scale, rule=rule)
    texts = map(written_points, pool.stated[name]), map(written_points, column)
    return [head] + [
        Line(
            code="value.absolute",
            subject=bid.id,
            values={"criterion": name, "given": stated, "points": reached},
            rule=rule,
        )
        for bid, stated, reached in zip(pool.bids, *texts, strict=True)
    ]


def _steps(node: Node, pool: Pool, column: Column) -> Iterator[Line]:
    kind = node.kind
    assert isinstance(kind, Steps)
    for bid, ratio in zip(pool.bids, column, strict=True):
        values: dict[str, Exact] = {
            "criterion": node.id,
            "given": said(bid.answers[node.id].value),
            "unit": kind.unit,
            "points": written_points(ratio),
        }
        yield Line(code="value.steps", subject=bid.id, values=values, rule=node.field)


def _judged(node: Node, pool: Pool, column: Column) -> Iterator[Line]:
    kind = node.kind
    assert isinstance(kind, Judged)
    code = "value.mean" if kind.aggregate == "mean" else "value.median"
    low, high = said(kind.low), said(kind.high)
    sheets = panel_of(node.id, pool).sheets
    for bid, sheet, ratio in zip(pool.bids, sheets, column, strict=True):
        yield from (_mark(mark, node) for mark in given(node.id, bid.id, pool))
        values: dict[str, Exact] = {
            "criterion": node.id,
            "count": len(sheet.ordered),
            "given": written(aggregate(kind, sheet)),
            "low": low,
            "high": high,
            "points": written_points(ratio),
        }
        yield Line(code=code, subject=bid.id, values=values, rule=node.field)


def _mark(mark: Mark, node: Node) -> Line:
    values: dict[str, Exact] = {
        "criterion": node.id,
        "evaluator": mark.evaluator,
        "reason": mark.reason or "—",
    }
    if mark.points is None:
        return Line(code="value.mark_absent", subject=mark.bid, values=values, rule=node.field)
    values["given"] = written(mark.points.as_integer_ratio())
    return Line(code="value.mark", subject=mark.bid, values=values, rule=node.field)


def _evidence(node: Node, pool: Pool, column: Column) -> Iterator[Line]:
    kind = node.kind
    assert isinstance(kind, PilotEvidence)
    for bid, ratio in zip(pool.bids, column, strict=True):
        pack = pool.received.evidence.get((node.id, bid.id))
        why = weakness(kind, pack, node.field)
        values: dict[str, Exact] = {"criterion": node.id, "points": written_points(ratio)}
        if pack is None or why is not None:
            values["why"] = why or ""
            yield Line(code="value.neutral", subject=bid.id, values=values, rule=node.field)
            continue
        values |= {
            "metric": kind.metric,
            "given": said(pack.lower_bound.value),
            "unit": kind.unit,
            "level": said(kind.level),
            "exposure": said(pack.exposure.value),
            "exposure_unit": pack.exposure.unit,
            "pack": pack.pack,
        }
        yield Line(code="value.evidence", subject=bid.id, values=values, rule=node.field)


def _price(node: Node, pool: Pool, column: Column) -> Iterator[Line]:
    kind, formula = node.kind, node.formula
    assert isinstance(kind, (Price, LifeCycleCost))
    assert formula is not None
    amounts = marked_prices(node, pool)
    code = "value.price" if isinstance(kind, Price) else "value.life_cycle"
    base: dict[str, Exact] = {"criterion": node.id, "formula": formula.name}
    base["lowest"], base["highest"] = min(amounts), max(amounts)
    if isinstance(kind, LifeCycleCost):
        base |= {"years": kind.years, "rate": said(kind.rate)}
    if formula.depends_on_other_bids and base["lowest"] == base["highest"]:
        alone = "value.one_bid" if len(amounts) == 1 else "value.prices_equal"
        yield Line(code=alone, values=dict(base), rule=node.field)
    for place, (bid, amount, ratio) in enumerate(zip(pool.bids, amounts, column, strict=True)):
        if isinstance(kind, Price) and amount != pool.prices[place]:
            floor: dict[str, Exact] = {"price": pool.prices[place], "floor": amount}
            yield Line(code="value.floor", subject=bid.id, values=floor, rule=node.field)
        values = {**base, "price": amount, "points": written_points(ratio)}
        yield Line(code=code, subject=bid.id, values=values, rule=node.field)


def _branch(node: Node, pool: Pool, column: Column) -> Iterator[Line]:
    for bid, ratio in zip(pool.bids, column, strict=True):
        values: dict[str, Exact] = {"criterion": node.id, "points": written(ratio)}
        yield Line(code="value.branch", subject=bid.id, values=values, rule=node.field)


_EXPLAINED: dict[type, Callable[[Node, Pool, Column], Iterable[Line]]] = {
    Absolute: _absolute,
    Branch: _branch,
    Judged: _judged,
    LifeCycleCost: _price,
    PilotEvidence: _evidence,
    Price: _price,
    Steps: _steps,
}


def _money(plan: Plan, table: Table) -> Iterator[Line]:
    pool = table.pool
    base = pool.prices if plan.cost is None else pool.costs.get(plan.cost.id, [])
    for place, (bid, key) in enumerate(zip(pool.bids, table.keys, strict=True)):
        if plan.cost is not None:
            cost: dict[str, Any] = {"criterion": plan.cost.id, "cost": base[place]}
            yield Line(code="value.cost", subject=bid.id, values=cost, rule=plan.cost.field)
        for node in plan.nodes:
            if node.worth is not None:
                lacks = missing(table.points[node.id][place])
                values: dict[str, Exact] = {
                    "criterion": node.id,
                    "missing": said(lacks),
                    "worth": node.worth,
                    "added": said(Fraction(node.worth) * lacks),
                }
                yield Line(code="value.worth", subject=bid.id, values=values, rule=node.field)
        evaluated: dict[str, Exact] = {
            "price": base[place],
            "added": -key - base[place],
            "evaluated": -key,
        }
        yield Line(code="value.evaluated", subject=bid.id, values=evaluated, rule="tender.method")


def refusals(bids: Iterable[Bid]) -> Iterator[Line]:
    """Yield the bids whose administrative or technical part was refused."""
    for bid in bids:
        if not bid.admitted:
            yield Line(code="value.refused", subject=bid.id, values={"reason": bid.refusal or "—"})


def failures(first: Table) -> Iterator[Line]:
    """Yield the bids below a published minimum, whatever the number of those left."""
    for place, node in first.failures:
        assert node.minimum is not None
        values: dict[str, Exact] = {
            "criterion": node.id,
            "points": written(first.points[node.id][place]),
            "minimum": said(node.minimum),
        }
        yield Line(
            code="value.below_minimum",
            subject=first.pool.bids[place].id,
            values=values,
            rule=f"{node.field}.minimum",
        )
