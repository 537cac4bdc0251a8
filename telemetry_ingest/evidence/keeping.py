"""The readings of a pack as a file, written while it is made: late ones do not change them."""

from __future__ import annotations

import fcntl
import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from portal.settings import get_settings
from telemetry_ingest.evidence.readings import HEADER, Readings

LEVEL = 6
LOCK = ".lock"


def folder() -> Path:
    """Return where these files are: beside the days that were moved to files."""
    return get_settings().telemetry_cold_dir / "evidence"


def file_of(root: str) -> Path:
    """Return the file of the readings with this Merkle root, whether it is there or not."""
    return folder() / f"{root}.csv.gz"


def put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time make a report; where nothing can be locked nobody waits."""
    with ExitStack() as stack:
        with suppress(OSError):
            folder().mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((folder() / LOCK).open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX)  # the operating system gives it back
        yield


@contextmanager
def kept() -> Iterator[Readings]:
    """Give readings that are written to a file as they come; it gets its name at the end."""
    folder().mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder(), suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            with packed(file) as lines:
                readings = Readings(sink=lines)
                yield readings
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(file_of(readings.tree.root))
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def packed(file: BinaryIO) -> Iterator[gzip.GzipFile]:
    """Give what packs lines into a file; the same lines give the same bytes."""
    target = cast("gzip._WritableFileobj", file)
    with gzip.GzipFile("", "wb", LEVEL, target, mtime=0) as lines:
        lines.write(HEADER + b"\n")
        yield lines
