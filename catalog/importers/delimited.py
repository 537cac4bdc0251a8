"""CSV as it is met: any separator, any encoding, quotes that do not close, lines torn in two."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.importers.lines import Line
from catalog.importers.reasons import Reason, Refusal

SEPARATORS = ",;\t|"
LONGEST_ROW = 1 << 18  # characters of one record, over all its lines
MOST_LINES = 60
csv.field_size_limit(LONGEST_ROW * 2)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record and the line it starts on."""

    line: int
    cells: list[object]


def separator_of(heading: str) -> str:
    """Return the separator a heading uses: the one that occurs most."""
    return max(SEPARATORS, key=heading.count)


def rows(source: Iterator[Line]) -> Iterator[Row | Refusal]:
    """Yield the rows of a CSV file, the heading first; blank lines are skipped.

    A record goes on over line ends inside its quotes. When its quote never closes, only its first
    line is refused and reading goes on at the second: one broken row does not eat the file.
    """
    separator, waiting = "", _Waiting(source)
    for line in waiting:
        if line.text is None:
            yield Refusal(line.number, Reason.TOO_LONG)
            continue
        if not line.text.strip():
            continue
        separator = separator or separator_of(line.text)
        cells = _record(line.text, separator, waiting)
        if cells is None:
            yield Refusal(
                line.number, Reason.BROKEN_QUOTES, value=line.text[:200], rows=((line.text,),)
            )
        elif any(cells):
            yield Row(line.number, list(cells))


class _Waiting:
    """Lines that can be looked at and given back."""

    def __init__(self, source: Iterator[Line]) -> None:
        self.source, self.back = source, list[Line]()

    def __iter__(self) -> Iterator[Line]:
        while (line := self.take()) is not None:
            yield line

    def take(self) -> Line | None:
        return self.back.pop() if self.back else next(self.source, None)


def _record(first: str, separator: str, waiting: _Waiting) -> list[str] | None:
    """Return the cells of a record, taking more lines while a quote is open."""
    cells, is_open = _cells(first, separator)
    taken: list[Line] = []
    record = first
    while is_open and len(taken) < MOST_LINES and len(record) < LONGEST_ROW:
        line = waiting.take()
        if line is None:
            break
        taken.append(line)
        if line.text is None:
            break
        record += "\n" + line.text
        if '"' in line.text:
            cells, is_open = _cells(record, separator)
    if cells is None:
        waiting.back.extend(reversed(taken))
    return cells


def _cells(record: str, separator: str) -> tuple[list[str] | None, bool]:
    """Return the cells, or ``None`` and whether it is because a quote is still open."""
    if '"' not in record:
        return record.split(separator), False
    try:
        return next(csv.reader([record], delimiter=separator, strict=True)), False
    except csv.Error as error:
        return None, "unexpected end of data" in str(error)
