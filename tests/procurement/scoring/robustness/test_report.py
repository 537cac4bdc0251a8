from dataclasses import fields
from fractions import Fraction

import numpy as np
import pytest

from procurement.scoring import wording
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness import Given, robustness, seed_of
from procurement.scoring.robustness.evaluators import Panel
from procurement.scoring.robustness.evidence import ENTRIES, Tables
from procurement.scoring.robustness.relative import RelativePrice
from procurement.scoring.robustness.resolution import CloseCall, close_calls, published_order
from procurement.scoring.robustness.saying import decimal, percent
from procurement.scoring.robustness.weights import Bands
from tests.procurement.scoring.robustness.matrices import matrix, random_matrix

SEED = seed_of("MD-2026-017", "2026-03-04T10:30Z")
FIXED = (
    "The award follows the published weights. The figures below say how the order would look under "
    "other weights; they are not criteria."
)
MARKS = np.array([[9000, 9100, 1000], [9000, 8900, 1000], [9400, 9010, 7000]])


def everything(prices=(111_000, 95_700, 68_600)):
    column = [(2 * 10_000 * min(prices) + p) // (2 * p) for p in prices]
    marks = [(2 * int(c.sum()) + 3) // 6 for c in MARKS.T]
    looked_at = matrix(
        [[p, q, 9000 - 10 * i] for i, (p, q) in enumerate(zip(column, marks, strict=True))],
        (2000, 6000, 2000),
    )
    tables = np.repeat(looked_at.scores[:, 2:, None], ENTRIES, axis=2)
    return looked_at, Given(
        evidence=Tables((2,), tables),
        relative=RelativePrice(0, prices),
        panels=(Panel(1, ("p", "q", "r"), MARKS, dispute=500),),
    )


def test_all_questions_are_answered_and_said():
    looked_at, given = everything()

    found = robustness(looked_at, seed=SEED, draws=3000, band_bp=2500, given=given)

    unanswered = [f.name for f in fields(found) if getattr(found, f.name) is None]
    assert unanswered == []
    sentences = [wording.sentence(line) for line in (*found.lines, *found.warnings)]
    assert sentences[0] == FIXED
    assert wording.sentence(found.notice) == FIXED
    assert found.uncertain.ranks.tolist() == found.counts.ranks.tolist()
    assert len(found.without_evaluator) == 3
    assert [mark.evaluator for mark in found.disputed] == ["r"]


def test_a_report_is_repeated_bit_by_bit():
    looked_at, given = everything()
    first = robustness(looked_at, seed=SEED, draws=2000, band_bp=1000, given=given)

    again = robustness(looked_at, seed=SEED, draws=2000, band_bp=1000, threads=4, given=given)

    assert (again.lines, again.warnings) == (first.lines, first.warnings)


def test_without_means_a_question_stays_open():
    found = robustness(random_matrix(4, 5), seed=1, draws=500)

    assert found.first_rank is None
    assert found.restricted is None
    assert found.uncertain is None
    assert found.withdrawals is None
    assert found.break_even == found.without_evaluator == found.agreement == ()


def test_repeated_evaluations_answer_where_there_is_no_formula():
    looked_at = random_matrix(3, 2)
    given = Given(
        bands=Bands((0, 0), (10_000, 10_000)),
        winner_without=lambda gone: None,
        prices=(("b0", 100), ("b1", 200)),
        first_at=lambda bid, price: bid == "b0" and price <= 77,
        evaluators=("p",),
        result_without=lambda name: ("b2", Fraction(1, 2)),
    )

    found = robustness(looked_at, seed=1, draws=500, given=given)

    assert found.break_even == (("b0", 77), ("b1", None))
    assert found.withdrawals is not None
    assert found.withdrawals.tried == len(found.withdrawals.reversals) == 6
    assert [one.winner for one in found.without_evaluator] == ["b2"]
    for line in (*found.lines, *found.warnings):
        wording.sentence(line)


def test_a_published_award_is_always_among_those_that_can_win():
    looked_at = random_matrix(30, 5)
    found = robustness(looked_at, seed=1, draws=100)

    winner = next(proof for proof in found.can_win if proof.bid == found.order[0])

    assert winner.verdict == "can_win"


def test_one_bid_alone_has_a_report():
    found = robustness(matrix([[5000, 0]]), seed=1, draws=100)

    assert found.order == ("b0",)
    assert found.counts.ranks.tolist() == [[100]]
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("second", "lead"), [(4999, None), (5000, Fraction(1, 200)), (5001, Fraction(0))]
)
def test_a_lead_below_one_step_of_the_rounding_is_told(second, lead):
    looked_at = matrix([[5000, 5001], [5000, second]], (5000, 5000))

    wanted = () if lead is None else (CloseCall("b0", "b1", lead),)
    assert close_calls(looked_at) == wanted


def test_the_published_order_breaks_ties_by_priority():
    looked_at = ScoreMatrix(("x", "y"), ("c",), np.array([[5], [5]]), (10_000,), np.array([3, 8]))

    assert published_order(looked_at) == (1, 0)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(Fraction(1, 3), 2, "0.33"), (Fraction(-1, 8), 2, "-0.13"), (Fraction(12), 0, "12")],
)
def test_numbers_are_written_half_up(value, places, text):
    assert decimal(value, places) == text
    assert percent(Fraction(1, 3)) == "33.3"
