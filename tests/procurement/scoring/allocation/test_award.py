"""What may be awarded, ties and their draw, and answers that do not survive the check."""

from fractions import Fraction

import msgspec
import pytest

from procurement.scoring.allocation.allocation import Rivals, Tie
from procurement.scoring.allocation.check import AllocationWrong, check
from procurement.scoring.allocation.limits import cost_of_limits
from procurement.scoring.allocation.problem import Limit, Offer, Problem, Rules
from procurement.scoring.allocation.runner_up import examined
from procurement.scoring.allocation.together import allocate
from procurement.scoring.errors import (
    DuplicateName,
    FloatRefused,
    InfeasibleAllocation,
    Malformed,
    NotProvenOptimal,
    PrecisionExceeded,
    TieUnresolved,
    UnknownReference,
)


def offer(name, bidder, lots, cost, price=None):
    return Offer(
        id=name, bidder=bidder, lots=tuple(lots), cost=cost, price=cost if price is None else price
    )


def a_problem(*offers, lots="12", sme=(), **rules):
    return Problem(lots=tuple(lots), offers=offers, rules=Rules(**rules), sme=frozenset(sme))


ONE_WINNER = (
    offer("a1", "a", "1", 100),
    offer("a2", "a", "2", 100),
    offer("b1", "b", "1", 130),
    offer("b2", "b", "2", 150),
)


def test_an_award_needs_its_rivals_examined():
    problem = a_problem(*ONE_WINNER, max_lots=1)
    allocation = allocate(problem)
    with pytest.raises(NotProvenOptimal):
        allocation.award()
    whole = examined(problem, allocation)

    assert (whole.award(), whole.total, whole.rivals) == (
        ("a2", "b1"),
        230,
        Rivals(ties=(), next_total=250, proven=True),
    )


def test_what_is_not_proven_is_never_awarded():
    problem = a_problem(*ONE_WINNER)
    proven = examined(problem, allocate(problem))
    short = msgspec.structs.replace(proven, status="not_proven", bound=190)
    with pytest.raises(NotProvenOptimal):
        short.award()
    assert examined(problem, short) == short


def equal_packages():
    return a_problem(
        offer("p", "a", "12", 200),
        offer("q", "b", "12", 200),
        offer("r", "c", "12", 201),
        max_packages=1,
    )


def test_equal_allocations_are_listed_and_wait_for_the_draw():
    problem = equal_packages()
    allocation = examined(problem, allocate(problem))

    assert allocation.rivals == Rivals(
        ties=(Tie(lots=("1", "2"), choices=(("p",), ("q",)), complete=True),),
        next_total=201,
        proven=True,
    )
    with pytest.raises(TieUnresolved):
        allocation.award()


def test_the_answer_does_not_depend_on_the_order_of_the_lots_of_an_offer():
    problem = equal_packages()
    turned = msgspec.structs.replace(
        problem,
        offers=tuple(msgspec.structs.replace(one, lots=one.lots[::-1]) for one in problem.offers),
    )

    assert examined(turned, allocate(turned)) == examined(problem, allocate(problem))


def test_the_share_of_small_bidders_costs_something():
    problem = a_problem(*ONE_WINNER, sme=("b",), sme_share=Fraction(1, 2))
    (cost,) = cost_of_limits(problem, allocate(problem))

    assert (cost.limits, cost.saved, cost.share) == ((Limit("sme_share"),), 30, Fraction(3, 23))


def test_what_cannot_be_awarded_names_the_limits_to_relax():
    with pytest.raises(InfeasibleAllocation) as refused:
        allocate(a_problem(*ONE_WINNER[:2], money={"a": 150}, max_packages=0))

    assert refused.value.values["limits"] == "tender.limits.capacity[a]"
    assert refused.value.values["relaxation"].total == 200


def test_packages_that_do_not_fit_name_the_lot_left_over():
    with pytest.raises(InfeasibleAllocation) as refused:
        allocate(a_problem(offer("p", "a", "12", 9), offer("q", "b", "23", 8), lots="123"))

    assert refused.value.values["limits"] == "tender.lots[1]"


@pytest.mark.parametrize(
    ("chosen", "total", "where"),
    [
        (("a1",), 100, "lots[2]"),
        (("a1", "a2", "b2"), 350, "lots[2]"),
        (("a1", "a2"), 200, "max_lots (a)"),
        (("a1", "b2"), 249, "total"),
        (("b1", "b2"), 280, "money (b)"),
        (("c1", "c2"), 3, "sme_share"),
        (("c1", "nobody"), 3, "offers"),
    ],
)
def test_a_corrupted_answer_is_caught(chosen, total, where):
    problem = a_problem(
        *ONE_WINNER,
        offer("c1", "c", "1", 1),
        offer("c2", "c", "2", 2),
        sme=("a", "b"),
        max_lots=1,
        max_lots_of={"b": 2, "c": 2},
        money={"b": 279},
        sme_share=Fraction(1, 3),
    )
    with pytest.raises(AllocationWrong) as wrong:
        check(problem, chosen, total)

    assert wrong.value.field == where


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda: a_problem(lots="11"), DuplicateName),
        (lambda: a_problem(offer("x", "a", "1", 1), offer("x", "a", "2", 1)), DuplicateName),
        (lambda: a_problem(offer("x", "a", "11", 1)), DuplicateName),
        (lambda: a_problem(offer("x", "a", "3", 1)), UnknownReference),
        (lambda: a_problem(offer("x", "a", "", 1)), Malformed),
        (lambda: a_problem(offer("x", "a", "1", 1.5)), FloatRefused),
        (lambda: a_problem(offer("x", "a", "1", True)), FloatRefused),
        (lambda: a_problem(max_lots=-1), Malformed),
        (lambda: a_problem(money={"a": 1.5}), FloatRefused),
        (lambda: a_problem(sme_share=Fraction(3, 2)), Malformed),
    ],
)
def test_what_is_no_problem_is_refused(change, error):
    with pytest.raises(error):
        change()


NEAR = 2**53


def test_a_centime_on_nine_thousand_billion_decides_between_packages():
    problem = a_problem(
        offer("p", "a", "12", 2 * NEAR),
        offer("x", "b", "1", NEAR - 3),
        offer("y", "c", "2", NEAR + 2),
        offer("z", "d", "2", NEAR + 4),
    )
    whole = examined(problem, allocate(problem))

    assert (whole.award(), whole.total, whole.rivals.next_total) == (
        ("x", "y"),
        2 * NEAR - 1,
        2 * NEAR,
    )


def test_a_share_missed_by_one_centime_is_missed():
    big = 10**9
    offers = (
        offer("s", "small", "1", big),
        offer("l", "large", "2", 3 * big + 1, price=3 * big + 1),
        offer("m", "large", "2", 3 * big + 7, price=3 * big),
    )
    problem = a_problem(*offers, sme=("small",), sme_share=Fraction(1, 4))

    assert allocate(problem).offers == ("s", "m")


def test_amounts_too_far_apart_for_the_solver_are_refused():
    with pytest.raises(PrecisionExceeded):
        allocate(
            a_problem(
                offer("p", "a", "12", 1), offer("x", "b", "1", 2**60 + 1), offer("y", "c", "2", 1)
            )
        )
