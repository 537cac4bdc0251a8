"""The file of a pack's readings: whole under its name, or not there."""

import pytest

from telemetry_ingest.evidence.keeping import file_of, folder, kept, packed
from telemetry_ingest.evidence.readings import lines_of
from tests.telemetry_ingest.evidence.packs import lines, read, rows


def test_it_is_named_by_its_root_and_holds_its_lines():
    with kept() as readings:
        readings.add(rows())

    assert file_of(read().tree.root) == file_of(readings.tree.root)
    assert list(lines_of(file_of(readings.tree.root))) == lines()
    assert [one.name for one in folder().iterdir()] == [f"{readings.tree.root}.csv.gz"]


def test_what_was_broken_off_leaves_nothing():
    with pytest.raises(ZeroDivisionError), kept() as readings:
        readings.add(rows()[:5])
        raise ZeroDivisionError

    assert list(folder().iterdir()) == []


def test_the_same_lines_are_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        with (tmp_path / name).open("wb") as file, packed(file) as target:
            target.write(b"1,2,3\n")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
