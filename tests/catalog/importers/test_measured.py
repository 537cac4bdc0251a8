import asyncio
import gzip
import time
from functools import partial

import pytest

from catalog.importers import offers
from catalog.importers.measured import MOST_LINES, Measured
from catalog.importers.offers import batches
from catalog.importers.reasons import FileRefused
from catalog.importers.uploads import plain_name

HEAD = "référence;nom\n".encode()


async def rows_of(path) -> int:
    return sum([len(batch) async for batch in batches(path)])


async def test_a_small_file_that_unpacks_to_very_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(offers, "Measured", partial(Measured, 4 * 2**20))
    path = tmp_path / "list.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEAD)
        for _ in range(5):
            file.write(b"x" * (2**20 - 1) + b"\n")

    with pytest.raises(FileRefused) as refused:
        await rows_of(path)

    assert refused.value.values == {"megabytes": 4}


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
async def test_a_file_of_very_many_blank_lines_is_refused(tmp_path, end):
    path = tmp_path / "list.csv"
    path.write_bytes(HEAD + end * 1_100_000)

    with pytest.raises(FileRefused) as refused:
        await rows_of(path)

    assert refused.value.values == {"rows": MOST_LINES}


async def test_a_file_of_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(offers, "MOST_ROWS", 300)
    path = tmp_path / "list.csv"
    path.write_bytes(HEAD + b"".join(b"R%d;Pompe\n" % number for number in range(300)))
    assert await rows_of(path) == 300

    path.write_bytes(path.read_bytes() + b"one;more\n")
    with pytest.raises(FileRefused) as refused:
        await rows_of(path)

    assert refused.value.values == {"rows": 300}


async def test_reading_a_long_file_keeps_nobody_waiting(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(HEAD + b"A" * 30_000_000 + b"\n" * 500_000)
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    waiting = asyncio.create_task(others())
    await rows_of(path)
    waiting.cancel()

    assert longest < 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/liste.csv", "liste.csv"),
        ("C:\\dossier\\liste.csv", "liste.csv"),
        ("liste\u202evsc.exe.csv", "liste vsc.exe.csv"),
        ("a\x00b\r\nX: y.csv", "a b  X: y.csv"),
        ("قائمة الأجهزة.xlsx", "قائمة الأجهزة.xlsx"),
    ],
)
def test_the_name_of_a_file_is_kept_without_path_and_hidden_signs(given, kept):
    assert plain_name(given) == kept
