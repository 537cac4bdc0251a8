import pytest

from catalog.forms import (
    ClassificationForm,
    DocumentForm,
    NamesForm,
    OriginForm,
    PriceForm,
    ProfileForm,
    RegistrationForm,
    VariantForm,
)
from portal.web.forms import read


def wrong(form, **typed) -> set[str]:
    return set(read(form, typed)[1])


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        ("12 500,00", 1_250_000),
        ("12.500,00 DH", 1_250_000),
        ("1\u202f234\u202f567,89 MAD", 123_456_789),
        ("12500.5", 1_250_050),
        ("١٢٥٠٠", 1_250_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_it_is_written_here(text, centimes):
    form, errors = read(PriceForm, {"price_min_centimes": text})

    assert (errors, form.price_min_centimes) == ({}, centimes)


@pytest.mark.parametrize("text", ["douze", "-5", "12,345", "NaN", "1e400"])
def test_what_is_no_amount_is_refused(text):
    assert wrong(PriceForm, price_min_centimes=text) == {"price_min_centimes"}


@pytest.mark.parametrize(
    ("form", "typed", "fields"),
    [
        (NamesForm, {}, {""}),
        (NamesForm, {"name_ar": "مضخة"}, set()),
        (NamesForm, {"name_fr": "x" * 301}, {"name_fr"}),
        (ClassificationForm, {"emdn_code": "z 1203.01"}, set()),
        (ClassificationForm, {"emdn_code": "12"}, {"emdn_code"}),
        (ClassificationForm, {"risk_class": "IV"}, {"risk_class"}),
        (ClassificationForm, {"is_sterile": "perhaps"}, {"is_sterile"}),
        (OriginForm, {}, {"origin"}),
        (OriginForm, {"origin": "foreign", "country": "de"}, {"country"}),
        (RegistrationForm, {"registration": "registered", "instruction_languages": "xx"},
         {"instruction_languages"}),
        (RegistrationForm, {"registration": "registered",
                            "registration_issued_on-day": "1",
                            "registration_issued_on-month": "1",
                            "registration_issued_on-year": "2026",
                            "registration_expires_on-day": "1",
                            "registration_expires_on-month": "1",
                            "registration_expires_on-year": "2025"},
         {"registration_expires_on"}),
        (PriceForm, {"price_min_centimes": "10", "price_max_centimes": "9"},
         {"price_max_centimes"}),
        (VariantForm, {}, {""}),
        (VariantForm, {"name": "A", "udi_di": "6111234567894"}, {"udi_di"}),
        (VariantForm, {"name": "A", "agency": "none", "udi_di": "whatever"}, set()),
        (VariantForm, {"name": "A", "pack1_udi_di": "6111234567895"}, {"pack1_udi_di"}),
        (VariantForm, {"name": "A", "pack2_contains": "3"}, {""}),
        (VariantForm, {"name": "A", "quantity": "0"}, {"quantity"}),
        (DocumentForm, {"kind": "novel"}, {"kind"}),
        (DocumentForm, {"kind": "other", "language": "xx"}, {"language"}),
        (ProfileForm, {"contact_email": "nobody"}, {"contact_email"}),
        (ProfileForm, {"export_countries": ["SN", "sn"]}, {"export_countries"}),
    ],
)  # fmt: skip
def test_each_form_says_which_field_is_wrong(form, typed, fields):
    assert wrong(form, **typed) == fields


def test_the_classification_takes_the_picked_code_before_the_typed_one():
    form, _ = read(ClassificationForm, {"emdn_code": "A02", "emdn_pick": "Z120301"})

    assert form.columns()["emdn_code"] == "Z120301"


def test_a_device_made_in_morocco_is_of_no_other_country():
    form, _ = read(OriginForm, {"origin": "morocco", "country": "DE"})

    assert form.columns()["country"] == "MA"


def test_an_edition_no_table_can_hold_is_refused():
    form, errors = read(ProfileForm, {"version": "9" * 30})

    assert form is None
    assert list(errors) == ["version"]
