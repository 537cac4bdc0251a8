"""What our allocation of lots is asked, and the bare solver on the same model."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from bench.scoring.lots_inputs import SHARE_PERCENT, Instance, packages, singles
from procurement.scoring.allocation.assignment import assigned
from procurement.scoring.allocation.milp import matrix_of, run, scale, solve_milp
from procurement.scoring.allocation.model import model_of
from procurement.scoring.allocation.problem import Offer, Problem, Rules
from procurement.scoring.allocation.solving import Effort
from procurement.scoring.allocation.together import allocate

ENOUGH = 1_000_000


def problem_of(instance: Instance) -> Problem:
    """Return the instance as our types have it."""
    lots = tuple(str(lot) for lot in range(200))
    limits: dict[str, Any] = {"max_lots": instance.max_lots}
    if instance.small:
        limits["sme_share"] = Fraction(SHARE_PERCENT, 100)
        limits["volume"] = dict(zip(lots, instance.volume, strict=True))
        limits["volume_of"] = {str(who): most for who, most in enumerate(instance.capacity)}
    return Problem(
        lots=lots,
        offers=tuple(
            Offer(
                id=str(place),
                bidder=str(who),
                lots=tuple(map(str, several)),
                cost=price,
                price=price,
            )
            for place, (who, several, price) in enumerate(instance.bids)
        ),
        rules=Rules(**limits),
        sme=frozenset(str(who) for who in instance.small),
    )


def packages_ours() -> Callable[[], Any]:
    """Allocate: model, parts, solver, check in integers; an unproven answer is no answer."""
    problem = problem_of(packages())

    def call() -> int | None:
        found = allocate(problem, steps=ENOUGH)
        return found.total if found.status == "proven" else None

    return call


def packages_whole() -> Callable[[], Any]:
    """Let HiGHS search all offers as the bare one does, with our checks and exact bound."""
    model = model_of(problem_of(packages()))
    matrix = matrix_of(model)

    def call() -> int | None:
        found = run(model, scale(model), matrix, Effort(ENOUGH))
        return found.total if found.proven else None

    return call


def packages_bare() -> Callable[[], Any]:
    """Call the bare solver on the model of the packages."""
    return bare(packages())


def singles_assigned() -> Callable[[], Any]:
    """Assign, as we do when there is only a cap."""
    model = model_of(problem_of(singles()))
    return lambda: assigned(model).total


def singles_milp() -> Callable[[], Any]:
    """Solve the same model by our way for everything else."""
    model = model_of(problem_of(singles()))
    return lambda: solve_milp(model, Effort(ENOUGH)).total


def singles_bare() -> Callable[[], Any]:
    """Call the bare solver on the model of the single bids."""
    return bare(singles())


def bare(instance: Instance) -> Callable[[], int]:
    """Prepare HiGHS alone: the matrix is finished beforehand, the gap is closed, no check."""
    model = model_of(problem_of(instance))
    matrix = matrix_of(model)
    costs = np.array(model.costs, dtype=np.float64)
    rows = LinearConstraint(matrix.entries, matrix.low, matrix.high)

    def call() -> int:
        found = milp(
            costs,
            integrality=np.ones(len(costs)),
            bounds=Bounds(0, 1),
            constraints=rows,
            options={"mip_rel_gap": 0, "presolve": True},
        )
        total: int = round(found.fun)
        return total

    return call


CASES: dict[str, Callable[[], Callable[[], Any]]] = {
    "packages_ours": packages_ours,
    "packages_bare": packages_bare,
    "packages_whole": packages_whole,
    "singles_assigned": singles_assigned,
    "singles_milp": singles_milp,
    "singles_bare": singles_bare,
}
