"""Examining a PDF without opening it: it must be whole, unlocked and without anything active.

This is a sieve, not a proof: whoever needs certainty sets up the virus scanner too.
"""

import re
import zlib
from collections.abc import Iterator

from portal.documents.errors import PdfActive, PdfLocked, PdfUnreadable

UNPACKED_LIMIT = 64 * 1024 * 1024  # of all object streams together
ACTIVE = (
    b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA",
    b"ImportData", b"SubmitForm", b"GoToE",
)  # fmt: skip
NAME = re.compile(rb"/((?:[^\x00-\x20()<>\[\]{}/%]){1,127})")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
ENDING = re.compile(rb"%%EOF[\s\x00]*\Z")


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut off, locked, or active.

    Raises:
        PdfUnreadable: it has no proper end, or parts that cannot be examined.
        PdfLocked: it is encrypted.
        PdfActive: it has scripts, actions that start something, or files inside.
    """
    if not data.startswith(b"%PDF-") or not ENDING.search(data[-2048:]):
        raise PdfUnreadable
    for piece in _pieces(data):
        names = names_in(piece)
        if b"Encrypt" in names:
            raise PdfLocked
        if active := names & set(ACTIVE):
            raise PdfActive(found=", ".join(sorted(name.decode() for name in active)))


def names_in(piece: bytes) -> set[bytes]:
    """Return the PDF names in a piece of syntax, with their ``#41`` escapes undone."""
    return {unescaped(name) for name in NAME.findall(piece)}


def unescaped(name: bytes) -> bytes:
    """Undo the escapes of a name, by which ``/J#53`` is ``/JS``."""
    return ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), name)


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield the syntax between the streams, and what the object streams unpack to.

    A stream's body is left out because compressed data may look like anything. A body in which
    objects begin is no body: somebody wrote ``stream`` in a string to hide them.
    """
    place, left = 0, UNPACKED_LIMIT
    for found in STREAM.finditer(data):
        head = data[place : found.start(1)]
        yield head
        body = found[1]
        if OBJECT.search(body):
            yield body
        if b"ObjStm" in names_in(head[head.rfind(b"obj") + 3 :]):
            unpacked = _unpack(head[head.rfind(b"obj") + 3 :], body, left)
            left -= len(unpacked)
            yield unpacked
        place = found.end(1)
    yield data[place:]


def _unpack(head: bytes, body: bytes, limit: int) -> bytes:
    filters = names_in(head) & {
        b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"RunLengthDecode", b"Crypt",
        b"AHx", b"A85", b"LZW", b"RL",
    }  # fmt: skip
    if filters:
        raise PdfUnreadable  # nobody packs objects so, but to hide them
    if not names_in(head) & {b"FlateDecode", b"Fl"}:
        return body
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(body, max(limit, 1))
    except zlib.error as error:
        raise PdfUnreadable from error
    if unpacking.unconsumed_tail:
        raise PdfUnreadable
    return unpacked
