"""Allocate all lots together, or say what stands in the way."""

from __future__ import annotations

from procurement.scoring.allocation.allocation import Allocation, found
from procurement.scoring.allocation.limits import relaxation
from procurement.scoring.allocation.problem import Problem
from procurement.scoring.allocation.solving import STEPS, Effort
from procurement.scoring.errors import InfeasibleAllocation


def allocate(problem: Problem, *, steps: int = STEPS) -> Allocation:
    """Return the cheapest allocation that keeps every limit, proven or said to be unproven.

    Ask ``runner_up.examined`` for its rivals before it is awarded.

    Raises:
        InfeasibleAllocation: there is none; names the smallest set of limits to relax, and holds
            the ``Relaxation`` itself in ``values["relaxation"]`` (none if the steps ran out).
        PrecisionExceeded: the amounts are too large for an exact answer.
        AllocationWrong: a solver's answer did not survive the check in integers.
    """
    allocation = found(problem, Effort(steps))
    if allocation is not None:
        return allocation
    loose = relaxation(problem, steps=steps)
    named = ", ".join(str(limit) for limit in loose.limits) if loose else "?"
    raise InfeasibleAllocation("limits", limits=named, relaxation=loose)
