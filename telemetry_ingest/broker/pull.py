"""Pulling many messages from JetStream at little cost: its protocol spoken directly.

The usual client makes an object, a queue and a task switch for each message; at ten readings per
message that alone would be the limit of the whole pipeline.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import ssl
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from telemetry_ingest.broker.stored import Message, message

__all__ = ["Message", "Puller"]

log = logging.getLogger(__name__)

# Above the broker's largest message (8 MB), so that every message fits into some answer.
MOST_BYTES = 24 << 20
CONNECT_S = 5.0
MARGIN_S = 3.0
PAUSE_S = 0.2
LONGEST_PAUSE_S = 2.0
_READ = 1 << 18
_MESSAGES = {b"MSG": 5, b"HMSG": 6}  # and how many words the line of one has


class Broken(ConnectionError):
    """The broker closed the connection or said something we cannot go on from."""


class Puller:
    """Pulls from one consumer; many may pull from the same one. Not for several tasks at once.

    A lost connection is nothing the caller has to know: the answer is empty, after a short pause,
    and what was not acknowledged comes again.
    """

    def __init__(self, url: str, stream: str, consumer: str) -> None:
        self._urls = url.split(",")
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = f"_INBOX.{secrets.token_hex(11)}"
        self._request = 0
        self._buffer = b""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._pause = PAUSE_S
        self.connections = 0
        self.trouble = ""

    @property
    def connected(self) -> bool:
        """Say whether there is a connection."""
        return self._writer is not None

    async def fetch(self, most: int, wait_s: float) -> list[Message]:
        """Return what waits, ``most`` messages at most; after ``wait_s`` seconds nothing."""
        try:
            if self._writer is None:
                await self._connect()
            found = await self._ask(most, wait_s=0)
            if not found:
                found = await self._ask(1, wait_s=wait_s)
                if found and most > 1:
                    found += await self._ask(most - 1, wait_s=0)
        except (OSError, EOFError, TimeoutError, ssl.SSLError, ValueError) as error:
            await self._stumble(error)
            return []
        self._pause = PAUSE_S
        return found

    async def ack(self, replies: Iterable[bytes]) -> None:
        """Tell the broker that these are done; if that gets lost, they come again."""
        if self._writer is None:
            return
        self._writer.write(b"".join([b"PUB " + one + b" 4\r\n+ACK\r\n" for one in replies]))
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            await self._stumble(error)

    async def close(self) -> None:
        """End the connection, after what was written has left."""
        writer, self._writer, self._reader = self._writer, None, None
        self._buffer = b""
        if writer is not None:
            writer.close()
            with suppress(OSError, TimeoutError, ssl.SSLError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _stumble(self, error: Exception) -> None:
        self.trouble = f"{type(error).__name__}: {error}"
        log.warning("The broker does not answer (%s); asking again.", self.trouble)
        await self.close()
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_S)

    async def _connect(self) -> None:
        address = urlsplit(self._urls[self.connections % len(self._urls)])
        self.connections += 1
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection(
                address.hostname, address.port or 4222, limit=2 * _READ
            )
            self._reader, self._writer = reader, writer
            said = json.loads((await reader.readline()).removeprefix(b"INFO ") or b"{}")
            if address.scheme == "tls" or said.get("tls_required"):
                await writer.start_tls(
                    ssl.create_default_context(), server_hostname=address.hostname
                )
            options = {
                "verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                "lang": "python", "version": "1", "name": "tajhiz ingest", "protocol": 1,
                "user": unquote(address.username or ""), "pass": unquote(address.password or ""),
            }  # fmt: skip
            hello = f"CONNECT {json.dumps(options)}\r\nSUB {self._inbox}.* 1\r\nPING\r\n"
            writer.write(hello.encode())
            while b"PONG\r\n" not in self._buffer:
                await self._read()
                if b"-ERR" in self._buffer:
                    raise Broken(self._buffer.decode(errors="replace").strip()[:200])
            self._buffer = b""

    async def _ask(self, most: int, *, wait_s: float) -> list[Message]:
        self._request += 1
        inbox = f"{self._inbox}.{self._request}"
        wish: dict[str, object] = {"batch": most, "max_bytes": MOST_BYTES}
        wish |= {"expires": int(wait_s * 1e9)} if wait_s else {"no_wait": True}
        body = json.dumps(wish)
        assert self._writer is not None
        self._writer.write(f"PUB {self._next} {inbox} {len(body)}\r\n{body}\r\n".encode())
        found: list[Message] = []
        ending = inbox.encode()
        async with asyncio.timeout(wait_s + MARGIN_S):
            while not self._take(found, ending) and len(found) < most:
                await self._read()
        return found

    async def _read(self) -> None:
        assert self._reader is not None
        piece = await self._reader.read(_READ)
        if not piece:
            raise Broken("closed by the broker")
        self._buffer += piece

    def _take(self, found: list[Message], ending: bytes) -> bool:
        """Move whole messages from the buffer to ``found``; say whether the answer has ended."""
        buffer, at, ended = self._buffer, 0, False
        while not ended and (end := buffer.find(b"\r\n", at)) >= 0:
            words = buffer[at:end].split()
            if not words or words[0] not in _MESSAGES:
                self._hear(words)
                at = end + 2
                continue
            start = end + 2
            stop = start + int(words[-1])
            if len(buffer) < stop + 2:
                break
            at = stop + 2
            # subject, number of the subscription, reply (missing in what ends an answer), sizes
            if len(words) == _MESSAGES[words[0]]:
                if words[0] == b"HMSG":
                    start += int(words[-2])
                found.append(message(words[1], buffer[start:stop], words[3]))
            else:
                ended = words[1] == ending and self._status(buffer[start:stop])
        self._buffer = buffer[at:]
        return ended

    def _hear(self, words: list[bytes]) -> None:
        if words and words[0] == b"PING" and self._writer is not None:
            self._writer.write(b"PONG\r\n")
        elif words and words[0] == b"-ERR":
            raise Broken(b" ".join(words).decode(errors="replace"))

    def _status(self, headers: bytes) -> bool:
        """Say that an answer has ended; 404 and 408 are « no more », the rest is trouble."""
        code = headers.partition(b" ")[2][:3]
        if code == b"503":
            raise Broken("there is no such stream or consumer yet")
        return code != b"100"
