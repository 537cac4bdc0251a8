from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.robustness.sweep import Span, sweep
from tests.procurement.scoring.robustness.matrices import matrices, matrix


def winner_at(looked_at, criterion, x):
    others = [0 if k == criterion else w for k, w in enumerate(looked_at.weights)]
    if not any(others):
        others = [int(k != criterion) for k in range(len(others))]
    whole = sum(others) or 1
    weights = [x if k == criterion else (1 - x) * Fraction(w, whole) for k, w in enumerate(others)]
    keys = [
        (sum(w * int(s) for w, s in zip(weights, row, strict=True)), int(tie))
        for row, tie in zip(looked_at.scores, looked_at.priority, strict=True)
    ]
    return looked_at.bids[keys.index(max(keys))]


@given(matrices(), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_every_weight_has_the_winner_of_a_full_evaluation(looked_at, at):
    criterion = at % len(looked_at.criteria)
    found = sweep(looked_at, criterion)
    ends = {end for span in found.spans for end in (span.low, span.high)}
    middles = {(span.low + span.high) / 2 for span in found.spans}

    for x in ends | middles | {Fraction(i, 24) for i in range(25)}:
        if len(looked_at.criteria) > 1 or x == 1:
            assert found.winner(x) == winner_at(looked_at, criterion, x)


@given(matrices(), st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_spans_cover_every_weight_once(looked_at, at):
    spans = sweep(looked_at, at % len(looked_at.criteria)).spans

    assert spans[0].low == 0
    assert spans[-1].high == 1
    for before, after in pairwise(spans):
        assert before.high == after.low
        assert before.includes_high != after.includes_low


def test_a_tie_at_a_breakpoint_goes_to_the_preferred_bid():
    looked_at = matrix([[10, 0], [0, 10], [5, 5]], priority=[0, 1, 2])
    half = Fraction(1, 2)

    assert sweep(looked_at, 0).spans == (
        Span("b1", Fraction(0), half, includes_high=False),
        Span("b2", half, half),
        Span("b0", half, Fraction(1), includes_low=False),
    )
