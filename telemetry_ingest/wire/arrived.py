"""A message as it reaches us, whichever way."""

from msgspec import Struct


class Arrived(Struct, frozen=True, gc=False):
    """Where to, what, and when the broker kept it, in microseconds since 1970."""

    subject: str
    content: bytes
    received_us: int
