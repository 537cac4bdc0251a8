"""Canonical JSON, numbers of 12 digits, and a chain in which no section can be changed or moved."""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.evidence.sealed import FORMAT, NotCanonical, canonical, chained, number


def test_one_way_to_write_a_value():
    assert canonical({"b": [1, "é", None], "a": True}) == '{"a":true,"b":[1,"é",null]}'.encode()
    for value in (1.5, [1.0], {"a": {"b": float("nan")}}, (0.0,)):
        with pytest.raises(NotCanonical):
            canonical(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"), (Fraction(1, 3), "0.333333333333"), (98, "98"), (1e-7, "1e-07"),
        (0.95, "0.95"), (1234567890123.0, "1.23456789012e+12"),
        (None, None), (float("inf"), None), (float("nan"), None),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_near_what_it_stands_for(value):
    assert float(number(value)) == pytest.approx(value, rel=1e-11)


def test_the_chain_by_hand():
    start = hashlib.sha256(FORMAT.encode()).hexdigest()
    first = hashlib.sha256(f"{start}\none\n[1]".encode()).hexdigest()
    head = hashlib.sha256(f"{first}\ntwo\n{{}}".encode()).hexdigest()

    assert chained({"one": [1], "two": {}}) == (
        [
            {"name": "one", "content": [1], "digest": first},
            {"name": "two", "content": {}, "digest": head},
        ],
        head,
    )
    assert chained({"two": {}, "one": [1]})[1] != head
