"""Events as a browser's ``EventSource`` reads them: a name, a line of JSON, an empty line. Pure."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

# A line that begins with a colon is a comment: it keeps the connection open and says nothing.
HEARTBEAT = b": still here\n\n"
HELLO = b"retry: 5000\n: welcome\n\n"


class Told(Struct, frozen=True):
    """What the ingest tells after a commit, as far as it is shown."""

    device: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    readings: list[tuple[int, int, float | None]] = []
    status: Any = None
    alarms: list[Any] = []


_DECODER = msgspec.msgpack.Decoder(Told)


def event(name: str, content: object) -> bytes:
    """Return one event; JSON has no raw line breaks, so that it is one line."""
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(content) + b"\n\n"


def told(content: bytes) -> Told | None:
    """Read what the ingest said; ``None`` for what is not of the shape."""
    try:
        return _DECODER.decode(content)
    except msgspec.MsgspecError:
        return None
