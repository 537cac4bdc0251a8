"""Excel workbooks, read as a stream, up to a size; formulas are not trusted."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from catalog.importers.delimited import Row
from catalog.importers.measured import MOST_LINES, too_many_rows
from catalog.importers.reasons import FileRefused, Refusal
from portal.web.i18n import lazy

MOST_BYTES = 1 << 27  # unpacked; a workbook of a million rows has about as much
MOST_COLUMNS = 500
MOST_CELLS = 40_000_000  # empty ones too: one far to the right makes all before it
GUARDED = ("=", "+", "-", "@", "\t")  # what a spreadsheet takes for the start of a formula
EXACT = 2**53  # from here on a spreadsheet's number has lost digits


class Formula(str):
    """What stands in a cell that holds a formula: its text, which is not trusted."""

    __slots__ = ()


def sheet_rows(stream: BinaryIO, name: str) -> Iterator[Row | Refusal]:
    """Yield the rows of the first sheet that has any, the heading first.

    Raises:
        FileRefused: it is not a workbook, is damaged, or holds more than is read (128 MiB unpacked,
            a million rows, 500 columns).
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
    met = 0
    for sheet in book.worksheets:  # type: ignore[attr-defined]
        found = False
        # Without a number of columns, the rows between two that are far apart cost nothing.
        for number, row in enumerate(sheet.iter_rows(), 1):
            met += len(row)
            if number > MOST_LINES or met > MOST_CELLS:
                raise too_many_rows(MOST_LINES)
            cells = [_value(cell) for cell in row[:MOST_COLUMNS]]
            if any(cell.value is not None for cell in row[MOST_COLUMNS:]):
                raise FileRefused(
                    lazy("The file has more than %(columns)s columns."), columns=MOST_COLUMNS
                )
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
        return Formula(value)
    if isinstance(value, bool | str | datetime | date):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return str(value)
