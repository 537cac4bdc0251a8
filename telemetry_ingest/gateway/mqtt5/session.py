"""One connection of a device that was let in: what it sends, and what it is answered."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter, Task, timeout
from collections.abc import Callable
from contextlib import ExitStack, suppress

import mqtt5
from mqtt5 import DisconnectReasonCode as Code
from mqtt5 import PubAckReasonCode, SubAckReasonCode, UnsubAckReasonCode

from telemetry_ingest.gateway.mqtt5 import packets, reasons
from telemetry_ingest.gateway.mqtt5.greeting import ALIASES, MOST_PACKET, Guest
from telemetry_ingest.gateway.mqtt5.packets import Heading, Malformed
from telemetry_ingest.gateway.mqtt5.reasons import End
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.refused import count_refusal, count_violation
from telemetry_ingest.gateway.taking import MOST_OF_ONE, READ_S, Taking
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import Refused
from telemetry_ingest.wire.subjects import NAMES, topic_of

logger = logging.getLogger(__name__)
MOST_OTHER = 8_192  # bytes of a packet that is no message
LAST_S = 1.0  # for what JetStream still has to acknowledge when a connection ends
GOODBYE_S = 0.5
NOBODY = None  # the device said goodbye or is gone


class Session:
    """Reads packets one after the other; messages wait for JetStream beside each other."""

    def __init__(
        self, guest: Guest, reader: StreamReader, writer: StreamWriter, taking: Taking
    ) -> None:
        self.guest = guest
        self._reader, self._writer, self._taking = reader, writer, taking
        self._topics = {topic_of(guest.sender.device, one): one for one in Topic}
        self._aliases: dict[int, str] = {}
        self._in_flight: set[int] = set()
        # Whatever a device sends ahead waits in its own line: it is not read before it has a place.
        self._places = asyncio.Semaphore(MOST_OF_ONE)
        self._answering: set[Task[None]] = set()
        self._ending: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    def end(self, why: End) -> None:
        """Read nothing more; what is on its way is still answered."""
        if not self._ending.done():
            self._ending.set_result(why)

    def revoked(self) -> None:
        """End because the token does not hold any more."""
        self.end(End(Code.NOT_AUTHORIZED, reasons.REVOKED))

    async def run(self) -> End:
        """Take what the device sends until one side ends it, and say why."""
        self.guest.sender.held.add(self.revoked)
        reading = asyncio.create_task(self._read())
        reading.add_done_callback(self._over)
        try:
            why = await self._ending
            await _stopped({reading})
            if self._answering:
                await asyncio.wait(self._answering, timeout=LAST_S)
            await self._goodbye(why)
            return why
        finally:
            self.guest.sender.held.discard(self.revoked)
            await _stopped({reading, *self._answering})

    def _over(self, task: Task[None]) -> None:
        """End the connection as the task says that did so; only the reading one ends by itself."""
        self._answering.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, End):
            self.end(error)
        elif error is not None:
            logger.error("fault", exc_info=error)
            self.end(End(Code.UNSPECIFIED_ERROR))

    async def _read(self) -> None:
        while True:
            try:
                begun = await self._heading()
                with ExitStack() as room:
                    await self._take(begun, room)
            except Malformed as error:
                raise End(Code.MALFORMED_PACKET, str(error)) from None
            except Problem as problem:
                raise reasons.ended(problem) from None
            except (EOFError, OSError):
                raise End(NOBODY) from None
            await asyncio.sleep(0)  # who sends without end takes turns with the others

    async def _heading(self) -> Heading:
        try:
            async with timeout(1.5 * self.guest.keep_alive_s):
                return await packets.heading(self._reader)
        except TimeoutError:
            raise End(Code.KEEP_ALIVE_TIMEOUT) from None

    async def _take(self, begun: Heading, room: ExitStack) -> None:
        """Read one packet and do what it says."""
        is_message = begun.kind == packets.PUBLISH
        if begun.size > (MOST_PACKET if is_message else MOST_OTHER):
            if is_message:
                await count_refusal(self.guest.sender.number, Refused(Refusal.TOO_LARGE))
            raise End(Code.PACKET_TOO_LARGE)
        if is_message:
            await self._places.acquire()
            room.callback(self._places.release)
            room.enter_context(self._taking.room(begun.size))
        try:
            async with timeout(READ_S):
                rest = await self._reader.readexactly(begun.size)
        except TimeoutError:
            raise End(Code.UNSPECIFIED_ERROR, "The packet did not come whole in time.") from None
        said = packets.packet(begun, rest)
        if isinstance(said, mqtt5.PublishPacket):
            self._publish(said, room)
        else:
            await self._other(said)

    async def _other(self, said: mqtt5.Packet) -> None:
        """Answer a packet that is no message."""
        if isinstance(said, mqtt5.PingReqPacket):
            await self._write(mqtt5.PingRespPacket().write())
        elif isinstance(said, mqtt5.DisconnectPacket):
            raise End(NOBODY)
        elif isinstance(said, mqtt5.SubscribePacket):
            await self._subscribe(said)
        elif isinstance(said, mqtt5.UnsubscribePacket):
            codes = [UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED] * len(said.patterns)
            await self._write(mqtt5.UnsubAckPacket(said.packet_id, codes).write())
        else:
            raise End(Code.PROTOCOL_ERROR)

    async def _subscribe(self, said: mqtt5.SubscribePacket) -> None:
        await self._taking.admitted(self.guest.authorization, lambda: self.guest.address)
        await count_violation(self.guest.sender.device, "subscribe")
        codes = [SubAckReasonCode.NOT_AUTHORIZED] * len(said.topic_filters)
        await self._write(
            self._explained(
                lambda words: mqtt5.SubAckPacket(said.packet_id, codes, reason_str=words).write(),
                reasons.SUBSCRIBED,
            )
        )

    def _publish(self, said: mqtt5.PublishPacket, room: ExitStack) -> None:
        """Begin to take a message; its place and room are kept until it is answered.

        Raises:
            End: it may not be sent like this.
        """
        if said.qos is not mqtt5.QoS.AT_LEAST_ONCE or said.packet_id is None:
            raise End(Code.QOS_NOT_SUPPORTED, reasons.AT_LEAST_ONCE)
        if said.retain:
            raise End(Code.RETAIN_NOT_SUPPORTED, reasons.NOTHING_RETAINED)
        if said.packet_id in self._in_flight or said.subscription_ids:
            raise End(Code.PROTOCOL_ERROR)
        topic = self._topic(said)
        self._in_flight.add(said.packet_id)
        task = asyncio.create_task(self._answer(said.packet_id, topic, said.payload))
        self._answering.add(task)
        task.add_done_callback(self._over)
        held = room.pop_all()
        task.add_done_callback(lambda _task: held.close())

    def _topic(self, said: mqtt5.PublishPacket) -> str:
        alias = said.topic_alias
        if alias is None:
            return said.topic
        if not 1 <= alias <= ALIASES:
            raise End(Code.TOPIC_ALIAS_INVALID)
        if said.topic:
            self._aliases[alias] = said.topic
        elif alias not in self._aliases:
            raise End(Code.PROTOCOL_ERROR)
        return self._aliases[alias]

    async def _answer(self, number: int, topic: str, content: bytes) -> None:
        """Acknowledge a message once it is kept, or say why it is not taken."""
        try:
            code, words = await self._judged(topic, content)
        except (Problem, End) as problem:
            end = problem if isinstance(problem, End) else reasons.ended(problem)
            self._count(topic, end.name)
            raise end from None
        # Before it is said: the device may send the next at once.
        self._in_flight.discard(number)
        await self._write(
            self._explained(
                lambda said: mqtt5.PubAckPacket(number, reason_code=code, reason_str=said).write(),
                words,
            )
        )

    async def _judged(self, name: str, content: bytes) -> tuple[PubAckReasonCode, str]:
        sender = await self._taking.admitted(self.guest.authorization, lambda: self.guest.address)
        topic = self._topics.get(name)
        if topic is None:
            await count_violation(sender.device, "publish")
            self._count(name, "not_authorized")
            return PubAckReasonCode.NOT_AUTHORIZED, reasons.FOREIGN
        try:
            kept = await self._taking.kept(sender, topic, content)
        except Problem as problem:
            code, words = reasons.answer(problem)
            self._count(name, problem.code)
            return code, words
        self._count(name, kept.word)
        return PubAckReasonCode.SUCCESS, ""

    def _count(self, name: str, answer: str) -> None:
        topic = self._topics.get(name)
        said = "other" if topic is None else NAMES[topic]
        self._taking.measures.over_mqtt5(said, answer)

    def _explained(self, written: Callable[[str | None], bytes], words: str) -> bytes:
        """Return a packet with the reason in words, where the device takes them."""
        most = self.guest.most_size
        packet = written(words if words and self.guest.explained else None)
        return packet if most is None or len(packet) <= most else written(None)

    async def _write(self, packet: bytes) -> None:
        """Write; who does not read what is written is let go of."""
        if self._writer.is_closing():
            raise End(NOBODY)
        self._writer.write(packet)
        try:
            async with timeout(READ_S):
                await self._writer.drain()
        except (TimeoutError, OSError):
            raise End(NOBODY) from None

    async def _goodbye(self, why: End) -> None:
        if why.code is None:
            return
        code = why.code
        packet = mqtt5.DisconnectPacket(reason_code=code, reason_str=why.words or None).write()
        if self.guest.most_size is not None and len(packet) > self.guest.most_size:
            packet = mqtt5.DisconnectPacket(reason_code=code).write()
        with suppress(End, TimeoutError):
            async with timeout(GOODBYE_S):
                await self._write(packet)


async def _stopped(tasks: set[Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
