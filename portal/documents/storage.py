"""Where files are: by the digest of their content, so that none is ever overwritten by another.

:class:`Storage` is the port; :class:`Disk` is the folder of one machine. A bucket (S3) is another
class with the same four methods.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

PIECE_BYTES = 256 * 1024


class Storage(Protocol):
    """Keeps files under keys ``<sha-256>`` or ``<sha-256>.<derived>``."""

    async def keep(self, key: str, data: bytes) -> None:
        """Keep a file; returning means that it is durable. Keeping it again changes nothing."""

    def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the file in pieces; ``FileNotFoundError`` when there is none."""

    async def keys(self, older_than_s: float) -> list[str]:
        """Return the keys of files not kept (again) within that time."""

    async def remove(self, key: str) -> None:
        """Remove a file; that there is none is no error."""


class Disk:
    """A folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Return where the file of a key is."""
        return self.folder / key[:2] / key

    async def keep(self, key: str, data: bytes) -> None:
        """Write beside, flush to the disk, then rename: a reader sees the whole file or none."""
        await asyncio.to_thread(self._keep, key, data)

    def _keep(self, key: str, data: bytes) -> None:
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size == len(data):
            os.utime(path)  # the sweep must see that it is wanted again
            return
        fresh = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the file in pieces."""
        file = await asyncio.to_thread(self.path(key).open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece
        finally:
            file.close()

    async def keys(self, older_than_s: float) -> list[str]:
        """Return the keys of files not kept (again) within that time."""
        return await asyncio.to_thread(self._keys, time.time() - older_than_s)

    def _keys(self, before: float) -> list[str]:
        files = self.folder.glob("??/*")
        return sorted(file.name for file in files if file.stat().st_mtime < before)

    async def remove(self, key: str) -> None:
        """Remove a file."""
        await asyncio.to_thread(self.path(key).unlink, True)
