import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.folding import (
    asked_words,
    fold,
    forms,
    identifier_key,
    indexed_words,
    light_stem,
    words,
)

ARABIC = st.text(alphabet=[chr(code) for code in range(0x0621, 0x0653)] + [" "], max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("آسفي", "اسفي", id="madda"),
        pytest.param("ا\u0653سفي", "اسفي", id="madda-decomposed"),
        pytest.param("إدارة", "ادارة", id="hamza-below"),
        pytest.param("أدوات", "ادوات", id="hamza-above"),
        pytest.param("ٱلمغرب", "المغرب", id="wasla"),
        pytest.param("مُسْتَشْفَى", "مستشفي", id="harakat-and-maqsura"),
        pytest.param("مضخـــة", "مضخه", id="tatweel-and-ta-marbuta"),
        pytest.param("٣۴", "34", id="arabic-and-persian-digits"),
        pytest.param("ﻻ", "لا", id="presentation-form"),
        pytest.param("Défibrillateur", "defibrillateur", id="accents"),
        pytest.param("De\u0301fibrillateur", "defibrillateur", id="accents-decomposed"),
        pytest.param("Œil, cæcum, ß", "oeil, caecum, ss", id="ligatures"),
        pytest.param("L’électrocardiographe", " electrocardiographe", id="typographic-elision"),
        pytest.param("patient's", "patient ", id="possessive"),
        pytest.param("µg", "ug", id="micro"),
        pytest.param("ﬁltre", "filtre", id="latin-ligature"),
        pytest.param("a\u200fb\u202ec\ufeff", "abc", id="invisible-marks"),
    ],
)
def test_fold_brings_spellings_together(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("المستلزمات", "مستلزمات"),
        ("والمستشفيات", "مستشفى"),
        ("بالمضخة", "مضخة"),
        ("للأجهزة", "أجهزة"),
        ("défibrillateurs", "défibrillateur"),
        ("perfusions", "perfusion"),
        ("stérilisés", "stérilisée"),
        ("pumps", "pump"),
        ("monitoring", "monitors"),
    ],
)
def test_forms_meet_for_inflections(one, other):
    (first,), (second,) = words(one), words(other)

    assert forms(first) & forms(second)


def test_forms_of_a_reference_are_itself_alone():
    assert forms("ab12s") == {"ab12s"}


def test_indexed_words_leave_out_stop_words_and_join_compounds():
    assert indexed_words("Appareil de rayons-X pour l'hôpital, x-ray") == {
        "appareil", "rayons", "x", "rayonsx", "hopital", "ray", "xray",
    }  # fmt: skip


def test_asked_words_keep_stop_words_when_there_is_nothing_else():
    assert asked_words("les pompes de la clinique") == ["pompes", "clinique"]
    assert asked_words("de la") == ["de", "la"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ECG/12-B", "ECG12B"),
        ("360 1234 567890", "03601234567890"),
        ("٠٣٦٠١٢٣٤٥٦٧٨٩٠", "03601234567890"),
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_identifier_key_is_letters_and_digits(typed, key):
    assert identifier_key(typed) == key


@given(st.text(max_size=60))
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_fold_does_not_depend_on_composition(text):
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(ARABIC)
def test_light_stem_keeps_two_letters(text):
    for word in words(text):
        assert len(light_stem(word)) >= min(len(word), 2)


@given(st.text(max_size=60))
def test_whatever_is_indexed_is_found_by_itself(text):
    for word in asked_words(text):
        assert word in indexed_words(text) or word in asked_words(word)
