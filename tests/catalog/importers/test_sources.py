"""The pure part of every source: files of all shapes into records, bad rows into reasons."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers import emdn, eudamed, gudid
from catalog.importers.reasons import FileRefused, Reason
from catalog.importers.records import Term
from catalog.states import Agency, RiskClass
from tests.catalog.importers.files import (
    GTINS,
    eudamed_csv,
    eudamed_row,
    gudid_record,
    gzipped,
    ndjson,
    read_all,
    workbook,
    written,
    zipped,
)

EMDN = "CATEGORY;CATEGORY DESCRIPTION;CODE;TERM;LEVEL;TERMINAL\n"


def test_emdn_reads_the_columns_of_the_commission(tmp_path):
    data = EMDN + "A;DEVICES;A;DEVICES;1;NO\nA;DEVICES;A01;NEEDLES;2;YES\n"

    records, refusals = read_all(written(tmp_path, "emdn.csv", data), emdn.read)

    assert refusals == []
    assert records == [
        Term("A", "", 1, False, {"en": "DEVICES"}),
        Term("A01", "A", 2, True, {"en": "NEEDLES"}),
    ]


def test_emdn_reads_a_french_workbook(tmp_path):
    data = workbook(["Code", "Libellé", "Niveau"], ["V0302", "TOISES", 3])

    records, refusals = read_all(written(tmp_path, "emdn.xlsx", data), emdn.read)

    assert refusals == []
    assert records == [Term("V0302", "V03", 3, None, {"fr": "TOISES"})]


def test_emdn_takes_the_language_that_is_said(tmp_path):
    path = written(tmp_path, "emdn.csv", EMDN + "A;;A01;إبر;2;YES\n")

    records, _ = read_all(path, lambda part: emdn.read(part, "ar"))

    assert records == [Term("A01", "A", 2, True, {"ar": "إبر"})]


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        ("A;;a1;NEEDLES;2;NO", Reason.WRONG_CODE, "emdn"),
        ("A;;A01;NEEDLES;3;NO", Reason.WRONG_LEVEL, "level"),
        ("A;;A01;;2;NO", Reason.NAME_MISSING, "term"),
        ("A;;;NEEDLES;2;NO", Reason.KEY_MISSING, "code"),
        ("A;;A01;NEEDLES;two;NO", Reason.WRONG_NUMBER, "level"),
        ("A;A01;NEEDLES;2;NO", Reason.WRONG_COLUMN_COUNT, ""),
    ],
)
def test_emdn_says_why_a_row_is_refused(tmp_path, row, reason, field):
    records, refusals = read_all(written(tmp_path, "e.csv", f"{EMDN}{row}\n"), emdn.read)

    assert records == []
    assert [(one.line, one.reason, one.field) for one in refusals] == [(2, reason, field)]


def test_a_missing_column_is_one_error_that_names_it_and_those_found(tmp_path):
    path = written(tmp_path, "e.csv", "udi_di,trade_name\n1,2\n")

    with pytest.raises(FileRefused) as refused:
        read_all(path, eudamed.read)

    assert refused.value.values == {"missing": "maker", "found": "udi_di, trade_name"}


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><gudid><device>&c;</device></gudid>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.xml", BOMB.encode(), id="entities"),
        pytest.param("a.xml", b"<html></html>", id="another xml"),
        pytest.param("a.xml", b"not xml at all", id="not xml"),
        pytest.param("a.json", b"{}", id="not a list"),
        pytest.param("a.csv", b"", id="empty"),
        pytest.param("a.zip", b"PK\x03\x04 broken", id="broken zip"),
        pytest.param("a.zip", zipped(readme__pdf=b"%PDF"), id="zip without a table"),
        pytest.param("a.gz", gzipped(ndjson(gudid_record()))[:40], id="cut gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, name, data):
    if name == "a.json":
        records, refusals = read_all(written(tmp_path, name, data), gudid.read)
        assert (records, [one.reason for one in refusals]) == ([], [Reason.KEY_MISSING])
        return
    with pytest.raises(FileRefused):
        read_all(written(tmp_path, name, data), gudid.read)


def test_eudamed_reads_a_table_with_its_class_country_and_name(tmp_path):
    (device,), refusals = read_all(
        written(tmp_path, "e.csv", eudamed_csv(eudamed_row())), eudamed.read
    )

    assert refusals == []
    assert (device.key, device.country, device.emdn) == (GTINS[0], "AT", "Z12020801")
    assert device.risk_class is RiskClass.IIA
    assert device.names == {"en": "Device 0"}


def test_eudamed_reads_the_answer_of_the_public_api(tmp_path):
    answer = {
        "content": [
            {
                "basicUdi": "++E494ZIRKON5F5",
                "primaryDi": "E4947660611",
                "riskClass": {"code": "refdata.risk-class.class-iia"},
                "tradeName": "Zolid",
                "manufacturerName": "Maker AG",
                "manufacturerSrn": "AT-MF-000000252",
                "issuingAgency": {"code": "refdata.issuing-agency.hibcc"},
            }
        ],
        "totalElements": 1,
    }

    (device,), refusals = read_all(written(tmp_path, "e.json", json.dumps(answer)), eudamed.read)

    assert refusals == []
    assert (device.key, device.basic_udi) == ("E4947660611", "++E494ZIRKON5F5")
    assert device.variants[0].agency is Agency.HIBCC
    assert device.risk_class is RiskClass.IIA


@pytest.mark.parametrize("missing", [{"srn": ""}, {"reference": " "}])
def test_eudamed_refuses_a_device_that_nothing_would_find_again(tmp_path, missing):
    row = eudamed_row(udi_di="", **missing)

    records, refusals = read_all(written(tmp_path, "e.csv", eudamed_csv(row)), eudamed.read)

    assert records == []
    assert [one.reason for one in refusals] == [Reason.NOTHING_TO_FIND]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("EU_CLASS_I", RiskClass.I),
        ("EU_CLASS_IIB", RiskClass.IIB),
        ("refdata.risk-class.class-i-sterile", RiskClass.IS),
        ("refdata.risk-class.class-i-measuring-function", RiskClass.IM),
        ("refdata.risk-class.class-d", RiskClass.IVD_D),
        ("Class III", RiskClass.III),
        ("IVDD_GENERAL", RiskClass.UNKNOWN),
        ("", RiskClass.UNKNOWN),
    ],
)
def test_eudamed_reads_every_spelling_of_a_class(tmp_path, said, expected):
    row = eudamed_row(**{"class": said})

    (device,), _ = read_all(written(tmp_path, "e.csv", eudamed_csv(row)), eudamed.read)

    assert device.risk_class is expected


def test_eudamed_keeps_a_code_that_is_not_in_the_nomenclature(tmp_path):
    path = written(tmp_path, "e.csv", eudamed_csv(eudamed_row(emdn="Q-77")))

    (device,), _ = read_all(path, eudamed.read)

    assert device.emdn == "Q-77"


def test_eudamed_shortens_long_names_and_drops_control_characters(tmp_path):
    row = eudamed_row(name="A\x00B\u202e\u00adC " + "x" * 900)

    (device,), _ = read_all(written(tmp_path, "e.csv", eudamed_csv(row)), eudamed.read)

    assert device.names["en"].startswith("ABC xxx")
    assert len(device.names["en"]) == 300


def test_a_torn_row_is_refused_and_its_neighbours_are_read(tmp_path):
    rows = [eudamed_row(0), 'r Adapter, kürzbar",de,ON_MARKET', eudamed_row(1)]

    records, refusals = read_all(written(tmp_path, "e.csv", eudamed_csv(*rows)), eudamed.read)

    assert [one.key for one in records] == [GTINS[0], GTINS[1]]
    assert [one.line for one in refusals] == [3]


def test_a_workbook_whose_numbers_were_rounded_says_so(tmp_path):
    data = workbook(["udi_di", "manufacturer", "trade_name"], ["6.11999E+12", "A", "B"])

    _, refusals = read_all(written(tmp_path, "e.xlsx", data), eudamed.read)

    assert [one.reason for one in refusals] == [Reason.ROUNDED_NUMBER]


def test_a_formula_in_a_workbook_is_refused(tmp_path):
    data = workbook(["udi_di", "manufacturer", "trade_name"], [GTINS[0], "=1+1", "B"])

    _, refusals = read_all(written(tmp_path, "e.xlsx", data), eudamed.read)

    assert [(one.reason, one.field) for one in refusals] == [(Reason.FORMULA, "maker")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
FIELDS = [
    "identifiers", "companyName", "brandName", "gmdnTerms", "deviceSizes", "sterilization",
    "deviceCount", "udiDi", "catalogNumber", "singleUse",
]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_gudid_never_fails_on_a_strange_record(tmp_path_factory, change):
    path = written(
        tmp_path_factory.getbasetemp(), "fuzz.ndjson", ndjson({**gudid_record(), **change})
    )

    records, refusals = read_all(path, gudid.read)

    assert len(records) + len(refusals) == 1


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(eudamed.KEYS)), json_values))
def test_eudamed_never_fails_on_a_strange_record(tmp_path_factory, record):
    path = written(tmp_path_factory.getbasetemp(), "fuzz.ndjson", ndjson(record))

    records, refusals = read_all(path, eudamed.read)

    assert len(records) + len(refusals) == 1


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["csv", "xml", "json", "ndjson", "xlsx", "zip"]))
def test_no_file_makes_a_reader_fail_otherwise_than_in_words(tmp_path_factory, data, suffix):
    path = written(tmp_path_factory.getbasetemp(), f"fuzz.{suffix}", data)

    for source in (gudid, eudamed, emdn):
        try:
            read_all(path, source.read)
        except FileRefused:
            continue
