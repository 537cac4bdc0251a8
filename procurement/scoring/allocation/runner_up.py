"""The rivals of an allocation: whatever is as cheap, and what the next best costs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Protocol

import msgspec
import numpy as np

from procurement.scoring.allocation.allocation import Allocation, Rivals, Tie
from procurement.scoring.allocation.assignment import Places, assigned, places_of
from procurement.scoring.allocation.check import check
from procurement.scoring.allocation.milp import solve_milp
from procurement.scoring.allocation.model import Model, forbidding, model_of
from procurement.scoring.allocation.problem import Problem
from procurement.scoring.allocation.solving import STEPS, Answer, Effort
from procurement.scoring.allocation.structure import Part, parts_of
from procurement.scoring.errors import NotProvenOptimal

MOST_TIES = 100
"""So many equal choices of one group are listed; then it is said that there are more."""

Columns = tuple[int, ...]


class _Search(Protocol):
    def __call__(self, model: Model, first: Columns, effort: Effort) -> _Others: ...


@dataclass
class _Others:
    """What was found beside the first choice of one part."""

    equal: list[Columns] = field(default_factory=list)
    complete: bool = True
    next_total: int | None = None
    proven: bool = True

    def cut(self) -> _Others:
        """Keep as many as are listed with the first: one more was found."""
        self.equal = self.equal[: MOST_TIES - 1]
        self.complete = False
        return self

    def unknown(self) -> _Others:
        """Say that the steps ended before it was known whether others are as cheap."""
        self.proven = False
        return self


def examined(problem: Problem, allocation: Allocation, *, steps: int = STEPS) -> Allocation:
    """Return the allocation with its rivals; of complete ties, the first in the offers' order.

    Only what is proven is examined: an allocation that is not comes back as it is.
    """
    if allocation.status != "proven" or allocation.offers is None or allocation.total is None:
        return allocation
    effort = Effort(steps)
    number = {offer.id: place for place, offer in enumerate(problem.offers)}
    held = {number[name] for name in allocation.offers}
    ties: list[Tie] = []
    above: list[int] = []
    proven = True
    for part in parts_of(model_of(problem)):
        first = tuple(k for k, column in enumerate(part.columns) if column in held)
        others = _SEARCHES[part.method](part.model, first, effort)
        proven &= others.proven
        if others.next_total is not None:
            above.append(others.next_total - part.model.total(first))
        if others.equal:
            ties.append(_tie(problem, part, [first, *others.equal], others.complete))
    complete = proven and all(tie.complete for tie in ties)
    next_total = allocation.total + min(above) if above and complete else None
    rivals = Rivals(ties=tuple(ties), next_total=next_total, proven=proven)
    return _with(problem, allocation, rivals, [tie.choices[0] for tie in ties])


def replaced(problem: Problem, allocation: Allocation, taken: list[tuple[str, ...]]) -> Allocation:
    """Return the allocation with one choice taken of each of its ties, checked again.

    Raises:
        NotProvenOptimal: its rivals were not examined.
    """
    rivals = allocation.rivals
    if rivals is None:
        raise NotProvenOptimal("allocation.rivals", bound=allocation.bound, found=allocation.total)
    kept = msgspec.structs.replace(rivals, ties=())
    return _with(problem, allocation, kept, taken, over=rivals.ties)


def _with(
    problem: Problem,
    allocation: Allocation,
    rivals: Rivals,
    taken: list[tuple[str, ...]],
    over: tuple[Tie, ...] | None = None,
) -> Allocation:
    """Put the taken choices in the place of the others of their ties, and check again."""
    ties = rivals.ties if over is None else over
    out = {name for tie in ties for choice in tie.choices for name in choice}
    kept = {name for name in allocation.offers or () if name not in out}
    kept.update(name for choice in taken for name in choice)
    chosen = [offer for offer in problem.offers if offer.id in kept]
    offers = tuple(offer.id for offer in chosen)
    check(problem, offers, allocation.total or 0)
    paid = sum(offer.price for offer in chosen)
    return msgspec.structs.replace(allocation, offers=offers, paid=paid, rivals=rivals)


def _tie(problem: Problem, part: Part, choices: list[Columns], complete: bool) -> Tie:
    """Name equal choices; offers that all of them hold are named too: a choice is a whole."""
    whole = sorted(tuple(part.columns[column] for column in choice) for choice in choices)
    return Tie(
        lots=tuple(problem.lots[lot] for lot in part.lots),
        choices=tuple(tuple(problem.offers[k].id for k in choice) for choice in whole),
        complete=complete,
    )


def _beside_best(model: Model, first: Columns, effort: Effort) -> _Others:
    """One lot: the other offers in the order of their costs."""
    best = model.total(first)
    rest = [column for column in range(len(model.costs)) if (column,) != first]
    equal: list[Columns] = [(column,) for column in rest if model.costs[column] == best]
    above = [model.costs[column] for column in rest if model.costs[column] > best]
    return _Others(equal, next_total=min(above, default=None))


def _beside_milp(model: Model, first: Columns, effort: Effort) -> _Others:
    """Forbid every answer in turn, until one is dearer."""
    others = _Others()
    best = model.total(first)
    chosen = first
    while len(others.equal) < MOST_TIES:
        model = replace(model, rows=(*model.rows, forbidding(model, chosen)))
        answer = solve_milp(model, effort)
        if answer.impossible:
            return others
        if not answer.proven or answer.chosen is None:
            # A bound above the optimum already proves that nothing else is as cheap.
            others.proven = answer.bound is not None and answer.bound > best
            return others
        if answer.total != best:
            others.next_total = answer.total
            return others
        chosen = answer.chosen
        others.equal.append(chosen)
    return others.cut()


def _beside_assignment(model: Model, first: Columns, effort: Effort) -> _Others:
    """Murty's partition: every other assignment lies in exactly one of the open branches."""
    places = places_of(model)
    others = _Others()
    best = model.total(first)
    free = np.ones(len(model.costs), dtype=np.bool_)
    heap: list[tuple[int, Columns, int, _Branch]] = []
    if not _branch(model, places, (first, _Branch(free, 0)), heap, effort):
        return others.unknown()
    while heap:
        total, chosen, _, branch = heappop(heap)
        if total > best:
            others.next_total = total
            return others
        others.equal.append(chosen)
        if len(others.equal) >= MOST_TIES:
            return others.cut()
        if not _branch(model, places, (chosen, branch), heap, effort):
            return others.unknown()
    return others


@dataclass(frozen=True)
class _Branch:
    """Columns that are still allowed; the lots below ``fixed`` keep theirs."""

    allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    fixed: int


def _branch(
    model: Model,
    places: Places,
    node: tuple[Columns, _Branch],
    heap: list[tuple[int, Columns, int, _Branch]],
    effort: Effort,
) -> bool:
    """Open, lot by lot, the branch that keeps the lots before it and gives up its own column.

    It says whether the steps lasted for all of them.
    """
    chosen, branch = node
    column_of = {int(places.lot[column]): column for column in chosen}
    allowed = branch.allowed.copy()
    for lot in range(branch.fixed, len(model.lots)):
        if not effort.left:
            return False
        effort.spend(1)
        column = column_of[lot]
        other = allowed.copy()
        other[column] = False
        answer: Answer = assigned(model, other, places)
        if answer.chosen is not None and answer.total is not None:
            heappush(heap, (answer.total, answer.chosen, len(heap), _Branch(other, lot)))
        allowed &= places.lot != lot
        allowed[column] = True
    return True


_SEARCHES: dict[str, _Search] = {
    "best_per_lot": _beside_best,
    "assignment": _beside_assignment,
    "milp": _beside_milp,
}
