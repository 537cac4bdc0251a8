"""A small MQTT 3.1.1 publisher at QoS 1: what the simulation and the benchmark need, no more."""

import asyncio
import ssl as tls
import struct

from portal.web.i18n import lazy
from telemetry_ingest.simulate.trouble import Trouble

CONNECT, CONNACK, PUBLISH_QOS1, PUBACK, PINGREQ, DISCONNECT = 0x10, 0x20, 0x32, 0x40, 0xC0, 0xE0
KEEP_ALIVE_S = 30
LOST = lazy("the connection was lost")
REFUSED = lazy(
    "the broker refuses device and token (reason %(reason)s): the token was replaced or revoked, "
    "or the pilot is not agreed yet or over"
)
NO_ANSWER = lazy("no answer from %(place)s")


class MqttTrouble(Trouble):
    """The broker refused the connection, or it was lost."""


def length_of(size: int) -> bytes:
    """Return a remaining length: seven bits a byte, the smallest first."""
    parts = bytearray()
    while True:
        size, part = divmod(size, 128)
        parts.append(part | (0x80 if size else 0))
        if not size:
            return bytes(parts)


def text(value: str) -> bytes:
    """Return a string behind its length."""
    content = value.encode()
    return struct.pack("!H", len(content)) + content


def connect_packet(client_id: str, user: str, password: str) -> bytes:
    """Return CONNECT with a clean session."""
    body = text("MQTT") + bytes([4, 0b1100_0010]) + struct.pack("!H", KEEP_ALIVE_S)
    body += text(client_id) + text(user) + text(password)
    return bytes([CONNECT]) + length_of(len(body)) + body


def publish_packet(topic: str, content: bytes, number: int) -> bytes:
    """Return PUBLISH with QoS 1."""
    name = text(topic)
    size = length_of(len(name) + 2 + len(content))
    return bytes([PUBLISH_QOS1]) + size + name + struct.pack("!H", number) + content


class Publisher(asyncio.Protocol):
    """One connection. A message counts only once its future is done: that is the PUBACK."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._accepted: asyncio.Future[None] = loop.create_future()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._number = 0
        self._left = b""
        self._pinging: asyncio.Task[None] | None = None
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take packets apart; only CONNACK and PUBACK mean something to us, both of 4 bytes."""
        data = self._left + data
        place = 0
        while len(data) - place >= 2 and len(data) - place >= 2 + data[place + 1]:
            size = 2 + data[place + 1]
            self._packet(data[place : place + size])
            place += size
        self._left = data[place:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits."""
        self.closed = True
        if self._pinging is not None:
            self._pinging.cancel()
        for one in (self._accepted, *self._waiting.values()):
            if not one.done():
                one.set_exception(MqttTrouble(LOST))
                one.exception()  # whoever waits gets it; nobody has to
        self._waiting.clear()

    def publish(self, topic: str, content: bytes) -> asyncio.Future[None]:
        """Send one message; the future is done when the broker has stored it.

        Raises:
            MqttTrouble: the connection is gone.
        """
        if self._transport is None or self.closed:
            raise MqttTrouble(LOST)
        self._number = self._number % 0xFFFF + 1
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = done
        self._transport.write(publish_packet(topic, content, self._number))
        return done

    async def close(self) -> None:
        """Say goodbye."""
        if self._transport is not None and not self.closed:
            self._transport.write(bytes([DISCONNECT, 0]))
            self._transport.close()
        await asyncio.sleep(0)

    async def begin(self, client_id: str, user: str, password: str) -> None:
        """Sign in."""
        assert self._transport is not None
        self._transport.write(connect_packet(client_id, user, password))
        await self._accepted
        self._pinging = asyncio.create_task(self._ping())

    def _packet(self, packet: bytes) -> None:
        if packet[0] == PUBACK:
            done = self._waiting.pop(int.from_bytes(packet[2:4], "big"), None)
            if done is not None and not done.done():
                done.set_result(None)
        elif packet[0] == CONNACK and not self._accepted.done():
            reason = packet[3]
            if reason:
                self._accepted.set_exception(MqttTrouble(REFUSED, reason=reason))
            else:
                self._accepted.set_result(None)

    async def _ping(self) -> None:
        while self._transport is not None and not self.closed:
            await asyncio.sleep(KEEP_ALIVE_S / 2)
            self._transport.write(bytes([PINGREQ, 0]))


async def connect(
    host: str, port: int, user: str, password: str, *, ssl: tls.SSLContext | None = None
) -> Publisher:
    """Return a connection; the client id is the user name, as a device has one connection.

    Raises:
        MqttTrouble: the broker refuses, or does not answer.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(10):
            _transport, publisher = await loop.create_connection(Publisher, host, port, ssl=ssl)
            await publisher.begin(user, user, password)
    except (OSError, TimeoutError) as error:
        raise MqttTrouble(NO_ANSWER, place=f"{host}:{port}") from error
    return publisher
