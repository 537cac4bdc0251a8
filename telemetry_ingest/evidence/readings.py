"""Readings as lines, as the tree of their digests and as arrays: one pass makes all three. Pure.

A line is ``device,metric,at,boot,seq,value``: numbers of the pack's device and of the MDC code, µs
since 1970, the shortest decimal that is the value, nothing for a measurement that failed. Lines
come sorted by the first five and each is there once.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite, nan
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.evidence.merkle import Tree
from telemetry_ingest.statistics.intervals import DAY

HEADER = b"device,metric,at,boot,seq,value"
Row = tuple[int, int, int, int, int, float | None]
PIECE = 100_000
LONGEST = 1_000  # bytes of a line; a file that came by mail may say gigabytes in one


class Sink(Protocol):
    """Where lines are written to."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class _Hash(Protocol):
    """A digest that is not finished."""

    def update(self, data: bytes, /) -> None:
        """Take some bytes."""

    def hexdigest(self) -> str:
        """Return it."""


class OutOfOrder(ValueError):
    """A line is there twice, or not where it belongs; ``args[0]`` is its place."""


@dataclass(frozen=True)
class Series:
    """The readings of one metric of one device: moments (µs, sorted) and values, NaN for failed."""

    at: NDArray[np.int64]
    value: NDArray[np.float64]


NOTHING = Series(np.empty(0, np.int64), np.empty(0, np.float64))


def line(row: Row) -> bytes:
    """Return the line of a reading."""
    *numbers, value = row
    text = "" if value is None else repr(float(value)).removesuffix(".0")
    return f"{','.join(map(str, numbers))},{text}".encode()


def parsed(text: bytes) -> Row:
    """Read a line back.

    Raises:
        ValueError: it is none, or not written as ``line`` writes it.
    """
    device, metric, at, boot, seq, value = text.split(b",")
    row = (
        int(device), int(metric), int(at), int(boot), int(seq), float(value) if value else None
    )  # fmt: skip
    if line(row) != text or not isfinite(row[5] or 0):
        raise ValueError("not canonical")
    return row


@dataclass
class Readings:
    """All readings of a pack, as they come in."""

    tree: Tree = field(default_factory=Tree)
    sink: Sink | None = None
    _last: tuple[int, ...] = ()
    _columns: dict[tuple[int, int], tuple[array[int], array[float]]] = field(default_factory=dict)
    _days: dict[tuple[int, int, int], tuple[int, str]] = field(default_factory=dict)
    _day: tuple[int, int, int] | None = None
    _hash: _Hash = field(default_factory=hashlib.sha256)
    _before: int = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows in turn.

        Raises:
            OutOfOrder: one is not after the one before it.
        """
        for row in rows:
            if row[:5] <= self._last:
                raise OutOfOrder(self.tree.count)
            self._last = row[:5]
            text = line(row)
            if (day := (row[0], row[1], row[2] // DAY * DAY)) != self._day:
                self._end_day(day)
            self._hash.update(text + b"\n")
            self.tree.add(text)
            if self.sink:
                self.sink.write(text + b"\n")
            moments, values = self._columns.get(row[:2]) or self._new(row[:2])
            moments.append(row[2])
            values.append(nan if row[5] is None else row[5])

    def _new(self, key: tuple[int, int]) -> tuple[array[int], array[float]]:
        """Return columns that grow in their place: 16 bytes a reading, and no second copy."""
        found = self._columns[key] = (array("q"), array("d"))
        return found

    def _end_day(self, after: tuple[int, int, int] | None) -> None:
        if self._day:
            self._days[self._day] = (self.tree.count - self._before, self._hash.hexdigest())
        self._day, self._before, self._hash = after, self.tree.count, hashlib.sha256()

    def days(self) -> dict[tuple[int, int, int], tuple[int, str]]:
        """Return how many lines each (device, metric, first µs of the day) has, and their digest.

        The digest is SHA-256 of the lines, each with its end: it says which day was changed.
        """
        self._end_day(None)
        return self._days

    def series(self) -> dict[tuple[int, int], Series]:
        """Return what came, by device and metric: views, so that nothing can be added any more."""
        return {
            key: Series(np.frombuffer(moments, np.int64), np.frombuffer(values, np.float64))
            for key, (moments, values) in self._columns.items()
        }


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of an exported file, ``.csv.gz``, ``.csv`` or ``.parquet``.

    Raises:
        ValueError: it has another header, or is damaged.
        OSError: it cannot be read.
    """
    if path.suffix == ".parquet":
        yield from (line(row) for row in parquet_rows(path))
        return
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        try:
            if file.readline(LONGEST).rstrip(b"\n") != HEADER:
                raise ValueError("header")
            while text := file.readline(LONGEST):
                yield text.rstrip(b"\n")
        except zlib.error as error:
            raise ValueError("damaged") from error


def parquet_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of an exported Parquet file in their order."""
    import duckdb  # noqa: PLC0415 — only this format needs it

    with duckdb.connect() as connection:
        found = connection.execute(
            'SELECT device, metric, "at", boot, seq, value FROM read_parquet($1)'
            ' ORDER BY device, metric, "at", boot, seq',
            [str(path)],
        )
        while rows := found.fetchmany(PIECE):
            yield from rows


COLUMNS = (
    "{'device': 'INTEGER', 'metric': 'INTEGER', 'at': 'BIGINT', 'boot': 'INTEGER',"
    " 'seq': 'BIGINT', 'value': 'DOUBLE'}"
)


def write_parquet(lines: Path, path: Path) -> None:
    """Write an exported CSV as Parquet."""
    import duckdb  # noqa: PLC0415 — only this format needs it

    source, target = (str(one).replace("'", "''") for one in (lines, path))
    read = f"SELECT * FROM read_csv('{source}', header = true, columns = {COLUMNS})"  # noqa: S608
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({read}) TO '{target}' (FORMAT parquet)")
