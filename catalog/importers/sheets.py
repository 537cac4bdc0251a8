"""Excel workbooks, read as a stream; formulas are not trusted, rounded numbers are noticed."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from catalog.importers.delimited import Row
from catalog.importers.reasons import FileRefused, Reason, Refusal
from portal.web.i18n import lazy

MOST_BYTES = 1 << 27  # unpacked; a workbook of a million rows has about as much
MOST_COLUMNS = 500
EXACT = 2**53  # from here on a spreadsheet's number has lost digits


class Formula:
    """Stands in a cell that held a formula."""

    def __str__(self) -> str:
        return "="


FORMULA = Formula()


def sheet_rows(stream: BinaryIO, name: str) -> Iterator[Row | Refusal]:
    """Yield the rows of the first sheet that has any, the heading first.

    Raises:
        FileRefused: it is not a workbook, is damaged, or would unpack to more than 128 MiB.
    """
    # Here, because a web process that reads no workbook is 9 MB smaller without it.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(stream) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise FileRefused(lazy("The workbook %(name)s is too large."), name=name)
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        yield from _rows(book)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise FileRefused(
            lazy("%(name)s is not an Excel workbook that can be read."), name=name
        ) from error


def _rows(book: object) -> Iterator[Row | Refusal]:
    for sheet in book.worksheets:  # type: ignore[attr-defined]
        found = False
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            cells = [_value(cell) for cell in row]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                found = True
                yield Row(number, cells)
        if found:
            return


def _value(cell: object) -> object:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return FORMULA
    if isinstance(value, bool | str | datetime | date):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return str(value)


def refusal_of_formula(row: Row) -> Refusal | None:
    """Return the refusal of a row in which a cell holds a formula."""
    if any(cell is FORMULA for cell in row.cells):
        return Refusal(row.line, Reason.FORMULA)
    return None
