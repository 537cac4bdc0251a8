"""A device on MQTT 3.1.1 that sends each message, anywhere, until it is acknowledged."""

from __future__ import annotations

import asyncio
from contextlib import suppress

PUBLISH_QOS_1, PUBACK, CONNACK, PINGREQ = 0x32, 0x40, 0x20, 0xC0
WINDOW = 50
SILENCE_S = 4.0


class Sender:
    """Sends numbered messages and remembers which ones were acknowledged."""

    def __init__(self, name: str, ports: list[int], user: str, password: str) -> None:
        self.name, self.topic = name, f"pilots/{name}/readings"
        self._ports, self._login = ports, (user, password)
        self._waiting: dict[int, int] = {}  # packet identifier → number of the message
        self._free = asyncio.Semaphore(WINDOW)
        self.acknowledged: set[int] = set()
        self.sent = 0
        self.connections = 0

    async def send(self, until: asyncio.Event, *, pause_s: float) -> None:
        """Send until told to stop and everything sent is acknowledged."""
        while not (until.is_set() and not self._waiting):
            with suppress(OSError, EOFError, TimeoutError):
                await self._session(until, pause_s)
            await asyncio.sleep(0.05)

    async def _session(self, until: asyncio.Event, pause_s: float) -> None:
        port = self._ports[self.connections % len(self._ports)]
        self.connections += 1
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 2)
        try:
            writer.write(_connect(self.name, *self._login))
            kind, body = await asyncio.wait_for(_packet(reader), SILENCE_S)
            if kind != CONNACK or body[1] != 0:
                raise ConnectionRefusedError(body)
            for identifier, number in self._waiting.items():
                writer.write(self._message(identifier, number, again=True))
            async with asyncio.TaskGroup() as group:
                hearing = group.create_task(self._hear(reader, until))
                group.create_task(self._talk(writer, until, hearing, pause_s))
        except* (OSError, EOFError, TimeoutError) as several:
            raise several.exceptions[0] from None
        finally:
            writer.transport.abort()

    async def _talk(
        self,
        writer: asyncio.StreamWriter,
        until: asyncio.Event,
        hearing: asyncio.Task[None],
        pause_s: float,
    ) -> None:
        while not until.is_set():
            await self._free.acquire()
            if until.is_set() or hearing.done():
                self._free.release()
                return
            self.sent += 1
            identifier = self.sent % 65_535 + 1
            self._waiting[identifier] = self.sent
            writer.write(self._message(identifier, self.sent, again=False))
            await writer.drain()
            await asyncio.sleep(pause_s)

    async def _hear(self, reader: asyncio.StreamReader, until: asyncio.Event) -> None:
        while self._waiting or not until.is_set():
            kind, body = await asyncio.wait_for(_packet(reader), SILENCE_S)
            if kind == PUBACK:
                number = self._waiting.pop(int.from_bytes(body[:2], "big"), None)
                if number is not None:
                    self.acknowledged.add(number)
                    self._free.release()

    def _message(self, identifier: int, number: int, *, again: bool) -> bytes:
        topic = self.topic.encode()
        content = f"{self.name} {number}".encode()
        body = len(topic).to_bytes(2, "big") + topic + identifier.to_bytes(2, "big") + content
        return bytes([PUBLISH_QOS_1 | (8 if again else 0)]) + _length(len(body)) + body


def _connect(name: str, user: str, password: str) -> bytes:
    parts = [part.encode() for part in (name, user, password)]
    body = b"\x00\x04MQTT\x04\xc2\x00\x3c"
    body += b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return b"\x10" + _length(len(body)) + body


def _length(size: int) -> bytes:
    said = bytearray()
    while True:
        size, digit = divmod(size, 128)
        said.append(digit | (128 if size else 0))
        if not size:
            return bytes(said)


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind = (await reader.readexactly(1))[0] & 0xF0
    size = shift = 0
    while True:
        digit = (await reader.readexactly(1))[0]
        size |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return kind, await reader.readexactly(size)
