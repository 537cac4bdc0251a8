"""The rows that were refused, kept as they stood: given back as CSV or Excel with the reasons."""

import csv
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from uuid import uuid4

import msgspec

from catalog.importers.columns import KNOWN, REASON, REASON_FIELD, names
from catalog.importers.headings import folded
from catalog.importers.reasons import WORDS, Reason, Refusal
from catalog.importers.reports import safe
from portal.web.i18n import gettext as _
from portal.web.i18n import language

MOST_IN_WORKBOOK = 5000  # a workbook of more takes the server too long; a CSV file does not
BETWEEN = " • "


class Line(msgspec.Struct, omit_defaults=True):
    """One line of the file they wait in: a heading, or the rows of one refusal."""

    heading: list[str] = []
    rows: list[list[str]] = []
    mistakes: list[tuple[Reason, str, str]] = []


class Spool:
    """Writes refused rows while a file is read; in its place only when the whole file was."""

    def __init__(self, path: Path) -> None:
        # A name of its own: the page and the worker may look through a file at the same time.
        self.path, self.part = path, path.with_name(f"{path.name}.{uuid4().hex}.part")
        self.heading: Sequence[object] | None = None
        self.count = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "Spool":
        return self

    def add(self, heading: Sequence[object], refusals: Sequence[Refusal]) -> None:
        """Write refused rows that stand under this heading."""
        for one in refusals:
            if self._file is None:
                self.part.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.part.open("wb")
            if heading != self.heading:
                self.heading = heading
                self._write(Line(heading=[_plain(cell) for cell in heading]))
            rows = [[_plain(cell) for cell in row] for row in one.rows]
            mistakes = [(found.reason, found.field, found.value) for found in one.mistakes]
            self._write(Line(rows=rows or [[]], mistakes=mistakes))
            self.count += len(rows) or 1

    def _write(self, line: Line) -> None:
        assert self._file is not None
        self._file.write(msgspec.json.encode(line) + b"\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()
        if kind is not None:
            self.part.unlink(missing_ok=True)
            return
        for made in self.path.parent.glob(f"{self.path.name}.??.*"):
            made.unlink(missing_ok=True)  # written from the rows before
        if self.count:
            os.replace(self.part, self.path)
        else:
            self.path.unlink(missing_ok=True)


def _plain(cell: object) -> str:
    """Return a cell as text, as a person would type it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def given_back(spool: Path, kind: str) -> Path:
    """Return the refused rows as a file of this kind in the present language, made once."""
    path = spool.with_name(f"{spool.name}.{language.get()}.{kind}")
    if not path.exists():
        # A name of its own: two who ask at once must not write into one file.
        part = path.with_name(f"{path.name}.{uuid4().hex}.part")
        (_write_xlsx if kind == "xlsx" else _write_csv)(part, _table(spool))
        os.replace(part, path)
    return path


def _table(spool: Path) -> Iterator[list[str]]:
    """Yield the heading, then each refused row: the reason first, then the cells as they stood.

    Several files in one archive may have several headings; each cell goes under its own.
    """
    wanted = _headings(spool)
    yield [REASON[language.get()], *wanted.values()]
    places: list[int | None] = []
    called = names(language.get())
    for line in _lines(spool):
        if line.heading:
            order = {name: place for place, name in enumerate(wanted)}
            places = [order.get(_key(cell, place)) for place, cell in enumerate(line.heading)]
            continue
        reason = BETWEEN.join(_said(found, called) for found in line.mistakes)
        for row in line.rows:
            cells = [""] * len(wanted)
            for place, cell in zip(places, row, strict=False):
                if place is not None:
                    cells[place] = cell
            yield [reason, *cells]


def _said(found: tuple[Reason, str, str], called: dict[str, str]) -> str:
    reason, field, value = found
    where = f"{called.get(field, field)}{_(':')} " if field else ""
    return f"{where}{_(WORDS[reason])}" + (f" ({value[:80]})" if value and field else "")


def _headings(spool: Path) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for line in _lines(spool):
        for place, cell in enumerate(line.heading):
            if folded(cell) not in OWN_COLUMN:
                wanted.setdefault(_key(cell, place), cell)
    return wanted


OWN_COLUMN = {folded(name) for name in (REASON_FIELD, *KNOWN[REASON_FIELD])}


def _key(cell: str, place: int) -> str:
    """Return what identifies a column; those without a heading go by their place."""
    return folded(cell) or f"#{place}"


def _lines(spool: Path) -> Iterator[Line]:
    with spool.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=Line)


def _write_csv(path: Path, rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([safe(cell) for cell in row] for row in rows)


def _write_xlsx(path: Path, rows: Iterator[list[str]]) -> None:
    """Write a workbook whose cells are all text: nothing is rounded, nothing is run."""
    from openpyxl import Workbook  # noqa: PLC0415 — as in sheets.py
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused rows")[:31])
    sheet.freeze_panes = "B2"
    sheet.sheet_view.rightToLeft = language.get() == "ar"

    def made(value: str, is_heading: bool) -> Any:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type, cell.number_format = "s", "@"
        if is_heading:
            cell.font = Font(bold=True)
        return cell

    for number, row in enumerate(rows):
        if not number:
            for place in range(1, len(row) + 1):
                sheet.column_dimensions[get_column_letter(place)].width = 60 if place == 1 else 24
        sheet.append([made(cell, not number) for cell in row])
        if number == MOST_IN_WORKBOOK:
            break
    book.save(path)
