"""Prices prove in integers which offers cannot matter."""

import random

import pytest
from hypothesis import HealthCheck, given, settings

from procurement.scoring.allocation import pricing
from procurement.scoring.allocation.assignment import assigned
from procurement.scoring.allocation.milp import matrix_of, run, scale, solve_milp
from procurement.scoring.allocation.model import model_of
from procurement.scoring.allocation.pricing import FINE, prices, through_core
from procurement.scoring.allocation.problem import Offer, Problem, Rules
from procurement.scoring.allocation.solving import Effort
from tests.procurement.scoring.allocation.brute import everything, problems


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_every_allocation_costs_at_least_the_bound_and_each_reduced_cost(problem):
    model = model_of(problem)
    scaled = scale(model)
    priced = prices(model, scaled, matrix_of(model))
    if priced is None:
        return
    number = {offer.id: column for column, offer in enumerate(problem.offers)}
    for total, names in everything(problem):
        cost = (total - scaled.offset) // scaled.unit * FINE
        reduced = max((int(priced.reduced[number[name]]) for name in names), default=0)
        assert cost >= priced.bound + max(reduced, 0)


def many(lots=30, bidders=60, packages=20, seed=5):
    """Return a problem of some thousand offers, most of them useless."""
    chance = random.Random(seed)
    names = [f"L{lot}" for lot in range(lots)]
    worth = {name: chance.randrange(10_000, 1_000_000) for name in names}
    offers = []
    for bidder in range(bidders):
        sets = [(name,) for name in names] + [
            tuple(sorted(chance.sample(names, 3))) for _ in range(packages)
        ]
        for wanted in sets:
            price = sum(worth[name] for name in wanted) * chance.randrange(90, 160)
            price = price * (99 if len(wanted) > 1 else 100) // 100
            offers.append(
                Offer(id=str(len(offers)), bidder=str(bidder), lots=wanted, cost=price, price=price)
            )
    return Problem(lots=tuple(names), offers=tuple(offers), rules=Rules(max_lots=3))


@pytest.mark.parametrize("per_lot", [6, 2])
def test_the_few_offers_that_matter_give_what_all_give(monkeypatch, per_lot):
    monkeypatch.setattr(
        pricing, "PER_LOT", per_lot
    )  # with fewer, some that matter are missing at first
    model = model_of(many())
    scaled = scale(model)
    matrix = matrix_of(model)
    few = through_core(model, scaled, matrix, Effort(1000))

    assert few is not None
    assert few == run(model, scaled, matrix, Effort(1000))


def test_assignment_and_programme_agree_on_many_lots():
    model = model_of(many(packages=0))

    assert assigned(model).total == solve_milp(model, Effort(1000)).total
