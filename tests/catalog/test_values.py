from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.values import (
    UNITS,
    Definition,
    NotAValue,
    Value,
    convert,
    read_value,
    unit_code,
    units_beside,
)
from catalog.states import AttributeKind

FLOW = Definition("flow", AttributeKind.NUMBER, unit="mL/h", minimum=0.1, maximum=2000)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1200", 1200),
        ("1 200,5", 1200.5),
        ("1\u202f200,5 ml/h", 1200.5),
        ("0.5 L/h", 500),
        ("١٢٠٠", 1200),
    ],
)
def test_read_value_brings_a_number_to_the_unit_of_its_definition(typed, number):
    assert read_value(typed, FLOW) == Value(number=pytest.approx(number))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("fast", "number"),
        ("", "number"),
        ("NaN", "number"),
        ("12 kg", "unit"),
        ("12 parsecs", "unit"),
        ("0", "too_small"),
        ("-1", "too_small"),
        ("3 L/h", "too_large"),
    ],
)
def test_read_value_says_why_it_refuses_a_number(typed, reason):
    with pytest.raises(NotAValue) as caught:
        read_value(typed, FLOW)

    assert caught.value.reason == reason


def test_read_value_takes_flags_and_choices():
    flag = Definition("alarm", AttributeKind.BOOLEAN)
    choice = Definition("supply", AttributeKind.CHOICE, choices=("battery", "mains"))

    assert read_value("oui", flag) == Value(flag=True)
    assert read_value("لا", flag) == Value(flag=False)
    assert read_value("mains", choice) == Value(text="mains")
    with pytest.raises(NotAValue):
        read_value("perhaps", flag)
    with pytest.raises(NotAValue):
        read_value("sun", choice)


@pytest.mark.parametrize(
    ("amount", "source", "target", "result"),
    [
        ("760", "mm[Hg]", "kPa", "101.3250144354"),
        ("98.6", "[degF]", "Cel", "37"),
        ("0", "Cel", "K", "273.15"),
        ("1", "[in_i]", "mm", "25.4"),
    ],
)
def test_convert_matches_the_reference_values(amount, source, target, result):
    # NIST SP 811, appendix B.
    assert convert(Decimal(amount), source, target) == pytest.approx(Decimal(result))


@given(st.sampled_from(sorted(UNITS)), st.decimals(-1000, 1000, places=3))
def test_convert_there_and_back_is_the_same(unit, amount):
    for other in units_beside(unit):
        assert convert(convert(amount, unit, other), other, unit) == pytest.approx(
            amount, abs=Decimal("1e-9")
        )


def test_unit_code_reads_the_usual_spellings():
    assert [unit_code(one) for one in ("ml", "mmHg", "°C", "kg", "BPM")] == [
        "mL", "mm[Hg]", "Cel", "kg", "/min",
    ]  # fmt: skip
