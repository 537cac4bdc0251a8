import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from catalog.rules.identifiers import (
    agency_of,
    compact,
    gtin14,
    gtin_check_digit,
    hibc_forms,
    is_gtin,
    keys_of,
    normal_di,
    tidy,
)
from catalog.states import Agency

digits = st.text("0123456789", min_size=7, max_size=7) | st.text(
    "0123456789", min_size=11, max_size=13
)


@given(digits)
def test_a_number_with_our_check_digit_is_a_gtin_for_the_reference_library_too(payload):
    code = payload + gtin_check_digit(payload)

    assert ean.is_valid(code)
    assert is_gtin(code) == (code.strip("0") != "")


@given(digits, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(payload, place, shift):
    code = payload + gtin_check_digit(payload)
    place %= len(code)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]

    assert not is_gtin(wrong)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("6111234567895", "06111234567895"),  # domain facts B2
        (" 611 1234 567895 ", "06111234567895"),
        ("٦١١١٢٣٤٥٦٧٨٩٥", "06111234567895"),
        ("\u200f6111234567895\u200e", "06111234567895"),
    ],
)
def test_gtin14_reads_what_people_paste(typed, stored):
    assert gtin14(typed) == stored


@pytest.mark.parametrize("typed", ["6111234567894", "", "61112345", "abc", "00000000000000"])
def test_gtin14_refuses_what_is_no_gtin(typed):
    with pytest.raises(ValueError, match="not a GTIN"):
        gtin14(typed)


@pytest.mark.parametrize(
    ("code", "agency"),
    [
        ("06111234567895", Agency.GS1),
        ("H373HR060545A3J", Agency.HIBCC),
        ("A9999XYZ100T0944", Agency.ICCBBA),
        ("reference 12", Agency.NONE),
    ],
)
def test_agency_of_guesses_from_the_form(code, agency):
    assert agency_of(code) is agency


def test_hibc_forms_know_the_identifier_with_and_without_its_check_sign():
    # Both ways stand in the GUDID: with check sign, and without.
    assert hibc_forms("H373HR060545A3J") == ("H373HR060545A3J", "H373HR060545A3")
    assert hibc_forms("H3731BSGEC453") == ("H3731BSGEC453", "H3731BSGEC453-")


def test_normal_di_refuses_an_identifier_of_another_agency():
    with pytest.raises(ValueError, match="16 characters"):
        normal_di("A9999", Agency.ICCBBA)
    assert normal_di("=/a9999xyz100t0944", Agency.ICCBBA) == "A9999XYZ100T0944"
    assert normal_di("+h3730n08b3u", Agency.HIBCC) == "H3730N08B3U"


def test_keys_of_finds_a_gtin_by_every_length_it_is_printed_in():
    assert keys_of(["06111234567895", "PM-20/a", "pm20a", ""]) == (
        "06111234567895",
        "6111234567895",
        "PM20A",
    )
    assert keys_of(["96385074"]) == ("96385074", "00000096385074")


@given(st.text(max_size=60))
def test_compact_and_tidy_never_fail_and_are_stable(text):
    assert compact(compact(text)) == compact(text)
    assert tidy(tidy(text)) == tidy(text)
