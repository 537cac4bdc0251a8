"""Bytes to lines of text, whatever the encoding, never holding more than one line."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from catalog.importers.opening import DAMAGED
from catalog.importers.reasons import FileRefused
from portal.web.i18n import lazy

CHUNK = 1 << 16
LONGEST_LINE = 1 << 20
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BREAK = re.compile(rb"\r\n|\n|\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without its end; ``text`` is ``None`` when it was too long to be kept."""

    number: int
    text: str | None


def chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the bytes of a stream; a damaged archive is said in words.

    Raises:
        FileRefused: the compressed data break off or are damaged.
    """
    try:
        while data := stream.read(CHUNK):
            yield data
    except DAMAGED as error:
        raise FileRefused(
            lazy("%(name)s is damaged or was cut off: download it again."), name=name
        ) from error


def utf8_chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the bytes as UTF-8 without a byte-order mark; UTF-16 files are converted."""
    source = chunks(stream, name)
    first = next(source, b"")
    while len(first) < len(codecs.BOM_UTF8) and (more := next(source, b"")):
        first += more
    encoding = UTF16.get(first[:2])
    if encoding is None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from source
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(first[2:]).encode("utf-8", "replace")
    for data in source:
        yield decoder.decode(data).encode("utf-8", "replace")


def lines(stream: BinaryIO, name: str = "") -> Iterator[Line]:
    """Yield the lines of a text file, numbered from 1; a line longer than 1 MiB has no text."""
    number, rest, dropped = 1, b"", False
    for data in utf8_chunks(stream, name):
        held = rest + data
        # A "\r" at the very end may be the first half of "\r\n": wait for the next bytes.
        tail = b"\r" if held.endswith(b"\r") else b""
        *whole, rest = _BREAK.split(held.removesuffix(tail))
        rest += tail
        for raw in whole:
            yield Line(number, None if dropped or len(raw) > LONGEST_LINE else decoded(raw))
            number, dropped = number + 1, False
        if dropped or len(rest) > LONGEST_LINE:
            rest, dropped = tail, True
    if rest.rstrip(b"\r") or dropped:
        yield Line(number, None if dropped else decoded(rest.rstrip(b"\r")))


def decoded(raw: bytes) -> str:
    """Decode a line: UTF-8, and Windows-1252 for the lines that are not.

    Deciding per line mends the files that were pasted together from two systems.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
