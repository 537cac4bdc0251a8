"""Tables, CSV or Excel alike, as rows addressed by field name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.importers.delimited import Row, rows
from catalog.importers.headings import columns
from catalog.importers.lines import lines
from catalog.importers.opening import SHEETS, Part
from catalog.importers.reasons import FileRefused, Reason, Refusal, Refused
from catalog.importers.sheets import Formula, sheet_rows
from portal.web.i18n import lazy

Notice = Callable[[Sequence[object]], None]


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, with its cells by field."""

    line: int
    cells: list[object]
    places: Mapping[str, int]

    def __getitem__(self, field: str) -> object:
        """Return the cell of a field, "" when the file has no such column."""
        place = self.places.get(field)
        value = "" if place is None or place >= len(self.cells) else self.cells[place]
        if isinstance(value, Formula):
            raise Refused(Reason.FORMULA, field, value)
        return value

    def words(self, field: str) -> str:
        """Return the cell as text, as it stands."""
        value = self[field]
        return value if isinstance(value, str) else str(value)


def raw_rows(part: Part) -> Iterator[Row | Refusal]:
    """Yield the rows of a table file, the heading first."""
    if part.suffix in SHEETS:
        return sheet_rows(part.stream, part.name)
    return rows(lines(part.stream, part.name))


def table(
    part: Part,
    known: Mapping[str, tuple[str, ...]],
    *,
    required: Sequence[str],
    noticed: Notice | None = None,
) -> Iterator[Cells | Refusal]:
    """Yield the rows below the heading; ``noticed`` is told what the heading is.

    A row of a CSV file with more or fewer cells than the heading was torn or wrongly quoted: which
    cell belongs to which column is unknown, so it is refused. Excel leaves empty end cells out.

    Raises:
        FileRefused: there is no heading, or a required column is missing.
    """
    source = raw_rows(part)
    heading = next((row for row in source if isinstance(row, Row)), None)
    if heading is None:
        raise FileRefused(lazy("%(name)s holds no heading row."), name=part.name)
    places = columns(heading.cells, known, required=required)
    if noticed:
        noticed(heading.cells)
    width, exact = len(heading.cells), part.suffix not in SHEETS
    for row in source:
        if isinstance(row, Refusal):
            yield row
        elif exact and len(row.cells) != width:
            words = "; ".join(str(cell) for cell in row.cells)
            yield Refusal(
                row.line, Reason.WRONG_COLUMN_COUNT, value=str(row.cells[0])[:200], rows=((words,),)
            )
        else:
            yield Cells(row.line, row.cells, places)
