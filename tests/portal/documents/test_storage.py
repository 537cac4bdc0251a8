import asyncio
import os

import pytest

from portal.documents.storage import Disk

KEY = "ab" + "0" * 62


async def read(disk: Disk, key: str) -> bytes:
    return b"".join([piece async for piece in disk.read(key)])


async def test_disk_gives_back_what_it_kept(tmp_path):
    disk = Disk(tmp_path)
    data = os.urandom(700_000)

    await asyncio.gather(*(disk.keep(KEY, data) for _ in range(5)))

    assert await read(disk, KEY) == data
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [KEY]


async def test_disk_writes_a_cut_off_file_again(tmp_path):
    disk = Disk(tmp_path)
    await disk.keep(KEY, b"whole")
    disk.path(KEY).write_bytes(b"wh")

    await disk.keep(KEY, b"whole")

    assert await read(disk, KEY) == b"whole"


async def test_disk_lists_old_files_and_removes_them_twice(tmp_path):
    disk = Disk(tmp_path)
    await disk.keep(KEY, b"x")
    os.utime(disk.path(KEY), (1, 1))
    assert await disk.keys(60) == [KEY]

    await disk.keep(KEY, b"x")
    assert await disk.keys(60) == []

    await disk.remove(KEY)
    await disk.remove(KEY)
    with pytest.raises(FileNotFoundError):
        await read(disk, KEY)
