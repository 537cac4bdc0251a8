"""The work grows as the file does: steps of the interpreter are counted, never time."""

import sys
from fractions import Fraction

import pytest

from procurement.scoring import references
from procurement.scoring.offers import Rejection
from procurement.scoring.value import evaluate
from tests.procurement.scoring.value.given import (
    a_bid,
    a_dossier,
    a_mark,
    a_tender,
    judged,
    price,
    stated,
)


def steps(tender, dossier):
    """Return how many instructions a check and an evaluation take."""
    count = 0

    def tracer(frame, event, _):
        nonlocal count
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += event == "opcode"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        references.check(tender, dossier)
        evaluate(tender, dossier)
    finally:
        sys.settrace(before)
    return count


def equal_pairs(size):
    """Return bids that are equal two by two in all but the criterion that parts them."""
    bids = [
        a_bid(f"b{place:03d}", answers={"c": place // 2 % 100, "d": place % 2})
        for place in range(size)
    ]
    return a_tender(stated("c", 10_000), stated("d", 0), ties=("higher:d",)), a_dossier(*bids)


def evaluators(size, aggregate="mean"):
    """Return four bids that every evaluator marks."""
    marks = tuple(
        a_mark(f"e{judge:03d}", bid, Fraction(70 + judge + 3 * place, 2))
        for judge in range(size)
        for place, bid in enumerate("ABCD")
    )
    dossier = a_dossier(*(a_bid(bid, 100 + place) for place, bid in enumerate("ABCD")), marks=marks)
    return a_tender(price(5_000), judged("quality", 5_000, aggregate=aggregate)), dossier


def medians(size):
    return evaluators(size, "median")


def lots(size):
    """Return lots of two bids each, the first of which was rejected."""
    names = [f"l{place:03d}" for place in range(size)]
    bids = [
        a_bid(f"{name}-{bidder}", 100 + place, lot=name, bidder=bidder)
        for name in names
        for place, bidder in enumerate("AB")
    ]
    acts = tuple(Rejection(lot=name, bid=f"{name}-A", reason="late") for name in names)
    return a_tender(price(), lots=names), a_dossier(*bids, rejections=acts)


@pytest.mark.parametrize("made", [equal_pairs, evaluators, medians, lots])
def test_twice_the_file_takes_about_twice_the_steps(made):
    assert steps(*made(80)) < 2.3 * steps(*made(40))
