"""Refused rows come back as they stood, with every reason, and can be handed in again."""

import csv
import io

import pytest
from openpyxl import load_workbook

from catalog.importers import refused
from catalog.importers.columns import KNOWN, REASON
from catalog.importers.headings import Unread, unread
from catalog.importers.offers import previewed
from catalog.importers.reasons import Reason, Refusal
from catalog.importers.refused import Spool, given_back
from portal.web.i18n import language
from tests.catalog.importers.files import workbook, written, zipped
from tests.people import make_organisation

HEAD = "Référence du dispositif;Nom en français;Classe de risque;Couleur;IUD-ID (GTIN)\n"
GTIN = "06119900000011"


@pytest.fixture
def french():
    token = language.set("fr")
    yield
    language.reset(token)


async def refused_of(path, folder):
    """Look through a file; return what would be done and the refused rows' file."""
    owner = (await make_organisation()).id
    spool = folder / "run.refused"
    with Spool(spool) as kept:
        preview = await previewed(path, owner, sink=kept.add)
    return preview, spool


def csv_rows(spool) -> list[list[str]]:
    text = given_back(spool, "csv").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


async def test_every_mistake_of_a_row_is_said(db, tmp_path):
    row = "P-1;;IV;rouge;06119900000012\n"
    preview, _ = await refused_of(written(tmp_path, "l.csv", HEAD + row), tmp_path)

    (one,) = preview.refusals
    assert [(found.reason, found.field) for found in one.mistakes] == [
        (Reason.UNKNOWN_VALUE, "risk_class"),
        (Reason.WRONG_GTIN, "udi_di"),
        (Reason.NAME_MISSING, "name_fr"),
    ]
    assert (preview.created, preview.refused) == (0, 1)


async def test_a_row_without_a_reference_has_its_other_mistakes_said_too(db, tmp_path):
    path = written(tmp_path, "l.csv", HEAD + ";Pompe;IV;;\n")
    preview, _ = await refused_of(path, tmp_path)

    (one,) = preview.refusals
    assert [found.reason for found in one.mistakes] == [Reason.KEY_MISSING, Reason.UNKNOWN_VALUE]


async def test_an_identifier_twice_in_a_file_is_the_second_ones_mistake(db, tmp_path):
    rows = [f"A-{number};Pompe;;;\n" for number in range(250)]  # more than a batch
    rows = [f"P-1;Pompe;;;{GTIN}\n", *rows, f"P-2;Pompe;;;{GTIN}\n"]
    preview, _ = await refused_of(written(tmp_path, "l.csv", HEAD + "".join(rows)), tmp_path)

    assert [(one.key, one.reason) for one in preview.refusals] == [("P-2", Reason.IDENTIFIER_TAKEN)]


async def test_refused_rows_come_back_as_they_stood_with_their_reasons(db, tmp_path, french):
    rows = "P-1;Pompe;IIb;bleu;\nP-2;Lit;IV;rouge;+E49 x\nP-3;=1+1;;vert;\n"
    _, spool = await refused_of(written(tmp_path, "l.csv", HEAD + rows), tmp_path)

    heading, *found = csv_rows(spool)
    assert heading == [REASON["fr"], *HEAD.strip().split(";")]
    assert [row[1:] for row in found] == [
        ["P-2", "Lit", "IV", "rouge", "'+E49 x"],
        ["P-3", "'=1+1", "", "vert", ""],
    ]
    assert found[0][0].startswith("Classe de risque")
    assert "(IV)" in found[0][0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("code", ["fr", "ar", "en"])
async def test_mended_rows_are_taken_over_and_the_reason_is_passed_over(db, tmp_path, code, kind):
    rows = f"P-1;Pompe;IIb;;\nP-2;Lit;IV;rouge;{GTIN}\n"
    token = language.set(code)
    try:
        _, spool = await refused_of(written(tmp_path, "l.csv", HEAD + rows), tmp_path)
        made = given_back(spool, kind)
    finally:
        language.reset(token)
    if kind == "xlsx":
        book = load_workbook(made)
        assert book.active.sheet_view.rightToLeft is (code == "ar")
        assert {cell.data_type for row in book.active for cell in row if cell.value} == {"s"}
        assert book.active["F2"].value == GTIN
        book.active["D2"] = "IIb"
        book.save(tmp_path / "mended.xlsx")
    else:
        text = made.read_text("utf-8-sig").replace(";IV;", ";IIb;")
        written(tmp_path, "mended.csv", text)

    preview, _ = await refused_of(tmp_path / f"mended.{kind}", tmp_path)

    assert (preview.created, preview.refused) == (1, 0)
    assert [one.heading for one in preview.unread] == ["Couleur"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_rows_that_nobody_mended_are_refused_again(db, tmp_path, french, kind):
    rows = 'P-1;=1+1;;;\nP-2;Lit\nP-3;"Lit;;;\n;Lit;;;\nP-4;Lit;IV;;\n'
    before, spool = await refused_of(written(tmp_path, "l.csv", HEAD + rows), tmp_path)
    written(tmp_path, f"again.{kind}", given_back(spool, kind).read_bytes())

    again, _ = await refused_of(tmp_path / f"again.{kind}", tmp_path)

    assert (before.created, before.refused) == (0, 5)
    assert (again.created, again.refused) == (0, 5)


async def test_all_rows_of_a_refused_device_come_back(db, tmp_path, french):
    head = "reference;nom;variant_reference\n"
    path = written(tmp_path, "l.csv", head + "P;;A\nP;;B\nQ;Lit;C\n")
    _, spool = await refused_of(path, tmp_path)

    assert [row[1:] for row in csv_rows(spool)[1:]] == [["P", "", "A"], ["P", "", "B"]]


async def test_the_files_of_an_archive_may_have_other_headings(db, tmp_path, french):
    one, two = b"reference;nom;lot\nP;;7\n", b"brand;reference\nB;Q\n"
    path = written(tmp_path, "l.zip", zipped(a__csv=one, b__csv=two))
    preview, spool = await refused_of(path, tmp_path)

    assert csv_rows(spool)[0][1:] == ["reference", "nom", "lot", "brand"]
    assert [row[1:] for row in csv_rows(spool)[1:]] == [["P", "", "7", ""], ["Q", "", "", "B"]]
    assert [one.part for one in preview.refusals] == ["l.zip/a.csv", "l.zip/b.csv"]


async def test_numbers_and_dates_of_a_workbook_come_back_as_text(db, tmp_path, french):
    from datetime import datetime

    day = datetime(2027, 12, 31)  # noqa: DTZ001 — a workbook's days have no zone
    head = ["reference", "sizes", "registration_issued_on", "actif"]
    data = workbook(head, ["P", 12.5, day, True])
    _, spool = await refused_of(written(tmp_path, "l.xlsx", data), tmp_path)

    assert csv_rows(spool)[1][1:] == ["P", "12.5", "2027-12-31", "1"]


async def test_a_file_without_refused_rows_leaves_none_of_an_earlier_look(db, tmp_path, french):
    _, spool = await refused_of(written(tmp_path, "l.csv", HEAD + "P;;;;\n"), tmp_path)
    given_back(spool, "csv")

    await refused_of(written(tmp_path, "l.csv", HEAD + "P;Pompe;;;\n"), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["l.csv"]


def test_two_who_look_through_a_file_at_once_do_not_write_into_one_another(tmp_path, french):
    heading = ["Référence du dispositif"]
    rows = [Refusal(n, Reason.KEY_MISSING, f"P-{n}", rows=((f"P-{n}",),)) for n in range(300)]
    spool = tmp_path / "run.refused"
    with Spool(spool) as page, Spool(spool) as worker:
        page.add(heading, rows)
        worker.add(heading, rows[:1])

    assert [row[1] for row in csv_rows(spool)[1:]] == [f"P-{n}" for n in range(300)]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["run.refused", "run.refused.fr.csv"]


async def test_a_workbook_holds_the_first_rows_only(db, tmp_path, french, monkeypatch):
    monkeypatch.setattr(refused, "MOST_IN_WORKBOOK", 3)
    rows = "".join(f"P-{number};;;;\n" for number in range(9))
    _, spool = await refused_of(written(tmp_path, "l.csv", HEAD + rows), tmp_path)

    assert load_workbook(given_back(spool, "xlsx")).active.max_row == 4
    assert len(csv_rows(spool)) == 10


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Nom en francais", []),
        ("Nom en françai", [Unread("Nom en françai", "name_fr")]),
        ("Classe du risque", [Unread("Classe du risque", "risk_class")]),
        ("رمز الEMDN", [Unread("رمز الEMDN", "emdn_code")]),
        ("Couleur", [Unread("Couleur", "")]),
        ("", []),
        ("Motif du refus", []),
    ],
)
def test_unread_columns_are_named_with_the_nearest_known_one(heading, expected):
    assert unread(["reference", heading], KNOWN) == expected


def test_a_column_the_file_has_already_is_not_proposed():
    assert unread(["reference", "Marque", "Marques"], KNOWN) == [Unread("Marques", "")]
