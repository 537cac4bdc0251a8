"""Open what people download: plain, gzip and zip files (also zips of zips), as byte streams."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from catalog.importers.reasons import FileRefused
from portal.web.i18n import lazy

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile)
SHEETS = (".xlsx", ".xlsm")
SKIPPED = (".xsd", ".txt.md5", ".md5", ".pdf", ".html", ".htm", ".docx")
DEEPEST = 2  # a weekly release is a zip of daily zips


@dataclass(frozen=True)
class Part:
    """One file inside the file that was given.

    ``name`` says where it was found ("release.zip/part1.xml"); ``suffix`` is the innermost one;
    ``whole`` is the file that was given, whose position shows how far reading has come.
    """

    name: str
    suffix: str
    stream: BinaryIO
    whole: BinaryIO


def parts(path: Path) -> Iterator[Part]:
    """Yield the files to read, in a stable order.

    Raises:
        FileRefused: there is no such file, it is empty, or an archive is damaged.
    """
    if not path.is_file():
        raise FileRefused(lazy("There is no file %(path)s."), path=path)
    if not path.stat().st_size:
        raise FileRefused(lazy("The file %(path)s is empty."), path=path)
    with path.open("rb") as stream:
        yield from _inside(path.name, stream, stream, 0)


def _inside(name: str, stream: BinaryIO, whole: BinaryIO, depth: int) -> Iterator[Part]:
    """Look through compression, whatever the name says: the first bytes decide."""
    start = stream.read(4)
    stream.seek(0)
    plain = PurePosixPath(name.lower())
    if start[:2] == b"\x1f\x8b":
        inner = plain.with_suffix("") if plain.suffix == ".gz" else plain
        with gzip.open(stream) as opened:
            yield Part(name, inner.suffix, cast(BinaryIO, opened), whole)
    elif start == b"PK\x03\x04" and plain.suffix not in SHEETS:
        yield from _members(name, stream, whole, depth)
    else:
        yield Part(name, plain.suffix, stream, whole)


def _members(name: str, stream: BinaryIO, whole: BinaryIO, depth: int) -> Iterator[Part]:
    if depth >= DEEPEST:
        raise FileRefused(lazy("%(name)s is an archive inside too many archives."), name=name)
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile as error:
        raise FileRefused(lazy("%(name)s is a damaged archive."), name=name) from error
    with archive:
        if "[Content_Types].xml" in archive.namelist():  # a spreadsheet under another name
            stream.seek(0)
            yield Part(name, ".xlsx", stream, whole)
            return
        found = False
        for member in sorted(archive.namelist()):
            if member.endswith("/") or member.lower().endswith(SKIPPED):
                continue
            found = True
            with _opened(archive, member, name) as opened:
                yield from _inside(f"{name}/{member}", opened, whole, depth + 1)
    if not found:
        raise FileRefused(lazy("The archive %(name)s holds no file to import."), name=name)


@contextmanager
def _opened(archive: zipfile.ZipFile, member: str, name: str) -> Iterator[BinaryIO]:
    try:
        opened = archive.open(member)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise FileRefused(
            lazy("%(member)s in %(name)s cannot be opened: it is damaged or has a password."),
            member=member,
            name=name,
        ) from error
    with opened:
        yield cast(BinaryIO, opened)
