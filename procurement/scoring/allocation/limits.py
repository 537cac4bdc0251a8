"""What each limit costs, and which are the fewest to relax when no allocation keeps them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from msgspec import Struct

from procurement.scoring.allocation.allocation import Allocation, found
from procurement.scoring.allocation.check import check
from procurement.scoring.allocation.milp import solve_milp
from procurement.scoring.allocation.model import Model, Row, model_of
from procurement.scoring.allocation.problem import Limit, Problem, limits_of, without
from procurement.scoring.allocation.solving import STEPS, Answer, Effort


class LimitCost(Struct, frozen=True, kw_only=True):
    """What the allocation would cost without these limits.

    ``saved``: how much less, in the unit of the costs; ``share``: of the present total. All
    three are none when the other allocation was not proven in the steps given.
    """

    limits: tuple[Limit, ...]
    total: int | None
    saved: int | None
    share: Fraction | None


class Relaxation(Struct, frozen=True, kw_only=True):
    """The fewest limits without which the lots can be awarded, and the cheapest award then.

    Fewest lots left without award come first, then fewest limits, then the least total.
    ``proven``: no smaller set would do, and no other set of this size is cheaper.
    """

    limits: tuple[Limit, ...]
    offers: tuple[str, ...]
    total: int
    proven: bool


def cost_of_limits(
    problem: Problem, allocation: Allocation, *, steps: int = STEPS, each: bool = False
) -> tuple[LimitCost, ...]:
    """Solve again without each kind of limit; ``each``: also without each single limit.

    A single limit is not solved for when its whole kind costs nothing: it can cost no more.
    """
    effort = Effort(steps)
    kinds: dict[str, list[Limit]] = {}
    for limit in limits_of(problem):
        kinds.setdefault(limit.kind, []).append(limit)
    costs: list[LimitCost] = []
    for limits in kinds.values():
        whole = _cost(problem, allocation, limits, effort)
        costs.append(whole)
        if each and len(limits) > 1:
            costs += [
                _free(allocation, limit)
                if whole.saved == 0
                else _cost(problem, allocation, [limit], effort)
                for limit in limits
            ]
    return tuple(costs)


def _cost(
    problem: Problem, allocation: Allocation, limits: Sequence[Limit], effort: Effort
) -> LimitCost:
    loose = found(without(problem, limits), effort)
    if loose is None or loose.status != "proven" or loose.total is None:
        return LimitCost(limits=tuple(limits), total=None, saved=None, share=None)
    if allocation.status != "proven" or allocation.total is None:
        return LimitCost(limits=tuple(limits), total=loose.total, saved=None, share=None)
    saved = allocation.total - loose.total
    share = Fraction(saved, abs(allocation.total)) if allocation.total else None
    return LimitCost(limits=tuple(limits), total=loose.total, saved=saved, share=share)


def _free(allocation: Allocation, limit: Limit) -> LimitCost:
    share = Fraction(0) if allocation.total else None
    return LimitCost(limits=(limit,), total=allocation.total, saved=0, share=share)


def relaxation(problem: Problem, *, steps: int = STEPS) -> Relaxation | None:
    """Return the fewest limits to relax; none when nothing was found in the steps given."""
    effort = Effort(steps)
    elastic = _Elastic(problem)
    fewest = solve_milp(elastic.counting(), effort)
    if fewest.chosen is None:
        return None
    cheapest = solve_milp(elastic.costing(fewest.chosen), effort)
    # What the first search found is an allocation too, if the second had no steps.
    chosen = fewest.chosen if cheapest.chosen is None else cheapest.chosen
    relaxed = elastic.relaxed(chosen)
    offers = tuple(problem.offers[k].id for k in chosen if k < len(problem.offers))
    total = sum(problem.offers[k].cost for k in chosen if k < len(problem.offers))
    check(without(problem, relaxed), offers, total)
    return Relaxation(limits=relaxed, offers=offers, total=total, proven=_proven(fewest, cheapest))


def _proven(*answers: Answer) -> bool:
    return all(answer.proven for answer in answers)


class _Elastic:
    """A model with one more column for each limit (« relaxed ») and each lot (« not awarded »)."""

    def __init__(self, problem: Problem) -> None:
        self.model = model_of(problem)
        self.problem = problem
        self.offers = len(problem.offers)
        named = {row.limit for row in self.model.rows if row.limit is not None}
        self.limits = sorted(named)
        self.lots = [lot for lot in self.model.lots if lot not in self.model.optional]
        place = {limit: self.offers + k for k, limit in enumerate(self.limits)}
        self.rows = tuple(_loose(row, place[row.limit]) for row in self.model.rows if row.limit)

    def counting(self) -> Model:
        """Count lots without award before limits, and leave the costs aside."""
        return self._model([0] * self.offers, 1, len(self.limits) + 1, self.rows)

    def costing(self, found: Iterable[int]) -> Model:
        """Minimise the costs, with no more relaxed than was found necessary."""
        held = set(found)
        rows = [*self.rows]
        for columns in (self._of_limits(), self._of_lots()):
            most = sum(column in held for column in columns)
            rows.append(Row(None, tuple(columns), (1,) * len(columns), most))
        return self._model(list(self.model.costs), 0, 0, tuple(rows))

    def relaxed(self, chosen: Iterable[int]) -> tuple[Limit, ...]:
        """Name what the chosen columns relax."""
        held = set(chosen)
        limits = [
            limit
            for limit, column in zip(self.limits, self._of_limits(), strict=True)
            if column in held
        ]
        lots = [
            Limit("lot", self.problem.lots[lot])
            for lot, column in zip(self.lots, self._of_lots(), strict=True)
            if column in held
        ]
        return (*limits, *lots)

    def _of_limits(self) -> range:
        return range(self.offers, self.offers + len(self.limits))

    def _of_lots(self) -> range:
        start = self.offers + len(self.limits)
        return range(start, start + len(self.lots))

    def _model(
        self, costs: list[int], limit_cost: int, lot_cost: int, rows: tuple[Row, ...]
    ) -> Model:
        more = [limit_cost] * len(self.limits) + [lot_cost] * len(self.lots)
        covers = (*self.model.covers, *((),) * len(self.limits), *((lot,) for lot in self.lots))
        return replace(self.model, costs=(*costs, *more), covers=covers, rows=rows)


def _loose(row: Row, column: int) -> Row:
    """Return the row with the column that frees it: all it could ever count is then allowed."""
    reach = sum(weight for weight in row.weights if weight > 0) - row.most
    return Row(row.limit, (*row.columns, column), (*row.weights, -reach), row.most)
