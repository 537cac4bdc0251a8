"""Whatever the limits: cost, feasibility, ties, next best and relaxations equal brute force."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.scoring.allocation.limits import cost_of_limits, relaxation
from procurement.scoring.allocation.problem import Limit, Rules, limits_of, without
from procurement.scoring.allocation.runner_up import examined
from procurement.scoring.allocation.together import allocate
from procurement.scoring.errors import InfeasibleAllocation
from tests.procurement.scoring.allocation.brute import everything, problems

thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def compared(problem):
    """Allocate, and compare the optimum, the whole set of ties and the next best."""
    expected = everything(problem)
    if not expected:
        with pytest.raises(InfeasibleAllocation):
            allocate(problem)
        return
    allocation = examined(problem, allocate(problem))
    best = expected[0][0]
    equal = {frozenset(names) for total, names in expected if total == best}
    above = [total for total, _ in expected if total > best]

    assert (allocation.status, allocation.total, allocation.bound) == ("proven", best, best)
    assert allocation.rivals.proven
    assert all_choices(allocation) == equal
    assert allocation.rivals.next_total == min(above, default=None)


def all_choices(allocation):
    """Return every equal allocation that the listed ties make together."""
    tied = {name for tie in allocation.rivals.ties for choice in tie.choices for name in choice}
    sets = [frozenset(allocation.offers) - tied]
    for tie in allocation.rivals.ties:
        sets = [some | frozenset(choice) for some in sets for choice in tie.choices]
    assert len(sets) == len(set(sets))
    return set(sets)


@thorough
@given(problems())
def test_packages_under_any_limits_equal_brute_force(problem):
    compared(problem)


@thorough
@given(problems(optional=True))
def test_lots_that_may_stay_without_award_equal_brute_force(problem):
    compared(problem)


@thorough
@given(problems(packages=False), st.integers(0, 3))
def test_single_lots_under_caps_are_an_assignment_and_equal_brute_force(problem, cap):
    import msgspec

    named = problem.rules.max_lots_of
    compared(msgspec.structs.replace(problem, rules=Rules(max_lots=cap, max_lots_of=named)))


@thorough
@given(problems(packages=False, factor=2**58))
def test_huge_costs_are_assigned_in_python_integers(problem):
    import msgspec

    compared(msgspec.structs.replace(problem, rules=Rules(max_lots=2)))


@thorough
@given(problems(packages=False))
def test_lots_without_any_limit_equal_brute_force(problem):
    import msgspec

    compared(msgspec.structs.replace(problem, rules=Rules()))


@thorough
@given(problems())
def test_what_each_limit_costs_equals_brute_force(problem):
    expected = everything(problem)
    if not expected:
        return
    found = cost_of_limits(problem, allocate(problem), each=True)

    assert [one.saved for one in found] == [
        expected[0][0] - everything(without(problem, one.limits))[0][0] for one in found
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_the_fewest_limits_to_relax_equal_brute_force(problem):
    if everything(problem):
        return
    found = relaxation(problem)
    lots = [limit for limit in found.limits if limit.kind == "lot"]

    assert found.proven
    assert (len(lots), len(found.limits) - len(lots), found.total) == fewest(problem)
    assert tuple(sorted(found.offers)) in {
        tuple(sorted(names)) for _, names in everything(without(problem, found.limits))
    }


def fewest(problem):
    """Return lots left, limits relaxed and total of the smallest relaxation, by trying all."""
    limits = limits_of(problem)
    for lots_left in range(len(problem.lots) + 1):
        for count in range(len(limits) + 1):
            totals = [
                allocations[0][0]
                for lots in combinations(problem.lots, lots_left)
                for some in combinations(limits, count)
                if (allocations := exactly(problem, lots, some))
            ]
            if totals:
                return lots_left, count, min(totals)
    raise AssertionError("everything relaxed is always possible")


def exactly(problem, lots, limits):
    gone = (*limits, *(Limit("lot", lot) for lot in lots))
    return everything(without(problem, gone))
