"""Independent parts, and which solver each part needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from procurement.scoring.allocation.model import Model, Row

Method = Literal["best_per_lot", "assignment", "milp"]


@dataclass(frozen=True)
class Part:
    """Lots that no package and no limit ties to other lots, as a model of their own.

    ``columns``: for each column of ``model`` its number in the whole; ``lots`` likewise.
    """

    method: Method
    model: Model
    columns: tuple[int, ...]
    lots: tuple[int, ...]


class _Groups:
    """Disjoint sets of lots, joined one by one."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, one: int) -> int:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def join(self, lots: Iterable[int]) -> None:
        roots = {self.root(lot) for lot in lots}
        first = min(roots, default=0)
        for root in roots:
            self.parent[root] = first


def parts_of(model: Model) -> tuple[Part, ...]:
    """Split a model into its independent parts, in the order of their first lots."""
    groups = _Groups(len(model.lots))
    for lots in model.covers:
        if len(lots) > 1:
            groups.join(lots)
    for row in model.rows:
        groups.join(lot for column in row.columns for lot in model.covers[column])
    lots_of: dict[int, list[int]] = {}
    columns_of: dict[int, list[int]] = {}
    rows_of: dict[int, list[Row]] = {}
    for lot in model.lots:
        lots_of.setdefault(groups.root(lot), []).append(lot)
    for column, lots in enumerate(model.covers):
        columns_of.setdefault(groups.root(lots[0]), []).append(column)
    for row in model.rows:
        rows_of.setdefault(groups.root(model.covers[row.columns[0]][0]), []).append(row)
    return tuple(
        _part(model, lots, columns_of.get(root, []), rows_of.get(root, []))
        for root, lots in lots_of.items()
    )


def method_of(model: Model) -> Method:
    """Name the simplest solver that is exact for a model."""
    if model.optional or any(len(lots) > 1 for lots in model.covers):
        return "milp"
    if not model.rows and len(model.lots) == 1:
        return "best_per_lot"
    counted = all(row.limit is not None and row.limit.kind == "max_lots" for row in model.rows)
    return "assignment" if counted else "milp"


def _part(model: Model, lots: list[int], columns: list[int], rows: list[Row]) -> Part:
    lot_number = {lot: place for place, lot in enumerate(lots)}
    column_number = {column: place for place, column in enumerate(columns)}
    own = Model(
        costs=tuple(model.costs[column] for column in columns),
        covers=tuple(tuple(lot_number[lot] for lot in model.covers[column]) for column in columns),
        lots=tuple(range(len(lots))),
        optional=frozenset(lot_number[lot] for lot in lots if lot in model.optional),
        rows=tuple(
            Row(
                row.limit,
                tuple(column_number[column] for column in row.columns),
                row.weights,
                row.most,
            )
            for row in rows
        ),
    )
    return Part(method_of(own), own, tuple(columns), tuple(lots))
