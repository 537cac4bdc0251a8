import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.names import handle, number_of, slug


@pytest.mark.parametrize(
    ("text", "words"),
    [("Pompe à perfusion, 2 voies", "pompe-a-perfusion-2-voies"), ("مضخة", ""), ("  -- ", "")],
)
def test_slug(text, words):
    assert slug(text) == words


def test_handle_takes_the_first_readable_name():
    assert handle(12, "مضخة", "Infusion pump") == "12-infusion-pump"
    assert handle(12, "مضخة") == "12"


@given(st.integers(1, 10**12), st.text(max_size=40))
def test_a_handle_leads_back_to_its_number(number, name):
    assert number_of(handle(number, name)) == number


@pytest.mark.parametrize("text", ["", "pump", "-12", "12pump", "1" * 30])
def test_number_of_refuses_what_is_no_handle(text):
    assert number_of(text) is None
