from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

import pytest
from pydantic import BaseModel, Field, field_validator, model_validator

from portal.web.forms import as_typed, chosen, filled, read, storable
from portal.web.i18n import language, lazy


class Class(StrEnum):
    I = "I"  # noqa: E741
    III = "III"


class DeviceForm(BaseModel):
    name: str = Field(min_length=3, max_length=10)
    pieces: int = Field(ge=1)
    price: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    device_class: Class = Class.I
    sent: date | None = None
    languages: Annotated[list[str], Field(min_length=1)] = ["fr"]
    code: str = ""

    @field_validator("code")
    @classmethod
    def check_code(cls, value: str) -> str:
        if value == "wrong":
            raise ValueError(lazy("Choose yes or no."))
        return value

    @model_validator(mode="after")
    def check_all(self) -> Self:
        if self.name == "together":
            raise ValueError(lazy("Something is missing or not right"))
        return self


@pytest.fixture(autouse=True)
def french():
    token = language.set("fr")
    yield
    language.reset(token)


def test_read_gives_the_checked_form_and_no_message():
    typed = {
        "name": "  Pompe ",
        "pieces": "3",
        "price": "10.50",
        "device_class": "III",
        "sent-day": "7",
        "sent-month": "3",
        "sent-year": "2026",
        "languages": ["fr", " ar ", ""],
        "_csrf_token": "x",
    }

    form, errors = read(DeviceForm, typed)

    assert errors == {}
    assert form == DeviceForm(
        name="Pompe",
        pieces=3,
        price=Decimal("10.50"),
        device_class=Class.III,
        sent=date(2026, 3, 7),
        languages=["fr", "ar"],
    )


def test_read_takes_an_empty_field_as_not_filled_in():
    form, errors = read(DeviceForm, {"name": "Pompe", "pieces": "1", "price": "  ", "sent-day": ""})

    assert errors == {}
    assert form == DeviceForm(name="Pompe", pieces=1)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"name": "Remplissez ce champ.", "pieces": "Remplissez ce champ."}),
        ({"name": "ab"}, {"name": "Écrivez au moins 3 caractères."}),
        ({"name": "a" * 11}, {"name": "Écrivez au plus 10 caractères."}),
        ({"pieces": "x"}, {"pieces": "Écrivez un nombre entier en chiffres, par exemple 12."}),
        ({"pieces": "0"}, {"pieces": "Écrivez 1 ou plus."}),
        ({"price": "0"}, {"price": "Écrivez un nombre supérieur à 0."}),
        ({"price": "1.001"}, {"price": "Écrivez au plus 2 décimales."}),
        ({"device_class": "IV"}, {"device_class": "Choisissez une des réponses de la liste."}),
        ({"sent": "soon"}, {"sent": "Écrivez une date qui existe, par exemple 27 3 2026."}),
        ({"code": "wrong"}, {"code": "Choisissez oui ou non."}),
        ({"name": "together"}, {"": "Quelque chose manque ou n'est pas correct"}),
    ],
)
def test_read_says_what_is_wrong_at_each_field(typed, errors):
    whole = typed if not typed else {"name": "Pompe", "pieces": "1", **typed}

    assert read(DeviceForm, whole) == (None, errors)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("31", "2", "2026"), ("", "2", "2026"), ("1", "2", "26"), ("a", "b", "c")],
)
def test_read_refuses_a_date_that_does_not_exist(day, month, year):
    typed = {
        "name": "Pompe",
        "pieces": "1",
        "sent-day": day,
        "sent-month": month,
        "sent-year": year,
    }

    assert read(DeviceForm, typed) == (
        None,
        {"sent": "Écrivez une date qui existe, par exemple 27 3 2026."},
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [("en", "Write at least 3 characters."), ("ar", "اكتب 3 أحرف على الأقل.")],
)
def test_messages_are_in_the_language_of_the_page(code, message):
    language.set(code)

    assert read(DeviceForm, {"name": "a", "pieces": "1"})[1] == {"name": message}


@pytest.mark.parametrize(
    ("code", "written", "price"),
    [
        ("fr", "12 500,5", "12500.5"),
        ("fr", "12\u202f500,50", "12500.50"),
        ("fr", "12500.5", "12500.5"),
        ("ar", "12.500,5", "12500.5"),
        ("ar", "١٢٫٥", "12.5"),
        ("en", "12,500.5", "12500.5"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(code, written, price):
    language.set(code)

    form, errors = read(DeviceForm, {"name": "Pompe", "pieces": "1 000", "price": written})

    assert errors == {}
    assert form is not None
    assert (form.price, form.pieces) == (Decimal(price), 1000)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("Pompe \u202eexe.fdp\u202c", "Pompe exe.fdp", id="override"),
        pytest.param("\u2066a\u2069\u2067b\u2069\u202a\u202b\u202d", "ab", id="isolates"),
        pytest.param("a\x00b\x07\x1b[31m\x85\x9f\ufeff", "ab[31m", id="controls"),
        pytest.param("un\tdeux\r\ntrois", "un\tdeux\r\ntrois", id="lines stay"),
        pytest.param(
            "مضخة \u200eA-1\u200f می\u200cخواهم", "مضخة \u200eA-1\u200f می\u200cخواهم", id="arabic"
        ),
    ],
)
def test_a_text_keeps_what_is_seen_and_nothing_that_turns_or_steers_it(typed, kept):
    assert storable(typed) == kept
    assert filled({"a": typed, "b": [typed]}) == {"a": kept, "b": [kept]}


def test_several_values_of_one_name_become_a_list():
    typed = as_typed([("a", "1"), ("b", "2"), ("a", "3"), ("a", "4")])

    assert typed == {"a": ["1", "3", "4"], "b": "2"}
    assert (chosen(typed, "a"), chosen(typed, "b"), chosen(typed, "c")) == (
        ["1", "3", "4"],
        ["2"],
        [],
    )
