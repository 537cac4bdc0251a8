"""What every door does with a message: who sends it, is it as it should be, is it kept."""

import hashlib
import logging
from asyncio import timeout
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

import msgspec

from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.entry import Entry, Sender
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.publishing import NotKept, Publisher
from telemetry_ingest.gateway.refused import count_refusal
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import MOST_BYTES, ReadingsMessage, Refused, decode, subject_of
from telemetry_ingest.wire.messages import Message

logger = logging.getLogger(__name__)
PATIENCE_S = 5.0  # for the database
READ_S = 20.0  # for a message to come whole: what is slower takes the room of others
# Of messages that are being read or wait for the broker: bytes of all together, and how many of one
# device, so that one which is broken or malicious leaves room for the others.
MOST_BYTES_AT_ONCE = 64 * MOST_BYTES
MOST_OF_ONE = 4


class Kept(msgspec.Struct):
    """The answer 202: JetStream has the message.

    Attributes:
        readings: how many readings it holds; 0 for a status or an alarm.
        duplicate: the same bytes came before, and were not kept twice.
    """

    readings: int
    duplicate: bool

    @property
    def word(self) -> str:
        """Return what became of the message, for the measures."""
        return "duplicate" if self.duplicate else "kept"


class Taking:
    """Takes messages, however they come; one for each application."""

    def __init__(self, entry: Entry, publisher: Publisher, measures: GatewayMeasures) -> None:
        self.entry = entry
        self.publisher = publisher
        self.measures = measures
        self._bytes = 0

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Keep room for a message until the block ends.

        Raises:
            Problem: all together have too many bytes here.
        """
        if self._bytes + size > MOST_BYTES_AT_ONCE:
            raise problems.not_kept()
        self._bytes += size
        try:
            yield
        finally:
            self._bytes -= size

    async def admitted(self, authorization: bytes, address: Callable[[], str]) -> Sender:
        """Return who sends.

        Raises:
            Problem: they are not let in, or that cannot be found out now.
        """
        sender = self.entry.known(authorization)
        if sender is not None:
            return sender
        try:
            async with timeout(PATIENCE_S):
                return await self.entry.admit(authorization, address())
        except Problem:
            raise
        except Exception as error:  # asyncpg raises several families of them when it cannot
            logger.warning("tokens cannot be read: %s", type(error).__name__)
            raise problems.not_kept() from None

    async def kept(self, sender: Sender, topic: Topic, content: bytes) -> Kept:
        """Check a message and wait until JetStream has it.

        Raises:
            Problem: it is not as the device guide says, or could not be kept.
        """
        message = await _checked(sender, topic, content)
        count = len(message.readings) if isinstance(message, ReadingsMessage) else 0
        digest = hashlib.sha256(content).hexdigest()
        name = f"{sender.device.hex}/{topic.value}/{message.boot}/{message.seq}/{digest}"
        kept = Kept(count, await self._handed_over(sender, topic, content, name))
        if not kept.duplicate:
            self.measures.readings.inc(count)
        return kept

    async def _handed_over(self, sender: Sender, topic: Topic, content: bytes, name: str) -> bool:
        """Publish a message where those of MQTT are; say whether it was there already."""
        began = perf_counter()
        try:
            ack = await self.publisher.publish(subject_of(sender.device, topic), content, name)
        except NotKept:
            raise problems.not_kept() from None
        self.measures.seconds.observe(perf_counter() - began)
        if ack.duplicate:
            self.measures.duplicates.inc()
        return ack.duplicate


async def _checked(sender: Sender, topic: Topic, content: bytes) -> Message:
    """Read a message; a refusal is counted with the device, as one that came over MQTT is.

    Raises:
        Problem: it is not as the device guide says.
    """
    try:
        return decode(topic, content)
    except Refused as refused:
        await count_refusal(sender.number, refused)
        raise problems.of_refusal(refused.reason, refused.field) from None
