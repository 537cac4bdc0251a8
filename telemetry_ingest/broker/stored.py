"""A message as JetStream delivers it; where it is acknowledged says how it came. Pure."""

from telemetry_ingest.wire.arrived import Arrived


class Message(Arrived, frozen=True, gc=False):
    """One stored message; ``reply`` is where it is acknowledged and says how it came.

    ``delivered`` is how often it was delivered, with this time.
    """

    reply: bytes
    delivered: int

    @property
    def sequence(self) -> int:
        """Return its number in the stream."""
        return int(parts_of(self.reply)[-4])

    @property
    def pending(self) -> int:
        """Return how many more wait for this consumer."""
        return int(parts_of(self.reply)[-1])


def message(subject: bytes, content: bytes, reply: bytes) -> Message:
    """Return a message as it came."""
    parts = parts_of(reply)
    return Message(subject.decode(), content, int(parts[-2]) // 1000, reply, int(parts[-5]))


def parts_of(reply: bytes) -> list[bytes]:
    """Take apart where a message is acknowledged: … delivered, two numbers, time, pending."""
    # $JS.ACK.<stream>.<consumer>.… or $JS.ACK.<domain>.<account>.<stream>.<consumer>.….<random>
    parts = reply.split(b".")
    return parts if len(parts) == 9 else parts[:11]
