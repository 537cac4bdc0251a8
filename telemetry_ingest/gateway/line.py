"""One connection to the broker, its protocol spoken directly: for many small messages at once.

The usual client makes several objects and task switches for each message and each acknowledgement;
here what is to be sent in one turn of the loop leaves in one write, and an acknowledgement is one
call.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import Callable
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

logger = logging.getLogger(__name__)
CONNECT_S = 2.0


class Broken(ConnectionError):
    """The broker refused us, or closed the connection."""


class Line(asyncio.Protocol):
    """One connection.

    Attributes:
        silent_for: how many pings in a row went unanswered.
    """

    def __init__(
        self, acknowledged: Callable[[bytes, bytes], None], lost: Callable[[], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._acknowledged, self._lost = acknowledged, lost
        self._transport: asyncio.WriteTransport | None = None
        self._left = b""
        self._parts: list[bytes] = []
        self._info: asyncio.Future[dict[str, object]] = self._loop.create_future()
        self._pong: asyncio.Future[None] = self._loop.create_future()
        self.silent_for = 0

    @property
    def open(self) -> bool:
        """Say whether the broker can be written to."""
        return self._transport is not None and not self._transport.is_closing()

    async def begin(self, address: SplitResult, inbox: str) -> None:
        """Sign in and ask for what comes to the inbox.

        Raises:
            Broken: the broker refuses.
        """
        info = await self._info
        if address.scheme == "tls" or info.get("tls_required"):
            self._transport = await self._loop.start_tls(
                cast("asyncio.Transport", self._transport), self, ssl.create_default_context(),
                server_hostname=address.hostname,
            )  # fmt: skip
        options = {
            "verbose": False, "pedantic": False, "headers": True, "no_responders": True,
            "lang": "python", "version": "1", "name": "tajhiz gateway", "protocol": 1,
            "user": unquote(address.username or ""), "pass": unquote(address.password or ""),
        }  # fmt: skip
        self.write(f"CONNECT {json.dumps(options)}\r\nSUB {inbox}.* 1\r\nPING\r\n".encode())
        await self._pong

    def write(self, *parts: bytes) -> None:
        """Send these bytes together with everything else of this turn of the loop."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.extend(parts)

    def ping(self) -> None:
        """Ask whether the broker is still there."""
        self.silent_for += 1
        self.write(b"PING\r\n")

    def close(self) -> None:
        """Let go of the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        parts, self._parts = self._parts, []
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(parts))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        # Not every loop's transports say that they are of this type; they all are.
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._transport = None
        for one in (self._info, self._pong):
            if not one.done():
                one.set_exception(Broken("closed by the broker"))
                one.exception()  # whoever waits gets it; nobody has to
        self._lost()

    def data_received(self, data: bytes) -> None:
        """Take what the broker says apart; a rest waits for what follows it."""
        data = self._left + data
        at = 0
        while (end := data.find(b"\r\n", at)) >= 0:
            if not data.startswith((b"MSG ", b"HMSG "), at):
                self._hear(data[at:end])
                at = end + 2
                continue
            words = data[at:end].split()
            stop = end + 2 + int(words[-1])
            if len(data) < stop + 2:
                break
            self._acknowledged(words[1], data[end + 2 : stop])
            at = stop + 2
        self._left = data[at:]

    def _hear(self, said: bytes) -> None:
        if said == b"PING":
            self.write(b"PONG\r\n")
        elif said == b"PONG":
            self.silent_for = 0
            if not self._pong.done():
                self._pong.set_result(None)
        elif said.startswith(b"INFO ") and not self._info.done():
            self._info.set_result(json.loads(said[5:]))
        elif said.startswith(b"-ERR"):
            logger.warning("broker: %s", said.decode(errors="replace"))


async def connect(
    url: str, inbox: str, acknowledged: Callable[[bytes, bytes], None], lost: Callable[[], None]
) -> Line:
    """Return a connection that is signed in and hears its inbox.

    Raises:
        OSError: nobody is there, or we are refused.
        TimeoutError: there is no answer.
    """
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    line = Line(acknowledged, lost)
    try:
        async with asyncio.timeout(CONNECT_S):
            await loop.create_connection(lambda: line, address.hostname or "", address.port or 4222)
            await line.begin(address, inbox)
    except BaseException:
        line.close()
        raise
    return line
