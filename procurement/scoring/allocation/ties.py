"""Equal allocations: the published rules in their turn, then the draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from procurement.scoring.allocation.milp import solve_milp
from procurement.scoring.allocation.model import Model, Row, forbidding
from procurement.scoring.allocation.problem import Problem
from procurement.scoring.allocation.solving import Answer, Effort
from procurement.scoring.allocation.structure import Part
from procurement.scoring.draw import drawn
from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.tender import Method, ValueForMoney

Choice = tuple[str, ...]


@dataclass(frozen=True)
class TieRule:
    """A published rule as whole numbers by offer: of equal choices the least sum goes first."""

    rule: str
    code: str
    numbers: Mapping[str, int]
    by_lot: bool
    """Whether a number counts for every lot of its offer (points), or once (a price)."""

    def of(self, problem: Problem) -> dict[str, int]:
        """Return the number of each offer."""
        return {
            offer.id: self.numbers[offer.id] * (len(offer.lots) if self.by_lot else 1)
            for offer in problem.offers
        }

    def summed(self, problem: Problem) -> Callable[[Choice], int]:
        """Return what gives the sum of a choice."""
        numbers = self.of(problem)
        return lambda choice: sum(numbers[name] for name in choice)


def tie_rules(
    method: Method, ranking: Mapping[str, int], points: Mapping[str, Mapping[str, Fraction]]
) -> tuple[TieRule, ...]:
    """Return the rules of a method but the draw, in their order.

    ``lower_price``: the sum of the prices used to rank. ``higher:<criterion>``: the sum, lot by
    lot, of the points of the offer that wins it; only points that hang on no other bid are here.
    """
    rules: list[TieRule] = []
    for rule in method.ties if isinstance(method, ValueForMoney) else ():
        kind, _, criterion = rule.partition(":")
        if rule == "lower_price":
            rules.append(TieRule(rule, "allocation.cheaper", ranking, by_lot=False))
        elif kind == "higher" and criterion in points:
            numbers = _whole(points[criterion])
            rules.append(TieRule(rule, "allocation.better", numbers, by_lot=True))
    return tuple(rules)


def drawing(method: Method) -> bool:
    """Say whether the published rules end with a draw."""
    return not isinstance(method, ValueForMoney) or "draw" in method.ties


def _whole(points: Mapping[str, Fraction]) -> dict[str, int]:
    """Return missing points as whole numbers in one unit, the least the best."""
    unit = lcm(*(one.denominator for one in points.values()))
    return {bid: int(-one * unit) for bid, one in points.items()}


@dataclass(frozen=True)
class Many:
    """One group of lots with more equal choices than are listed, and its search."""

    problem: Problem
    part: Part
    effort: Effort

    def parted(
        self, first: Choice, rules: Sequence[TieRule], draw: tuple[str, str] | None
    ) -> tuple[Choice, bool] | None:
        """Return the choice that rules and draw leave, and whether it is the only one.

        Rules are applied to all equal choices at once, as the least sum under the optimum; then
        each lot in its turn is drawn among the offers that an equal choice still holds. None: the
        steps or the solver's digits did not suffice.
        """
        try:
            return self._parted(first, rules, draw)
        except PrecisionExceeded:
            return None

    def _parted(
        self, first: Choice, rules: Sequence[TieRule], draw: tuple[str, str] | None
    ) -> tuple[Choice, bool] | None:
        model = self.part.model
        names = [self.problem.offers[column].id for column in self.part.columns]
        chosen = tuple(column for column, name in enumerate(names) if name in first)
        model = held(model, model.total(chosen))
        for rule in rules:
            numbers = rule.of(self.problem)
            model = replace(model, costs=tuple(numbers[name] for name in names))
            best = solve_milp(model, self.effort)
            if not best.proven or best.chosen is None:
                return None
            chosen = best.chosen
            model = held(model, model.total(chosen))
        other = self._other(model, chosen)
        if not other.proven:
            return None
        if not other.impossible and draw is not None:
            taken = self._drawn(model, chosen, names, draw)
            if taken is None:
                return None
            chosen, other = taken, replace(other, chosen=None)
        return tuple(names[column] for column in chosen), other.chosen is None

    def _other(self, model: Model, chosen: tuple[int, ...]) -> Answer:
        return self._any(replace(model, rows=(*model.rows, forbidding(model, chosen))))

    def _any(self, model: Model) -> Answer:
        return solve_milp(replace(model, costs=(0,) * len(model.costs)), self.effort)

    def _drawn(
        self, model: Model, chosen: tuple[int, ...], names: list[str], draw: tuple[str, str]
    ) -> tuple[int, ...] | None:
        column_of = {name: column for column, name in enumerate(names)}
        for number, place in zip(model.lots, self.part.lots, strict=True):
            wanted = [
                name for name, lots in zip(names, model.covers, strict=True) if number in lots
            ]
            for name in drawn(*draw, self.problem.lots[place], wanted):
                column = column_of[name]
                tried = replace(model, rows=(*model.rows, Row(None, (column,), (-1,), -1)))
                if column in chosen:
                    model = tried
                    break
                answer = self._any(tried)
                if not answer.proven:
                    return None
                if answer.chosen is not None:
                    model, chosen = tried, answer.chosen
                    break
        return chosen


def held(model: Model, most: int) -> Model:
    """Return a model that allows no more than a sum of its costs, each less its lot's least."""
    least: dict[int, int] = {}
    for cost, lots in zip(model.costs, model.covers, strict=True):
        for lot in lots:
            share = 0 if lot in model.optional else cost // len(lots)
            least[lot] = min(least.get(lot, share), share)
    weights = [
        cost - sum(least.get(lot, 0) for lot in lots)
        for cost, lots in zip(model.costs, model.covers, strict=True)
    ]
    columns = tuple(column for column, weight in enumerate(weights) if weight)
    row = Row(
        None, columns, tuple(weights[column] for column in columns), most - sum(least.values())
    )
    return replace(model, rows=(*model.rows, row))
