"""What an import of a manufacturer would do, compared field by field."""

from uuid import UUID

import pytest

from catalog.importers.columns import COLUMNS, KNOWN, choice
from catalog.importers.devices import DraftDevice, DraftVariant, read
from catalog.importers.headings import folded
from catalog.importers.plans import Change, Existing, ExistingVariant, Outcome, Plan, plan
from catalog.importers.reasons import Mistake, Reason, Refusal, Refused
from catalog.importers.templates import csv_template, xlsx_template
from catalog.states import Agency, DeviceState, RiskClass
from portal.web.i18n import language
from tests.catalog.importers.files import read_all, written

A_GTIN = "06119900000011"
ID = UUID(int=1)
OLD = ExistingVariant(UUID(int=2), "P-1-A", "Standard", None, "", 1)


def draft(*variants: DraftVariant, **values: object) -> DraftDevice:
    return DraftDevice(2, "P-1", {"name_fr": "Pompe", **values}, list(variants))


def existing(state: DeviceState = DeviceState.DRAFT, **values: object) -> Existing:
    known = {column: None for column in ("name_ar", "name_en", "price_min_centimes")}
    return Existing(ID, state, 1, {**known, "name_fr": "Pompe", **values}, (OLD,))


def test_plan_creates_what_is_not_there():
    made = plan(draft(), [], frozenset())

    assert isinstance(made, Plan)
    assert (made.outcome, made.changes) == (Outcome.CREATED, [Change("name_fr", None, "Pompe")])


def test_plan_leaves_alone_what_is_equal():
    made = plan(draft(DraftVariant(2, "P-1-A", "Standard")), [existing()], frozenset())

    assert isinstance(made, Plan)
    assert made.outcome is Outcome.UNCHANGED


def test_plan_says_each_field_that_changes():
    made = plan(draft(price_min_centimes=100), [existing(name_fr="Old")], frozenset())

    assert isinstance(made, Plan)
    assert made.changes == [
        Change("name_fr", "Old", "Pompe"),
        Change("price_min_centimes", None, 100),
    ]


def test_plan_gives_a_variant_its_identifier_and_adds_another():
    one = DraftVariant(2, "P-1-A", udi_di=A_GTIN, agency=Agency.GS1)
    made = plan(draft(one, DraftVariant(3, "P-1-B")), [existing()], frozenset())

    assert isinstance(made, Plan)
    assert made.changes == [Change("variant.udi_di", None, A_GTIN, "P-1-A")]
    assert made.changed_variants == {OLD.id: {"udi_di": A_GTIN}}
    assert [one.reference for one in made.new_variants] == ["P-1-B"]


@pytest.mark.parametrize(
    ("made", "found", "taken", "reason"),
    [
        (draft(name_fr=""), [], frozenset(), Reason.NAME_MISSING),
        (draft(), [existing(), existing()], frozenset(), Reason.AMBIGUOUS),
        (draft(name_fr="X"), [existing(DeviceState.PUBLISHED)], frozenset(), Reason.LOCKED),
        (draft(), [existing(DeviceState.SUBMITTED, name_fr="X")], frozenset(), Reason.LOCKED),
        (draft(DraftVariant(2, udi_di=A_GTIN)), [], frozenset({A_GTIN}), Reason.IDENTIFIER_TAKEN),
    ],
)
def test_plan_refuses_what_may_not_be_done(made, found, taken, reason):
    refusal = plan(made, found, taken)

    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


def test_plan_says_everything_that_forbids_it():
    flawed = draft(DraftVariant(3, udi_di=A_GTIN), name_fr="X", brand="B")
    flawed.mistakes.append(Mistake(Reason.WRONG_DATE, "registration_issued_on", "x"))
    before = existing(DeviceState.PUBLISHED, brand="A")

    refusal = plan(flawed, [before], frozenset({A_GTIN}))

    assert isinstance(refusal, Refusal)
    assert [(one.reason, one.field) for one in refusal.mistakes] == [
        (Reason.WRONG_DATE, "registration_issued_on"),
        (Reason.IDENTIFIER_TAKEN, "udi_di"),
        (Reason.LOCKED, "name_fr"),
        (Reason.LOCKED, "brand"),
        (Reason.LOCKED, "udi_di"),
    ]


def test_a_row_with_mistakes_costs_its_device_no_other_variant(tmp_path):
    data = "reference;nom;variant_reference;quantity\nP;Pompe;A;1\nP;;B;0\nP;;C;2\n"

    records, _ = read_all(written(tmp_path, "d.csv", data), read)

    assert [([v.reference for v in one.variants], len(one.mistakes)) for one in records] == [
        (["B"], 1),
        (["A", "C"], 0),
    ]
    assert isinstance(plan(records[0], [], frozenset()), Refusal)
    refusal = plan(records[0], [], frozenset())
    assert isinstance(refusal, Refusal)
    assert [one.field for one in refusal.mistakes] == ["quantity"]  # its name stands above


def test_plan_lets_the_price_of_a_published_device_follow_the_market():
    made = plan(draft(price_min_centimes=5), [existing(DeviceState.PUBLISHED)], frozenset())

    assert isinstance(made, Plan)
    assert made.outcome is Outcome.CHANGED


def test_no_two_columns_answer_to_one_heading():
    names = [folded(name) for column, all_names in KNOWN.items() for name in {column, *all_names}]

    assert sorted(set(names)) == sorted({*names})
    owners = {}
    for column, all_names in KNOWN.items():
        for name in all_names:
            assert owners.setdefault(folded(name), column) == column


@pytest.mark.parametrize("code", ["fr", "ar", "en"])
@pytest.mark.parametrize(("suffix", "make"), [("csv", csv_template), ("xlsx", xlsx_template)])
def test_the_template_can_be_handed_in_as_it_is(tmp_path, code, suffix, make):
    token = language.set(code)
    try:
        path = written(tmp_path, f"t.{suffix}", make())
        records, refusals = read_all(path, read)
    finally:
        language.reset(token)

    assert refusals == []
    assert [one.reference for one in records] == ["POMPE-P1"]
    assert records[0].values["risk_class"] == "IIb"
    assert records[0].values["price_max_centimes"] == 1_240_000
    assert records[0].values["instruction_languages"] == ["fr", "ar"]


RISK = next(column for column in COLUMNS if column.field == "risk_class")


@pytest.mark.parametrize("words", ["IIb", "iib", "Classe IIb", "Class IIb", "class iib"])
def test_choice_reads_a_class_however_it_is_written(words):
    assert choice(RISK, words) == RiskClass.IIB


def test_choice_refuses_a_class_that_is_none():
    with pytest.raises(Refused) as refused:
        choice(RISK, "IV")
    assert refused.value.reason is Reason.UNKNOWN_VALUE


def test_rows_of_one_reference_are_one_device_with_variants(tmp_path):
    data = "reference;nom;variant_reference\nP;Pompe;P-A\nP;Pompe;P-B\nQ;Autre;\n"

    records, _ = read_all(written(tmp_path, "d.csv", data), read)

    assert [[v.reference for v in one.variants] for one in records] == [["P-A", "P-B"], []]


@pytest.mark.parametrize(
    ("cells", "reason", "field"),
    [
        ("udi_di|06119900000012", Reason.WRONG_GTIN, "udi_di"),
        ("udi_di|6,1199E+12", Reason.ROUNDED_NUMBER, "udi_di"),
        ("is_sterile|peut-être", Reason.UNKNOWN_VALUE, "is_sterile"),
        ("registration_expires_on|2027-02-30", Reason.WRONG_DATE, "registration_expires_on"),
        ("price_min_centimes|cher", Reason.WRONG_NUMBER, "price_min_centimes"),
        ("price_min_centimes|-3", Reason.WRONG_NUMBER, "price_min_centimes"),
        ("quantity|0", Reason.WRONG_NUMBER, "quantity"),
        ("country|Maroc", Reason.TOO_LONG, "country"),
        ("instruction_languages|french", Reason.UNKNOWN_VALUE, "instruction_languages"),
        ("emdn_code|Z1", Reason.WRONG_CODE, "emdn"),
    ],
)
def test_a_cell_that_its_column_does_not_take_refuses_the_row(tmp_path, cells, reason, field):
    column, value = cells.split("|")
    path = written(tmp_path, "d.csv", f"reference;name_fr;{column}\nP;Pompe;{value}\n")

    (record,), refusals = read_all(path, read)

    assert refusals == []
    assert [(one.reason, one.field) for one in record.mistakes] == [(reason, field)]
