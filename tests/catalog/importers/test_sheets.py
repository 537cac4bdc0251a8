"""What a workbook may hold: a few kilobytes can unpack to what fills any machine."""

import io
import tracemalloc
import zipfile

import pytest

from catalog.importers import measured, offers, sheets
from catalog.importers.offers import read_batches
from catalog.importers.reasons import FileRefused
from tests.catalog.importers.files import workbook, written

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 1 << 20


def replaced(data: bytes, name: str, chunks) -> bytes:
    """Return a workbook with one of its parts made of these chunks."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        with new.open(name, "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
    return buffer.getvalue()


def sheet(rows) -> bytes:
    """Return a workbook whose first sheet has these rows of XML."""
    start = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    chunks = [start, *rows, b"</sheetData></worksheet>"]
    return replaced(workbook(["reference"], ["P"]), SHEET, chunks)


def cell(text: str, place: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


HEAD = b'<row r="1">' + cell("reference", "A1") + cell("nom", "B1") + b"</row>"


def read(path) -> int:
    return sum(len(batch) for batch in read_batches(path))


def test_a_workbook_that_unpacks_to_very_much_is_refused_unread(tmp_path):
    blank = b" " * MEGABYTE
    data = sheet([HEAD, *[blank] * 129])
    assert len(data) < MEGABYTE
    path = written(tmp_path, "bomb.xlsx", data)

    tracemalloc.start()
    with pytest.raises(FileRefused) as refused:
        read(path)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refused.value.values == {"name": "bomb.xlsx"}
    assert held < 8 * MEGABYTE


def test_the_strings_of_a_workbook_count_too(tmp_path):
    one = b"<si><t>" + b"x" * 100_000 + b"</t></si>"
    data = replaced(workbook(["reference"], ["P"]), "xl/sharedStrings.xml", [one] * 1400)

    with pytest.raises(FileRefused) as refused:
        read(written(tmp_path, "bomb.xlsx", data))

    assert "too large" in refused.value.message


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path):
    data = sheet([HEAD, *[b" " * MEGABYTE] * 3])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(SHEET).file_size
    lie = data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != data

    with pytest.raises(FileRefused):
        read(written(tmp_path, "lie.xlsx", lie))


def test_a_workbook_inside_an_archive_is_measured_too(tmp_path):
    data = sheet([HEAD, *[b" " * MEGABYTE] * 129])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("list.xlsx", data)

    with pytest.raises(FileRefused) as refused:
        read(written(tmp_path, "l.zip", buffer.getvalue()))

    assert refused.value.values == {"name": "l.zip/list.xlsx"}


@pytest.mark.parametrize("blank", [True, False])
def test_a_workbook_of_too_many_rows_is_refused(tmp_path, monkeypatch, blank):
    monkeypatch.setattr(sheets, "MOST_LINES", 300)
    rows = [
        f'<row r="{number}">'.encode()
        + (b"" if blank else cell(f"R{number}", f"A{number}"))
        + b"</row>"
        for number in range(2, 302)
    ]
    path = written(tmp_path, "l.xlsx", sheet([HEAD, *rows]))

    with pytest.raises(FileRefused) as refused:
        read(path)

    assert refused.value.values == {"rows": 300}
    assert read(written(tmp_path, "l.xlsx", sheet([HEAD, *rows[:-1]]))) == (0 if blank else 299)


def test_one_row_that_says_it_is_the_last_of_a_sheet_does_not_cost_all_before_it(tmp_path):
    far = b'<row r="1048576">' + cell("P", "A1048576") + b"</row>"

    with pytest.raises(FileRefused) as refused:
        read(written(tmp_path, "l.xlsx", sheet([HEAD, far])))

    assert refused.value.values == {"rows": measured.MOST_LINES}


def test_rows_of_one_cell_far_to_the_right_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_CELLS", 100_000)
    rows = [f'<row r="{n}"><c r="XFD{n}"/></row>'.encode() for n in range(2, 9)]

    with pytest.raises(FileRefused):
        read(written(tmp_path, "l.xlsx", sheet([HEAD, *rows])))


async def test_a_workbook_of_too_many_devices_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(offers, "MOST_ROWS", 250)
    rows = [["reference", "nom"], *[[f"R{number}", "Pompe"] for number in range(251)]]
    path = written(tmp_path, "l.xlsx", workbook(*rows))

    with pytest.raises(FileRefused) as refused:
        _ = [batch async for batch in offers.batches(path)]

    assert refused.value.values == {"rows": 250}


def test_a_workbook_of_too_many_columns_is_refused_and_not_cut(tmp_path):
    heading = ["reference", "nom", *[f"c{number}" for number in range(498)]]
    assert read(written(tmp_path, "l.xlsx", workbook(heading, ["P", "Pompe"]))) == 1

    with pytest.raises(FileRefused) as refused:
        read(written(tmp_path, "l.xlsx", workbook([*heading, "one more"], ["P", "Pompe"])))

    assert refused.value.values == {"columns": 500}


def test_the_limit_of_a_workbook_is_what_refuses_it(tmp_path, monkeypatch):
    """Without the limit the same workbook would be read: the tests above do not pass by luck."""
    monkeypatch.setattr(sheets, "MOST_BYTES", 1 << 40)
    row = b'<row r="2">' + cell("P", "A2") + cell("Pompe", "B2") + b"</row>"

    assert read(written(tmp_path, "bomb.xlsx", sheet([HEAD, *[b" " * MEGABYTE] * 129, row]))) == 1
