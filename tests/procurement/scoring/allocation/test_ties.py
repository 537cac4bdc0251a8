"""Equal allocations: the published rules in turn, the draw, and more equals than can be listed."""

import hashlib
from fractions import Fraction
from itertools import product

import msgspec
import pytest

from procurement.scoring import value
from procurement.scoring.allocation.award import awarded
from procurement.scoring.allocation.ties import tie_rules
from procurement.scoring.engine import evaluate
from procurement.scoring.offers import Bidder, Dossier, Mark
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import Criterion, Judged, Lot
from tests.procurement.scoring.allocation.test_outcome import SEED, a_tender, bid

QUALITY = Criterion(id="quality", weight=5000, kind=Judged())


def a_tender_with(ties, lots="12", **limits):
    tender = a_tender(**limits)
    price = msgspec.structs.replace(tender.method.criteria[0], weight=5000)
    method = msgspec.structs.replace(tender.method, criteria=(price, QUALITY), ties=ties)
    return msgspec.structs.replace(tender, method=method, lots=tuple(Lot(id=one) for one in lots))


def evaluated(tender, bids, marks, **rest):
    dossier = Dossier(
        bidders=tuple(Bidder(id=name) for name in "abc"),
        bids=tuple(bids),
        marks=tuple(
            Mark(criterion="quality", bid=name, evaluator="e", points=Fraction(points))
            for name, points in marks.items()
        ),
        **rest,
    )
    return evaluate(EvaluationFile(format="tajhiz.evaluation/1", tender=tender, dossier=dossier))


EQUAL = (bid("p", "a", "12", 200), bid("x", "b", "1", 100), bid("y", "b", "2", 100))


@pytest.mark.parametrize(
    ("marks", "winners"),
    [
        ({"p": 80, "x": 60, "y": 90}, ("p", "p")),  # 2 × 80 are more than 60 + 90
        ({"p": 70, "x": 60, "y": 90}, ("x", "y")),
    ],
)
def test_points_of_a_criterion_count_for_every_lot(marks, winners):
    tender = a_tender_with(("lower_price", "higher:quality", "draw"), max_lots=2)
    found = evaluated(tender, EQUAL, marks)

    assert tuple(lot.winner for lot in found.lots) == winners
    assert [line.rule for line in found.lines if line.code == "allocation.better"] == [
        "higher:quality"
    ]


def test_rules_follow_the_order_of_the_tender():
    points = {"quality": {"p": Fraction(1, 3), "x": Fraction(1, 2)}}
    method = a_tender_with(("higher:quality", "lower_price", "draw")).method
    rules = tie_rules(method, {"p": 7, "x": 8}, points)

    assert [(one.rule, one.numbers) for one in rules] == [
        ("higher:quality", {"p": -2, "x": -3}),
        ("lower_price", {"p": 7, "x": 8}),
    ]


def test_without_a_published_draw_nothing_is_drawn():
    marks = {"p": 75, "x": 60, "y": 90}
    tender = a_tender_with(("lower_price", "higher:quality"), max_lots=2)
    found = evaluated(tender, EQUAL, marks, seed=SEED)

    assert {lot.status for lot in found.lots} == {"draw_needed"}


MANY = "1234567"


def twins(prices, tender, **rest):
    """Evaluate two bidders with one bid each for seven lots, all evaluated at 9."""
    bids = [bid(f"{who}{lot}", who, lot, prices[who, lot]) for who in "ab" for lot in MANY]
    dossier = Dossier(bidders=tuple(Bidder(id=name) for name in "ab"), bids=tuple(bids), **rest)
    outcome = value.evaluate(tender, dossier)
    return awarded(tender, dossier, outcome, {one.id: 9 for one in bids})


def many_tender():
    tender = a_tender(max_lots=6)
    return msgspec.structs.replace(tender, lots=tuple(Lot(id=lot) for lot in MANY))


FLAT = {(who, lot): 9 for who in "ab" for lot in MANY}


def by_hand(prices):
    """Apply rule and draw to all 126 equal choices, one by one."""
    choices = [who for who in product("ab", repeat=7) if 0 < who.count("a") < 7]
    paid = {who: sum(prices[pair] for pair in zip(who, MANY, strict=True)) for who in choices}
    left = [who for who in choices if paid[who] == min(paid.values())]
    for place, lot in enumerate(MANY):
        first = min({who[place] for who in left}, key=lambda who: number(lot, f"{who}{lot}"))
        left = [who for who in left if who[place] == first]
    return [f"{who}{lot}" for who, lot in zip(left[0], MANY, strict=True)]


def number(lot, name):
    return hashlib.sha256(f"{SEED}|{lot}|{name}".encode()).hexdigest()


@pytest.mark.parametrize(
    "prices",
    [
        FLAT,
        FLAT | {("a", "1"): 8, ("b", "2"): 8},
        FLAT | {("a", lot): 8 for lot in MANY},
    ],
)
def test_more_equals_than_are_listed_are_parted_and_drawn_lot_by_lot(prices):
    found = twins(prices, many_tender(), seed=SEED)

    assert [lot.winner for lot in found.lots] == by_hand(prices)


def test_more_equals_than_are_listed_wait_for_the_seed():
    found = twins(FLAT, many_tender())

    assert {lot.status for lot in found.lots} == {"draw_needed"}
    assert [line.code for line in found.lines if "draw" in line.code] == ["allocation.draw_needed"]


def test_more_equals_are_parted_by_a_rule_alone():
    prices = FLAT | {("a", lot): 8 for lot in MANY[:3]} | {("b", lot): 8 for lot in MANY[3:]}
    found = twins(prices, many_tender())

    assert [lot.winner for lot in found.lots] == ["a1", "a2", "a3", "b4", "b5", "b6", "b7"]
    assert "allocation.parted" in [line.code for line in found.lines]
