"""Readings as lines: what is written is what is read, in any of the formats."""

import gzip

import pytest

from telemetry_ingest.evidence.readings import (
    HEADER,
    LONGEST,
    OutOfOrder,
    Readings,
    line,
    lines_of,
    parsed,
    write_parquet,
)
from tests.telemetry_ingest.evidence.packs import lines, rows


@pytest.mark.parametrize("value", [97.0, 0.1, -0.0, 1e-300, 1e300, 1e16, 12345678.9, None])
def test_a_line_is_read_as_it_was_written(value):
    row = (1, 150456, 5, 1, 0, value)

    assert parsed(line(row)) == row
    assert line(parsed(line(row))) == line(row)


@pytest.mark.parametrize(
    "text",
    [b"", b"1,2,3,4,5", b"1,2,3,4,5,97.0", b"1,2,3,4,5, 97", b"1,2,3,4,+5,1", b"1,2,3,4,5,nan"],
)
def test_what_is_no_line(text):
    with pytest.raises(ValueError):  # noqa: PT011 — of any kind
        parsed(text)


def test_a_reading_twice_is_refused():
    readings = Readings()
    readings.add(rows()[:3])
    with pytest.raises(OutOfOrder):
        readings.add(rows()[2:3])


def test_csv_and_parquet_hold_the_same_lines(tmp_path):
    source, target = tmp_path / "it's.csv", tmp_path / "it's.parquet"
    source.write_bytes(b"\n".join([HEADER, *lines()]) + b"\n")
    write_parquet(source, target)

    assert list(lines_of(source)) == list(lines_of(target)) == lines()
    (tmp_path / "other.csv").write_bytes(b"a,b\n")
    with pytest.raises(ValueError, match="header"):
        list(lines_of(tmp_path / "other.csv"))


def test_a_file_made_to_fill_the_memory_or_damaged_on_the_way_is_refused(tmp_path):
    endless, damaged = tmp_path / "endless.csv.gz", tmp_path / "damaged.csv.gz"
    endless.write_bytes(gzip.compress(HEADER + b"\n" + b"1" * 5_000_000))
    content = bytearray(gzip.compress(b"\n".join([HEADER, *lines()]) + b"\n"))
    content[20] ^= 0xFF
    damaged.write_bytes(content)

    assert len(next(lines_of(endless))) == LONGEST
    for file in (endless, damaged):
        with pytest.raises((ValueError, OSError)):
            Readings().add(parsed(one) for one in lines_of(file))
