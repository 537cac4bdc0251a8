"""Lots in their order, ties, draws, rejections, warnings and what the lines tell."""

import hashlib
from fractions import Fraction

import pytest

from procurement.scoring import wording
from procurement.scoring.draw import drawn
from procurement.scoring.offers import Rejection
from procurement.scoring.tender import Limits
from procurement.scoring.value import evaluate, priced
from tests.procurement.scoring.value.given import (
    a_bid,
    a_dossier,
    a_mark,
    a_tender,
    branch,
    coded,
    judged,
    keys,
    order,
    price,
    stated,
)
from tests.procurement.scoring.value.test_refusals import costs, evidence, pack

SEED = "a seed"
COMMITMENT = hashlib.sha256(SEED.encode()).hexdigest()
FULL = 10_000


def test_equal_bids_wait_for_the_draw_and_are_then_drawn():
    bids = [a_bid(name) for name in "CAB"]
    waiting = evaluate(a_tender(price(), draw_commitment=COMMITMENT), a_dossier(*bids))
    done = evaluate(a_tender(price(), draw_commitment=COMMITMENT), a_dossier(*bids, seed=SEED))

    assert (waiting.lots[0].status, waiting.lots[0].winner) == ("draw_needed", None)
    assert order(waiting) == [(1, "A"), (1, "B"), (1, "C")]
    as_drawn = drawn(SEED, COMMITMENT, "1", "ABC")
    assert (done.lots[0].status, done.lots[0].winner) == ("awarded", as_drawn[0])
    assert order(done) == [(1, name) for name in as_drawn]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (("lower_price", "draw"), [(1, "B"), (2, "A"), (3, "C")]),
        (("higher:speed", "lower_price"), [(1, "A"), (2, "C"), (3, "B")]),
        (("higher:speed",), [(1, "A"), (2, "C"), (3, "B")]),
    ],
)
def test_published_rules_part_equal_bids_in_turn(ties, expected):
    tender = a_tender(stated("speed", 5_000), stated("care", 5_000), ties=ties)
    bids = (
        a_bid("A", 3, answers={"speed": 60, "care": 40}),
        a_bid("B", 2, answers={"speed": 40, "care": 60}),
        a_bid("C", 4, answers={"speed": 50, "care": 50}),
    )

    assert order(evaluate(tender, a_dossier(*bids))) == expected


def test_equal_bids_stay_equal_where_no_rule_draws():
    outcome = evaluate(
        a_tender(price(), ties=("lower_price",), draw_commitment=COMMITMENT),
        a_dossier(a_bid("A"), a_bid("B"), seed=SEED),
    )

    assert outcome.lots[0].status == "draw_needed"


def rejected(*bids, lot="1"):
    return tuple(Rejection(lot=lot, bid=bid, reason="not confirmed") for bid in bids)


@pytest.mark.parametrize(
    ("gone", "status", "winner", "amount"),
    [
        ((), "awarded", "A", 100),
        (("A",), "awarded", "B", 110),
        (("A", "B"), "unsuccessful", None, None),
    ],
)
def test_the_next_in_order_wins_when_the_first_is_rejected(gone, status, winner, amount):
    dossier = a_dossier(a_bid("A", 100), a_bid("B", 110), rejections=rejected(*gone))

    lot = evaluate(a_tender(price()), dossier).lots[0]

    assert (lot.status, lot.winner, lot.amount) == (status, winner, amount)
    assert order(evaluate(a_tender(price()), dossier)) == [(1, "A"), (2, "B")]


def test_a_rejection_among_equals_leaves_the_other():
    dossier = a_dossier(a_bid("A"), a_bid("B"), rejections=rejected("B"))

    assert evaluate(a_tender(price()), dossier).lots[0].winner == "A"


def two_lots(**changes):
    bids = (
        a_bid("A1", 100, "1", "a"),
        a_bid("B1", 110, "1", "b"),
        a_bid("A2", 100, "2", "a"),
        a_bid("B2", 150, "2", "b"),
    )
    return evaluate(a_tender(price(), lots=("1", "2"), **changes), a_dossier(*bids))


@pytest.mark.parametrize(
    ("limits", "second", "code"),
    [
        (Limits(), "A2", None),
        (Limits(max_lots=1), "B2", "value.max_lots"),
        (Limits(capacity={"a": 199}), "B2", "value.capacity"),
        (Limits(capacity={"a": 200}), "A2", None),
    ],
)
def test_who_may_win_no_more_is_set_aside_in_later_lots(limits, second, code):
    first, last = two_lots(limits=limits).lots

    assert (first.winner, last.winner) == ("A1", second)
    assert [(one.bid, one.code) for one in last.excluded] == ([("A2", code)] if code else [])
    if code:
        assert coded(last.lines, "value.price")[0].values["lowest"] == 150


def test_a_lot_waits_for_the_draw_of_an_earlier_one():
    bids = (a_bid("A1", 5, "1", "a"), a_bid("B1", 5, "1", "b"), a_bid("A2", 5, "2", "a"))
    tender = a_tender(price(), lots=("1", "2"), limits=Limits(max_lots=1))

    outcome = evaluate(tender, a_dossier(*bids))

    assert [(lot.status, lot.winner) for lot in outcome.lots] == [("draw_needed", None)] * 2
    assert [line.code for line in outcome.lots[1].lines][-1] == "value.waits"


def test_lots_awarded_together_are_ranked_and_not_awarded_one_by_one():
    outcome = two_lots(allocation="together")

    assert [(lot.status, lot.winner) for lot in outcome.lots] == [("not_proven", None)] * 2


def test_evaluated_prices_cover_packages_and_bids_set_aside():
    tender = a_tender(
        stated("speed", FULL, worth=10, minimum=Fraction(20)),
        objective="money",
        allocation="together",
        lots=("1", "2"),
    )
    bids = (
        a_bid("A", 1_000, answers={"speed": 90}),
        a_bid("B", 1_000, answers={"speed": 10}),
        a_bid("C", 1_000, answers={"speed": 90}, admitted=False, refusal="late"),
    )

    found = priced(tender, a_dossier(*bids))

    assert found.evaluated == {"A": 1_100}
    assert [(one.bid, one.code) for one in found.excluded] == [
        ("C", "value.refused"),
        ("B", "value.below_minimum"),
    ]


def test_nobody_left_makes_the_lot_unsuccessful():
    tender = a_tender(stated("speed", 5_000, minimum=Fraction(60)), price(5_000))

    lot = evaluate(tender, a_dossier(a_bid("A", answers={"speed": 59}))).lots[0]

    assert (lot.status, lot.ranking) == ("unsuccessful", ())
    assert evaluate(tender, a_dossier()).lots[0].status == "unsuccessful"


def test_a_published_minimum_is_compared_with_published_points():
    tender = a_tender(stated("speed", FULL, minimum=Fraction(60)), points_decimals=0)

    ranking = evaluate(tender, a_dossier(a_bid("A", answers={"speed": "59.5"}))).lots[0].ranking

    assert [(one.bid, one.key) for one in ranking] == [("A", "60")]


@pytest.mark.parametrize(
    ("aggregate", "points", "expected"),
    [
        ("mean", (1, 2, 5), "125/3"),
        ("median", (1, 2, 5), "25"),
        ("median", (1, 2, 3, 5), "75/2"),
        ("mean", ("3/2", "5/2"), "25"),
    ],
)
def test_marks_are_aggregated_as_published(aggregate, points, expected):
    criterion = judged("quality", FULL, low=Fraction(1), high=Fraction(5), aggregate=aggregate)
    marks = tuple(a_mark(f"E{place}", "A", value) for place, value in enumerate(points))
    tender = a_tender(criterion, round_at="total", points_decimals=6)

    outcome = evaluate(tender, a_dossier(a_bid("A"), marks=marks))

    assert abs(Fraction(keys(outcome)["A"]) - Fraction(expected)) < Fraction(1, 10**6)
    assert len(coded(outcome.lots[0].lines, "value.mark")) == len(points)


def test_the_others_marks_count_where_the_tender_says_so():
    tender = a_tender(judged("quality", FULL, absent="skip"))
    marks = (a_mark("E", "A", None), a_mark("F", "A", 80), a_mark("E", "B", 70))

    outcome = evaluate(tender, a_dossier(a_bid("A"), a_bid("B"), marks=marks))

    assert keys(outcome) == {"A": "80", "B": "70"}
    assert len(coded(outcome.lots[0].lines, "value.mark_absent")) == 1


def test_a_disputed_mark_is_flagged_and_counts():
    tender = a_tender(judged("quality", FULL, dispute=Fraction(20)))
    marks = tuple(a_mark(who, "A", value) for who, value in (("E", 80), ("F", 80), ("G", 50)))

    outcome = evaluate(tender, a_dossier(a_bid("A"), marks=marks))

    assert keys(outcome) == {"A": "70"}
    assert [
        line.values["evaluator"] for line in coded(outcome.lots[0].warnings, "value.dispute")
    ] == ["G"]


def test_a_winner_that_hangs_on_one_evaluator_is_told():
    tender = a_tender(judged("quality", FULL))
    marks = tuple(
        a_mark(who, bid, value)
        for who, bid, value in (("E", "A", 90), ("E", "B", 10), ("F", "A", 50), ("F", "B", 60))
    )

    warnings = evaluate(tender, a_dossier(a_bid("A"), a_bid("B"), marks=marks)).lots[0].warnings

    assert [line.values for line in coded(warnings, "value.one_evaluator")] == [
        {"evaluator": "E", "from": "A", "to": "B"}
    ]


@pytest.mark.parametrize(
    ("changes", "points", "code"),
    [
        ({}, "40", "value.evidence"),
        ({"coverage": Fraction("0.79")}, "30", "value.neutral"),
    ],
)
def test_evidence_is_marked_by_its_lower_bound_or_neutrally(changes, points, code):
    tender = a_tender(evidence(neutral=Fraction(30)))

    outcome = evaluate(tender, a_dossier(a_bid("A"), evidence=(pack(**changes),)))

    assert (keys(outcome), len(coded(outcome.lots[0].lines, code))) == ({"A": points}, 1)


def test_nothing_measured_is_told_and_neutral():
    outcome = evaluate(a_tender(evidence()), a_dossier(a_bid("A")))

    assert (keys(outcome), coded(outcome.lots[0].lines, "value.neutral")[0].values["why"]) == (
        {"A": "0"},
        "nothing was measured",
    )


@pytest.mark.parametrize(("timing", "expected"), [("end", 1_186), ("start", 1_195)])
def test_life_cycle_cost_stands_for_the_price_in_money(timing, expected):
    tender = a_tender(costs(timing=timing), stated("speed", 0, worth=1), objective="money")
    bid = a_bid("A", 1_000, answers={"speed": 100}, flows={"energy": (100, 100)})

    assert keys(evaluate(tender, a_dossier(bid))) == {"A": str(expected)}


@pytest.mark.parametrize(
    ("decimals", "round_at", "lead"), [(0, "criterion", 0), (2, "criterion", None), (0, "total", 0)]
)
def test_a_lead_below_the_resolution_is_told(decimals, round_at, lead):
    tender = a_tender(stated("speed", FULL), points_decimals=decimals, round_at=round_at)
    bids = (a_bid("A", answers={"speed": "80.4"}), a_bid("B", answers={"speed": "80.1"}))

    found = coded(evaluate(tender, a_dossier(*bids)).lots[0].warnings, "value.below_resolution")

    assert [(line.values["lead"], line.values["unrounded"]) for line in found] == (
        [] if lead is None else [(lead, "3/10")]
    )


def test_a_formula_that_weakens_the_price_is_told():
    tender = a_tender(price(formula="linear_between_bounds", best=0, worst=1_000_000))

    lot = evaluate(tender, a_dossier(a_bid("A", 10_000), a_bid("B", 15_000))).lots[0]

    assert [
        line.values["bids"] for line in coded(lot.warnings, "value.price_weight_neutralised")
    ] == ["B"]


def test_every_line_has_a_sentence():
    tender = a_tender(
        price(2_000, floor=6),
        stated("speed", 2_000, minimum=Fraction(10)),
        branch("care", 6_000, judged("quality", FULL, dispute=Fraction(1))),
    )
    bids = [
        a_bid(name, amount, answers={"speed": speed})
        for name, amount, speed in (("A", 5, 50), ("B", 9, 50), ("C", 1, 5))
    ]
    marks = tuple(
        a_mark(who, bid, value) for who, value in (("E", 90), ("F", 50), ("G", 50)) for bid in "ABC"
    )

    lot = evaluate(tender, a_dossier(*bids, marks=marks)).lots[0]

    assert all(wording.sentence(line) for line in (*lot.lines, *lot.warnings))
