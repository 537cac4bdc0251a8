from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from procurement.scoring import value
from procurement.scoring.offers import Bid, Bidder, Dossier, Mark
from procurement.scoring.robustness import asking, robustness
from procurement.scoring.robustness.asking import given_for
from procurement.scoring.tender import Criterion, Price
from tests.procurement.scoring.value.given import a_tender, judged


def a_contest(formula="low_over_price", ties=("lower_price", "draw"), bids=6, seed=1):
    chance = np.random.default_rng(seed)
    tender = a_tender(
        Criterion(id="price", weight=4000, kind=Price(formula=formula)),
        judged("quality", 6000),
        ties=ties,
    )
    names = [f"b{place}" for place in range(bids)]
    dossier = Dossier(
        bidders=tuple(Bidder(id=name) for name in names),
        bids=tuple(
            Bid(id=name, bidder=name, lots=("1",), price=int(chance.integers(500, 900)))
            for name in names
        ),
        marks=tuple(
            Mark(evaluator=judge, bid=name, criterion="quality", points=Fraction(points))
            for name in names
            for judge, points in zip("pqr", chance.integers(70, 101, 3).tolist(), strict=True)
        ),
    )
    return tender, dossier, value.score_matrix(tender, dossier, "1")


@pytest.mark.parametrize("formula", ["low_over_price", "linear_min_max"])
@pytest.mark.parametrize("ties", [("lower_price", "draw"), ("draw",)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fast_way_agrees_with_the_engine(formula, ties, seed, monkeypatch):
    contest = a_contest(formula, ties, seed=seed)
    slow = robustness(contest[2], seed=1, draws=100, given=given_for(*contest[:2], "1", contest[2]))
    monkeypatch.setattr(asking, "REPEATED_UP_TO", 0)

    given = given_for(*contest[:2], "1", contest[2])
    fast = robustness(contest[2], seed=1, draws=100, given=given)

    assert given.relative is not None
    assert dict(fast.break_even) == dict(slow.break_even)
    assert fast.withdrawals.tried == slow.withdrawals.tried
    assert {(frozenset(t.withdrawn), t.expected, t.winner) for t in fast.withdrawals.reversals} == {
        (frozenset(t.withdrawn), t.expected, t.winner) for t in slow.withdrawals.reversals
    }


def test_each_evaluator_is_left_out_by_the_engine():
    tender, dossier, matrix = a_contest()

    found = robustness(matrix, seed=1, draws=100, given=given_for(tender, dossier, "1", matrix))

    for one in found.without_evaluator:
        marks = tuple(mark for mark in dossier.marks if mark.evaluator != one.evaluator)
        alone = Dossier(bidders=dossier.bidders, bids=dossier.bids, marks=marks)
        assert value.evaluate(tender, alone).lots[0].winner == one.winner
    assert [one.evaluator for one in found.without_evaluator] == ["p", "q", "r"]


def test_an_only_evaluator_cannot_be_left_out():
    tender, dossier, _ = a_contest()
    marks = tuple(mark for mark in dossier.marks if mark.evaluator == "p")
    alone = Dossier(bidders=dossier.bidders, bids=dossier.bids, marks=marks)
    matrix = value.score_matrix(tender, alone, "1")

    found = robustness(matrix, seed=1, draws=100, given=given_for(tender, alone, "1", matrix))

    assert [(one.evaluator, one.winner) for one in found.without_evaluator] == [("p", None)]


def test_the_order_is_that_of_the_award():
    tender, dossier, matrix = a_contest(bids=20)

    found = robustness(matrix, seed=1, draws=100, given=given_for(tender, dossier, "1", matrix))

    ranking = value.evaluate(tender, dossier).lots[0].ranking
    assert list(found.order) == [ranked.bid for ranked in ranking]


def test_an_absolute_formula_has_no_fast_way_and_only_single_withdrawals(monkeypatch):
    tender, dossier, matrix = a_contest("difference_to_lowest")
    monkeypatch.setattr(asking, "REPEATED_UP_TO", 0)

    given = given_for(tender, dossier, "1", matrix)

    assert (given.relative, given.pairs_up_to, given.first_at) == (None, 0, None)
    found = robustness(matrix, seed=1, draws=100, given=replace(given, evaluators=()))
    assert found.withdrawals.tried == 6


def test_how_far_the_evaluators_agree_is_told_of_a_tender():
    tender, dossier, matrix = a_contest()
    marks = tuple(replace_points(mark) for mark in dossier.marks)
    alike = Dossier(bidders=dossier.bidders, bids=dossier.bids, marks=marks)
    again = value.score_matrix(tender, alike, "1")

    found = robustness(matrix, seed=1, draws=100, given=given_for(tender, dossier, "1", matrix))
    same = robustness(again, seed=1, draws=100, given=given_for(tender, alike, "1", again))

    assert [(one.criterion, one.kendall_w) for one in same.agreement] == [("quality", 1)]
    assert [one.criterion for one in found.agreement] == ["quality"]
    assert 0 <= found.agreement[0].kendall_w < 1
    assert [line.values["w"] for line in same.lines if line.code == "robustness.agreement"] == [
        "1.00"
    ]


def replace_points(mark):
    """Return a mark as every evaluator would give it who orders the bids by their names."""
    return Mark(
        evaluator=mark.evaluator,
        bid=mark.bid,
        criterion=mark.criterion,
        points=Fraction(70 + int(mark.bid[1:])),
    )
