"""The empty file a manufacturer fills in: headings in one language, an example, allowed values."""

import csv
import io

from catalog.importers.columns import COLUMNS, WORDS, Column, Kind, heading
from portal.web.i18n import gettext as _
from portal.web.i18n import language


def explained(column: Column) -> str:
    """Say in the present language what a cell of a column may hold."""
    if column.choices is not None:
        words = WORDS[column.choices]
        return ", ".join(f"{one.value} ({_(words.get(one, one.value))})" for one in column.choices)
    return {
        Kind.TEXT: _("Text of at most %(most)s characters.", most=column.longest),
        Kind.FLAG: _("Yes or no; empty when not said."),
        Kind.DATE: _("A date, such as 2027-12-31 or 31/12/2027."),
        Kind.MONEY: _("An amount in dirhams, such as 12400.50."),
        Kind.LANGUAGES: _("Language codes with commas between them, such as fr, ar."),
        Kind.NUMBER: _("A whole number."),
    }[column.kind]


def csv_template() -> bytes:
    """Return the file as CSV that a spreadsheet opens rightly."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([heading(column, language.get()) for column in COLUMNS])
    writer.writerow([column.example for column in COLUMNS])
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_template() -> bytes:
    """Return the file as a workbook: a sheet to fill in, and one that explains the columns."""
    from openpyxl import Workbook  # noqa: PLC0415 — as in sheets.py
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Devices")[:31]
    sheet.append([heading(column, language.get()) for column in COLUMNS])
    sheet.append([column.example for column in COLUMNS])
    sheet.freeze_panes = "B2"
    sheet.sheet_view.rightToLeft = language.get() == "ar"
    for place in range(1, len(COLUMNS) + 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 24
        sheet.cell(1, place).font = Font(bold=True)
        # As text, so that a GTIN keeps its zeros and is not rounded.
        sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(2, place).number_format = "@"
    notes = book.create_sheet(_("Columns")[:31])
    for column in COLUMNS:
        notes.append([*column.headings, explained(column)])
    notes.column_dimensions["A"].width = notes.column_dimensions["D"].width = 40
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
