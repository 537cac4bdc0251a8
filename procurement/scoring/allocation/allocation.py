"""The allocation of all lots together: found part by part, checked in integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from procurement.scoring.allocation.assignment import assigned, best_per_lot
from procurement.scoring.allocation.check import check
from procurement.scoring.allocation.milp import solve_milp
from procurement.scoring.allocation.model import model_of
from procurement.scoring.allocation.problem import Problem
from procurement.scoring.allocation.solving import Answer, Effort
from procurement.scoring.allocation.structure import Method, Part, parts_of
from procurement.scoring.errors import NotProvenOptimal, TieUnresolved


class Tie(Struct, frozen=True, kw_only=True):
    """Equal choices for one independent group of lots; each is a tuple of offers.

    ``complete``: all of them are listed; if not, there are more.
    """

    lots: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    complete: bool


class Rivals(Struct, frozen=True, kw_only=True):
    """What comes next to the optimum.

    ``next_total``: the least total above it; none when no other allocation exists or none was
    proven. ``proven``: the ties and the next total are.
    """

    ties: tuple[Tie, ...]
    next_total: int | None
    proven: bool

    @property
    def unique(self) -> bool:
        """Say whether no other allocation is as cheap, proven."""
        return self.proven and not self.ties


class Group(Struct, frozen=True, kw_only=True):
    """Lots that nothing ties to the others, and how they were solved."""

    method: Method
    lots: tuple[str, ...]
    proven: bool


class Allocation(Struct, frozen=True, kw_only=True):
    """Which offers win which lots.

    ``total``: the sum of what is minimised; ``paid``: the sum of the prices; ``bound``: no
    allocation costs less. ``offers`` is none where the solver found nothing in its steps.
    """

    status: Literal["proven", "not_proven"]
    offers: tuple[str, ...] | None
    total: int | None
    bound: int
    paid: int | None
    groups: tuple[Group, ...]
    rivals: Rivals | None = None

    def award(self) -> tuple[str, ...]:
        """Return the offers to award.

        Raises:
            NotProvenOptimal: the optimum is not proven, or nobody proved that it is the only
                one (see ``runner_up.examined``).
            TieUnresolved: equal allocations wait for the rules or the draw (``award.awarded``).
        """
        if self.status != "proven" or self.offers is None:
            found = "—" if self.total is None else self.total
            raise NotProvenOptimal("allocation", bound=self.bound, found=found)
        if self.rivals is None or not self.rivals.proven:
            raise NotProvenOptimal("allocation.rivals", bound=self.bound, found=self.total)
        if self.rivals.ties:
            tie = self.rivals.ties[0]
            named = ", ".join(" + ".join(choice) for choice in tie.choices)
            raise TieUnresolved("allocation", rule="draw", bids=named)
        return self.offers


def solved(part: Part, effort: Effort) -> Answer:
    """Solve one part by the simplest solver that is exact for it."""
    if part.method == "best_per_lot":
        return best_per_lot(part.model)
    if part.method == "assignment":
        return assigned(part.model)
    return solve_milp(part.model, effort)


def found(problem: Problem, effort: Effort) -> Allocation | None:
    """Return the cheapest allocation, or none when it is proven that none keeps the limits.

    Raises:
        AllocationWrong: a solver's answer did not survive the check.
        PrecisionExceeded: the amounts are too large for an exact answer.
    """
    parts = parts_of(model_of(problem))
    answers = [solved(part, effort) for part in parts]
    if any(answer.impossible for answer in answers):
        return None
    return assembled(problem, parts, answers)


def assembled(problem: Problem, parts: Iterable[Part], answers: Iterable[Answer]) -> Allocation:
    """Put the answers of the parts together, and check the whole."""
    pairs = list(zip(parts, answers, strict=True))
    proven = all(answer.proven for _, answer in pairs)
    groups = tuple(
        Group(
            method=part.method,
            lots=tuple(problem.lots[lot] for lot in part.lots),
            proven=answer.proven,
        )
        for part, answer in pairs
    )
    bound = sum(answer.bound or 0 for _, answer in pairs)
    if any(answer.chosen is None for _, answer in pairs):
        return Allocation(
            status="not_proven", offers=None, total=None, bound=bound, paid=None, groups=groups
        )
    columns = sorted(
        part.columns[column] for part, answer in pairs for column in answer.chosen or ()
    )
    offers = tuple(problem.offers[column].id for column in columns)
    total = sum(answer.total or 0 for _, answer in pairs)
    check(problem, offers, total)
    return Allocation(
        status="proven" if proven else "not_proven",
        offers=offers,
        total=total,
        bound=bound,
        paid=sum(problem.offers[column].price for column in columns),
        groups=groups,
    )
