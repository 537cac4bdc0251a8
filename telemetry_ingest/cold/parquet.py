"""Files of readings: one day each, sorted by device, metric and time; DuckDB writes and reads."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

KEY = 'device, metric, "at", boot, seq'  # « at » is a word of DuckDB's SQL
READ = """metric, epoch_us("at") AS "at", boot, seq, coalesce(value, 'nan'::double) AS value"""
COLUMNS = (
    "{'device': 'INTEGER', 'metric': 'INTEGER', 'at': 'TIMESTAMP', 'boot': 'INTEGER',"
    " 'seq': 'BIGINT', 'value': 'DOUBLE'}"
)
SETTINGS: dict[str, Any] = {
    "memory_limit": "512MB",
    "threads": 2,
    # Parquet is built in; nothing is ever fetched from the network.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
PLACE = ('"at"', "boot", "seq")
GROUP = 30_000  # readings that are skipped together when their device is not asked for


@dataclass(frozen=True)
class Content:
    """What is in a file: compared before and after."""

    readings: int
    check: int  # the hashes of all readings, added up: their order does not matter


@dataclass(frozen=True)
class Rows:
    """Readings of one device in columns; a failed measurement has the value NaN."""

    metrics: NDArray[np.int64]
    times: NDArray[np.int64]  # microseconds since 1970
    boots: NDArray[np.int64]
    seqs: NDArray[np.int64]
    values: NDArray[np.float64]


@contextmanager
def _opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    config = SETTINGS | {"temp_directory": str(folder)}
    with duckdb.connect(":memory:", config=config) as connection:
        yield connection


def write(exported: Path, before: Path | None, target: Path) -> Content:
    """Write the day's file from what PostgreSQL exported and from the file it had; sorted."""
    source = _source(exported, before)
    with _opened(target.parent) as connection:
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP}"
        connection.execute(f"COPY (SELECT * FROM {source}) TO '{_quoted(target)}' ({options})")  # noqa: S608
        return _content(connection, source)


def content(file: Path) -> Content:
    """Read a whole file back and say what is in it."""
    with _opened(file.parent) as connection:
        return _content(connection, f"read_parquet('{_quoted(file)}')")


def rows(
    file: Path,
    device: int,
    *,
    metric: int | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> Rows:
    """Read the readings of a device, of one metric or of all, in the order of their key."""
    asked, values = ["device = ?"], [device]
    if metric is not None:
        asked.append("metric = ?")
        values.append(metric)
    if between is not None:
        asked.append('"at" >= make_timestamp(?) AND "at" < make_timestamp(?)')
        values += [micros(one) for one in between]
    with _opened(file.parent) as connection:
        found = connection.execute(
            f"SELECT {READ} FROM read_parquet('{_quoted(file)}') "  # noqa: S608
            f"WHERE {' AND '.join(asked)} ORDER BY {KEY}",
            values,
        ).fetchnumpy()
    metrics, times, boots, seqs = (
        np.asarray(found[name], np.int64) for name in ("metric", "at", "boot", "seq")
    )
    return Rows(metrics, times, boots, seqs, np.asarray(found["value"], np.float64))


@dataclass(frozen=True)
class Piece:
    """Which readings of a file are asked for: of one metric, in a stretch, the next few.

    Attributes:
        start: first moment, in microseconds since 1970.
        end: the moment after the last.
        most: how many at most.
        after: moment, start and number of the reading they follow in their order.
        newest_first: the order is from the end.
    """

    device: int
    metric: int
    start: int
    end: int
    most: int
    after: tuple[int, int, int] | None = None
    newest_first: bool = False


def piece(file: Path, asked: Piece) -> list[tuple[int, int, int, float | None]]:
    """Read the next readings of a file: moment, start, number and value of each."""
    where = 'device = ? AND metric = ? AND "at" >= make_timestamp(?) AND "at" < make_timestamp(?)'
    values: list[int] = [asked.device, asked.metric, asked.start, asked.end]
    if asked.after is not None:
        sign = "<" if asked.newest_first else ">"
        where += f" AND ({', '.join(PLACE)}) {sign} (make_timestamp(?), ?, ?)"
        values += asked.after
    order = ", ".join(f"{name} DESC" if asked.newest_first else name for name in PLACE)
    with _opened(file.parent) as connection:
        return connection.execute(
            f"""SELECT epoch_us("at"), boot, seq, value FROM read_parquet('{_quoted(file)}') """  # noqa: S608
            f"WHERE {where} ORDER BY {order} LIMIT ?",
            [*values, asked.most],
        ).fetchall()


TABLE = (
    "{'time': 'TIMESTAMPTZ', 'metric': 'VARCHAR', 'value': 'DOUBLE', 'unit': 'VARCHAR',"
    " 'quality': 'VARCHAR', 'boot': 'INTEGER', 'seq': 'BIGINT'}"
)


def write_table(lines: Path, target: Path, said: Mapping[str, str]) -> None:
    """Write the lines of a downloaded table as Parquet, with what is said of it."""
    told = ", ".join(f"'{_word(name)}': '{_word(text)}'" for name, text in said.items())
    source = (
        f"read_csv('{_quoted(lines)}', columns={TABLE}, header=false, auto_detect=false,"
        " delim=',', nullstr='')"
    )
    with _opened(target.parent) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO '{_quoted(target)}' "  # noqa: S608
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{told}}})"
        )


def _word(text: str) -> str:
    return text.replace("'", "''")


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def micros(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def _source(exported: Path, before: Path | None) -> str:
    """Return what to read; the export comes sorted, and only what joins it is sorted again."""
    csv = (
        f"read_csv('{_quoted(exported)}', columns={COLUMNS}, header=false, auto_detect=false,"
        " delim=',', nullstr='')"
    )
    if before is None:
        return csv
    both = f"SELECT * FROM {csv} UNION SELECT * FROM read_parquet('{_quoted(before)}')"  # noqa: S608
    return f"({both} ORDER BY {KEY})"


def _content(connection: duckdb.DuckDBPyConnection, source: str) -> Content:
    found = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({KEY}, value)), 0) FROM {source}"  # noqa: S608
    ).fetchone()
    assert found is not None
    return Content(int(found[0]), int(found[1]))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
