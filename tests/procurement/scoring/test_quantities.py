from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring.quantities import exact, rounded

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("-0.25", Fraction(-1, 4)), ("3/4", Fraction(3, 4))]
)
def test_exact_reads_decimals_and_fractions(text, value):
    assert exact(text) == value


@pytest.mark.parametrize("text", ["", "1e3", "1/0", "1,5", " 1", "1_000", "٣", "1" * 61, "nan"])
def test_exact_refuses_what_is_not_plainly_a_number(text):
    with pytest.raises(ValueError, match="not an exact number"):
        exact(text)


@pytest.mark.parametrize("mode", MODES)
@given(value=st.decimals(-(10**6), 10**6, places=3))
def test_rounded_rounds_as_decimal_does(mode, value):
    expected = int(Decimal(value).quantize(Decimal(1), rounding=MODES[mode]))

    assert rounded(Fraction(value), mode) == expected
