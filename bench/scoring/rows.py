"""A line of the report: what was aimed at, what was measured, and whether it was reached."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One target beside its figure.

    Attributes:
        id: T1 … T13 as numbered in docs/benchmarks.md, S1 … for the project's own.
        what: what was measured, with its size.
        target: what is aimed at, in words.
        measured: our figure with its unit.
        peer: the peer's figure, or the bound's.
        ratio: the number that the target is about; none where there is none.
        met: whether it was reached; none when it could not be measured.
        note: why not, or what else to know.
    """

    id: str
    what: str
    target: str
    measured: str = ""
    peer: str = ""
    ratio: float | None = None
    met: bool | None = None
    note: str = ""


HEADS = ("", "what", "target", "measured", "peer or bound", "ratio", "")


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as the table shows it."""
    ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
    mark = {True: "met", False: "MISSED", None: "not measured"}[row.met]
    return (row.id, row.what, row.target, row.measured, row.peer, ratio, mark)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table with their notes below it."""
    rows = list(rows)
    grid = [HEADS, *map(cells, rows)]
    widths = [max(len(line[n]) for line in grid) for n in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in grid
    ]
    notes = [f"{row.id}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, "", *notes])


def time_text(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
