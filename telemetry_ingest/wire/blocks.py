"""Readings of msgpack that are all of one width, left as they are: a table without decoding. Pure.

Most devices send all their times as 64-bit integers, codes as 32-bit ones and values as doubles.
Then each reading takes 24 bytes, and one look at the markers between them says all of it; that
saves three objects a reading. Whatever looks different is decoded as usual.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct

from telemetry_ingest.wire.messages import MOST_BYTES, MOST_READINGS, Heading

ROW = 24
# Where in a row, and what: an array of three, uint64, uint32, float64.
ARRAY, TIME, CODE, VALUE = (0, b"\x93"), (1, b"\xcf"), (10, b"\xce"), (15, b"\xcb")
SHORT, LONG = 0x90, 0xDC  # arrays of up to 15 (in the same byte), and of up to 65,535

MAPS = frozenset(bytes([0x80 | size]) for size in range(16))  # how a message of msgpack begins


class Block(Struct, frozen=True, gc=False):
    """A message of readings whose ``rows`` are still as they came.

    Their shape is right. That times and values are within their limits is for the reader to see.
    """

    boot: int
    seq: int
    sent: int
    size: int
    rows: bytes


class _Envelope(Heading, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    readings: Raw


_decoder = msgspec.msgpack.Decoder(_Envelope)


def block_of(content: bytes) -> Block | None:
    """Return a message as a block, ``None`` when it is none; then ``decode`` says what it is."""
    if len(content) > MOST_BYTES:
        return None
    try:
        message = _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    array = bytes(message.readings)
    if array[0] & 0xF0 == SHORT:
        size, rows = array[0] & 0x0F, array[1:]
    elif array[0] == LONG:
        size, rows = int.from_bytes(array[1:3], "big"), array[3:]
    else:
        return None
    if not 0 < size <= MOST_READINGS or len(rows) != size * ROW or not _uniform(rows, size):
        return None
    return Block(message.boot, message.seq, message.sent, size, rows)


def _uniform(rows: bytes, size: int) -> bool:
    return (
        rows[ARRAY[0] :: ROW] == ARRAY[1] * size
        and rows[TIME[0] :: ROW] == TIME[1] * size
        and rows[CODE[0] :: ROW] == CODE[1] * size
        and rows[VALUE[0] :: ROW] == VALUE[1] * size
    )
