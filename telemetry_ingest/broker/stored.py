"""A message as JetStream delivers it; where it is acknowledged says how it came. Pure."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Message(Struct, frozen=True, gc=False):
    """One stored message; ``reply`` is where it is acknowledged and says how it came."""

    subject: str
    data: bytes
    reply: bytes

    @property
    def delivered(self) -> int:
        """Return how often it was delivered, with this time."""
        return int(self._parts[-5])

    @property
    def sequence(self) -> int:
        """Return its number in the stream."""
        return int(self._parts[-4])

    @property
    def stored_at(self) -> datetime:
        """Return when the broker stored it."""
        return EPOCH + timedelta(microseconds=int(self._parts[-2]) // 1000)

    @property
    def pending(self) -> int:
        """Return how many more wait for this consumer."""
        return int(self._parts[-1])

    @property
    def _parts(self) -> list[bytes]:
        # $JS.ACK.<stream>.<consumer>.… or $JS.ACK.<domain>.<account>.<stream>.<consumer>.….<random>
        parts = self.reply.split(b".")
        return parts if len(parts) == 9 else parts[:11]
