from fractions import Fraction

import pytest

from procurement.scoring.outcome import said


@pytest.mark.parametrize(
    ("value", "text"), [(7, 7), (Fraction(14, 2), 7), (Fraction(-3, 4), "-3/4"), (0, 0)]
)
def test_said_writes_integers_as_they_are_and_fractions_in_lowest_terms(value, text):
    assert said(value) == text
