import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import DEVICE_INDEX, identifiers_in, price_band
from catalog.searching.asked import number_of, read_asked


def asked(*pairs):
    return read_asked(pairs, DEVICE_INDEX, "fr")


def test_read_asked_reads_every_part_of_the_address():
    found = asked(
        ("q", " pompe "), ("class", "IIb"), ("class", "IIa"), ("emdn", "Z/Z12"),
        ("attribute.flow_min", "1,5"), ("sort", "-newest"), ("page", "3"), ("view", "table"),
    )  # fmt: skip

    query = found.query
    assert (query.words, query.sort, query.page, found.view) == ("pompe", "-newest", 3, "table")
    assert query.chosen == {"class": ("IIb", "IIa"), "emdn": ("Z/Z12",)}
    assert query.ranges == {"attribute.flow": (1.5, None)}


def test_address_says_again_what_was_read_and_nothing_else():
    found = asked(("q", "pompe"), ("colour", "red"), ("class", ""), ("class", "I"), ("page", "1"))

    assert found.address("/fr/devices") == "/fr/devices?q=pompe&class=I"


def test_range_the_wrong_way_round_is_turned():
    found = asked(("attribute.flow_min", "9"), ("attribute.flow_max", "2"))

    assert found.query.ranges == {"attribute.flow": (2.0, 9.0)}


@pytest.mark.parametrize("text", ["NaN", "inf", "1e999", "douze", "1.2.3"])
def test_range_that_is_no_number_is_left_out_and_told(text):
    found = asked(("attribute.flow_min", text))

    assert (found.query.ranges, found.wrong) == ({}, ("attribute.flow",))


@pytest.mark.parametrize(
    ("text", "number"), [("1 200,5", 1200.5), ("1\u202f200", 1200), ("-3", -3), ("", None)]
)
def test_number_of_reads_what_people_write(text, number):
    assert number_of(text) == number


NAMES = st.sampled_from(
    ["q", "page", "sort", "view", "class", "emdn", "x", "attribute.a_min", "attribute.a_max"]
)


@given(st.lists(st.tuples(NAMES, st.text(max_size=30))))
def test_read_asked_takes_anything_and_is_stable(pairs):
    first = read_asked(pairs, DEVICE_INDEX, "fr")

    again = read_asked(first.pairs(), DEVICE_INDEX, "fr")

    assert again.query == first.query


@pytest.mark.parametrize(
    ("centimes", "currency", "band"),
    [
        (None, "MAD", ()),
        (99_999, "MAD", ("0-1000",)),
        (100_000, "MAD", ("1000-5000",)),
        (200_000_000, "MAD", ("1000000-",)),
        (100, "EUR", ()),
    ],
)
def test_price_band_has_its_lower_end_inside(centimes, currency, band):
    assert price_band(centimes, currency) == band


@pytest.mark.parametrize(
    ("typed", "identifiers"),
    [
        ("(01)06111234567895(10)A1", ("(01)06111234567895(10)A1", "06111234567895")),
        ("pompe 12", ("pompe 12",)),
    ],
)
def test_identifiers_in_reads_a_scanned_udi(typed, identifiers):
    assert identifiers_in(typed) == identifiers
