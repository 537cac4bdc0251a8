import pickle
from fractions import Fraction

import pytest

from procurement.scoring.canonical import builtins, canonical
from procurement.scoring.outcome import Line, Lines, LotOutcome, said


@pytest.mark.parametrize(
    ("value", "text"), [(7, 7), (Fraction(14, 2), 7), (Fraction(-3, 4), "-3/4"), (0, 0)]
)
def test_said_writes_integers_as_they_are_and_fractions_in_lowest_terms(value, text):
    assert said(value) == text


MADE = (Line(code="a", values={"points": 3}), Line(code="b", subject="B"), Line(code="c"))


def lot(lines):
    return LotOutcome(lot="1", status="unsuccessful", lines=lines)


def test_lines_are_made_once_and_only_when_somebody_reads_them():
    asked = []
    lines = Lines(lambda: asked.append("made") or MADE)
    assert lot(lines).status == "unsuccessful"
    assert asked == []
    assert (len(lines), lines[-1], lines[:2], [*lines]) == (3, MADE[2], MADE[:2], [*MADE])
    assert asked == ["made"]


def test_lines_are_equal_to_the_tuple_written_and_pickled_as_it():
    held, plain = lot(Lines(lambda: MADE)), lot(MADE)
    assert (held, repr(held)) == (plain, repr(plain))
    assert held == lot(Lines(lambda: iter(MADE)))
    assert held != lot(Lines(lambda: MADE[1:]))
    assert (builtins(held), canonical(held)) == (builtins(plain), canonical(plain))
    assert pickle.loads(pickle.dumps(Lines(lambda: MADE))) == MADE
