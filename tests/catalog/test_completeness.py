from dataclasses import replace
from datetime import date

import pytest

from catalog.rules.completeness import (
    CHECKS,
    Facts,
    Severity,
    Step,
    StepState,
    StepStatus,
    completeness,
    marketable,
    origin_level,
)
from catalog.states import DocumentKind, OriginLevel

EMPTY = Facts(names={}, summaries={}, purposes={})
FULL = Facts(
    names={"fr": "Pompe", "ar": "مضخة", "en": "Pump"},
    summaries={"fr": "Une pompe", "ar": "مضخة"},
    purposes={"fr": "Perfuser"},
    brand="Demo",
    reference="P1",
    emdn_code="A0205",
    emdn_known=True,
    risk_class="IIb",
    flags_said=8,
    variants=2,
    variants_with_udi=2,
    attributes=3,
    attributes_expected=3,
    origin="morocco",
    maturity="series",
    registration="registered",
    registration_number="N 1",
    registration_expires_on=date(2030, 1, 1),
    instruction_languages=("fr",),
    has_price=True,
    photos=1,
    document_kinds=("declaration", "registration"),
)


def test_a_full_record_lacks_nothing():
    result = completeness(FULL)

    assert (result.score, result.findings, result.ready) == (100, (), True)


def test_an_empty_record_names_what_stops_it_and_where():
    result = completeness(EMPTY)

    assert [(one.code, one.step) for one in result.errors] == [
        ("name", Step.NAMES),
        ("summary", Step.PURPOSE),
        ("risk_class", Step.CLASSIFICATION),
        ("emdn", Step.CLASSIFICATION),
        ("variant", Step.VARIANTS),
        ("origin", Step.ORIGIN),
        ("registration", Step.REGISTRATION),
    ]
    assert not result.ready


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"registration_number": ""}, "registration_number", Severity.ERROR),
        ({"emdn_code": "A02"}, "emdn_form", Severity.ERROR),
        ({"emdn_known": False}, "emdn_unknown", Severity.WARNING),
        ({"emdn_terminal": False}, "emdn_terminal", Severity.WARNING),
        ({"variants_with_udi": 1}, "udi", Severity.HINT),
        ({"photos": 0}, "photo", Severity.WARNING),
        ({"origin": "foreign"}, "country", Severity.WARNING),
    ],
)
def test_one_thing_missing_is_one_finding(change, code, severity):
    result = completeness(replace(FULL, **change))

    assert [(one.code, one.severity) for one in result.findings] == [(code, severity)]
    assert result.score < 100


def test_a_device_that_is_not_registered_needs_no_certificate():
    facts = replace(
        FULL, registration="none", registration_number="", registration_expires_on=None,
        document_kinds=("declaration",),
    )  # fmt: skip

    assert completeness(facts).findings == ()


@pytest.mark.parametrize(
    ("step", "changed", "state"),
    [
        (Step.PRICE, {"has_price": False}, StepState(StepStatus.EMPTY)),
        (Step.PRICE, {}, StepState(StepStatus.DONE)),
        (Step.ATTRIBUTES, {"attributes": 0, "attributes_expected": 0},
         StepState(StepStatus.EMPTY)),
        (Step.ATTRIBUTES, {"attributes": 0, "attributes_expected": 3},
         StepState(StepStatus.TODO, 0, 1)),
        (Step.FILES, {"photos": 0, "document_kinds": ()}, StepState(StepStatus.TODO, 0, 3)),
        (Step.NAMES, {"names": {"fr": "", "ar": "", "en": ""}, "reference": ""},
         StepState(StepStatus.NEEDED, 1, 4)),
        (Step.NAMES, {"names": {"fr": "Pompe", "ar": "مضخة"}}, StepState(StepStatus.DONE)),
    ],
)  # fmt: skip
def test_a_page_is_complete_to_complete_or_empty(step, changed, state):
    assert completeness(replace(FULL, **changed)).state_of(step) == state


def test_check_codes_are_unique():
    codes = [code for code, *_ in CHECKS]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("origin", "present", "kinds", "level"),
    [
        ("foreign", "declared", (), OriginLevel.NONE),
        ("morocco", "none", (), OriginLevel.DECLARED),
        ("morocco", "declared", (DocumentKind.ORIGIN_PROOF,), OriginLevel.DOCUMENTED),
        ("morocco", "documented", (), OriginLevel.DECLARED),
        ("morocco", "verified", (), OriginLevel.VERIFIED),
    ],
)
def test_origin_level_follows_the_proof(origin, present, kinds, level):
    assert origin_level(origin, present, kinds) is level


@pytest.mark.parametrize(
    ("registration", "expires_on", "answer"),
    [
        ("registered", date(2026, 1, 1), True),
        ("registered", date(2025, 12, 31), False),
        ("registered", None, True),
        ("in_progress", None, False),
        ("expired", date(2030, 1, 1), False),
    ],
)
def test_marketable_needs_a_registration_that_runs(registration, expires_on, answer):
    assert marketable(registration, expires_on, date(2026, 1, 1)) is answer
