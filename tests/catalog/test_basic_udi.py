import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.forms import ClassificationForm
from catalog.rules.basic_udi import (
    SIGNS,
    BasicUdi,
    NotABasicUdi,
    check_digits,
    check_pair,
    is_right,
    read_basic_udi,
)
from catalog.states import Agency
from portal.web.forms import read

GS1 = "1987654Ad4X4bL5ttr2310c2K"  # GS1 General Specifications, 7.9.5
HIBCC = "++A999MODELIDENTIFIER11S8"  # EUDAMED help
IFA = "PP12345ABCD.12345678.9004"  # IFA, November 2019


@pytest.mark.parametrize(
    ("text", "agency"), [(GS1, Agency.GS1), (HIBCC, Agency.HIBCC), (IFA, Agency.IFA)]
)
def test_the_examples_of_the_agencies_are_right(text, agency):
    assert read_basic_udi(f" \u200e{text} ") == BasicUdi(text, agency)


@pytest.mark.parametrize(
    ("text", "right"), [(GS1[:-2] + "2M", "2K"), (HIBCC[:-2] + "S9", "S8"), (IFA[:-1] + "5", "04")]
)
def test_a_wrong_check_sign_is_told_with_the_right_one(text, right):
    assert read_basic_udi(text).expected_check == right


@pytest.mark.parametrize("text", ["foo!", "", "x" * 26, "ABCD 1234 é", "1234567#K2", "١٢٣"])
def test_what_no_agency_writes_is_refused(text):
    with pytest.raises(NotABasicUdi):
        read_basic_udi(text)


@pytest.mark.parametrize("text", ["=+A9999MODEL1", "B-1234MODELX", "DE-MF-0001/X", "PP12AB00"])
def test_an_unknown_agency_is_kept_and_not_checked(text):
    assert (read_basic_udi(text), is_right(text)) == (BasicUdi(text, Agency.NONE), False)


def test_letters_of_hibcc_and_ifa_are_capitals_and_those_of_gs1_stay():
    assert [read_basic_udi(one.lower()).value for one in (HIBCC, IFA)] == [HIBCC, IFA]
    assert read_basic_udi(GS1.lower()).expected_check != ""


@given(st.text(st.sampled_from(SIGNS), min_size=5, max_size=18), st.data())
def test_the_pair_finds_every_single_wrong_sign(model, data):
    text = "61123" + model
    place = data.draw(st.integers(5, len(text) - 1))
    other = data.draw(st.sampled_from([sign for sign in SIGNS if sign != text[place]]))

    assert check_pair(text) != check_pair(text[:place] + other + text[place + 1 :])
    assert read_basic_udi(text + check_pair(text)).expected_check == ""


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.", min_size=1, max_size=16))
def test_the_digits_of_ifa_are_accepted(model):
    text = "PP12345" + model

    assert read_basic_udi(text + check_digits(text)).expected_check == ""


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("foo!", "Ce n'est pas un IUD-ID de base"),
        (GS1[:-2] + "2M", "2K"),
    ],
)
def test_the_form_says_what_is_wrong(typed, message):
    form, errors = read(ClassificationForm, {"basic_udi": typed})

    assert (form, list(errors)) == (None, ["basic_udi"])
    assert message in errors["basic_udi"].replace("\u2019", "'").replace("\u202f", " ")


@pytest.mark.parametrize("typed", ["", GS1, "=+A9999MODEL1"])
def test_the_form_keeps_what_is_right_or_not_known(typed):
    form, errors = read(ClassificationForm, {"basic_udi": typed})

    assert (form.basic_udi, errors) == (typed, {})
