"""Packets as they come: how long they are is read here, what they say by the codec ``mqtt5``."""

import os
from asyncio import StreamReader

import mqtt5
from msgspec import Struct

# The codec panics at some packets, which is caught below. A backtrace of it, where the environment
# asks for one, takes 0.1 s in which nobody else is served: any stranger could stop the gateway.
os.environ["RUST_BACKTRACE"] = "0"
CONNECT, PUBLISH = 1, 3
_LONGEST_HEADING = 5
# What the refused protocols begin with, and where the present one says its level.
_OLDEST, _NAME = b"\x00\x06MQIsdp\x03", b"\x00\x04MQTT"
NO_LEVEL, OLD_LEVELS, LEVEL = 0, {3, 4}, 5


class Malformed(Exception):
    """These bytes are no packet of MQTT 5; the text says why, without what was sent."""


class Heading(Struct, frozen=True, gc=False):
    """How a packet begins: its kind, and how many bytes follow."""

    raw: bytes
    size: int

    @property
    def kind(self) -> int:
        """Return which packet it is."""
        return self.raw[0] >> 4


async def heading(reader: StreamReader) -> Heading:
    """Read how the next packet begins, before anything of it takes room.

    Raises:
        Malformed: its length is not one.
        asyncio.IncompleteReadError: the connection ended.
    """
    raw = await reader.readexactly(2)
    while raw[-1] & 0x80:
        if len(raw) == _LONGEST_HEADING:
            raise Malformed("the length of a packet has at most four bytes")
        raw += await reader.readexactly(1)
    size = sum((one & 0x7F) << 7 * place for place, one in enumerate(raw[1:]))
    return Heading(raw, size)


def packet(begun: Heading, rest: bytes) -> mqtt5.Packet:
    """Return a whole packet.

    Raises:
        Malformed: it is none.
    """
    try:
        return mqtt5.read(memoryview(begun.raw + rest))[0]
    except (ValueError, IndexError) as error:
        raise Malformed(str(error)) from None
    except BaseException as error:
        # The codec panics at text that is not UTF-8, which Rust reports as no common exception.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise Malformed("text that is not UTF-8") from None


def level(rest: bytes) -> int:
    """Return which version of MQTT a CONNECT speaks, as every version says it."""
    if rest.startswith(_OLDEST):
        return min(OLD_LEVELS)
    return rest[len(_NAME)] if rest.startswith(_NAME) and len(rest) > len(_NAME) else NO_LEVEL
