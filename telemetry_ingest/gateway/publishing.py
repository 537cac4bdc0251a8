"""Publishes to JetStream and waits until it has the message: 202 is said only after that."""

import asyncio
import logging
import secrets
import time
from contextlib import suppress
from itertools import count

import msgspec

from telemetry_ingest.gateway.line import Line, connect

logger = logging.getLogger(__name__)
PATIENCE_S = 5.0
MOST_WAITING = 4_000  # messages that wait for their acknowledgement; beyond it devices wait
RETRY_S = 0.5
LOOK_EVERY_S = 0.25
PING_EVERY_S = 5.0
MOST_SILENT = 2


class NotKept(Exception):
    """JetStream did not say that it has the message; it may have it all the same."""


class Ack(msgspec.Struct, frozen=True):
    """What JetStream says of a message it has."""

    seq: int = 0
    duplicate: bool = False
    error: dict[str, object] | None = None


class _Waiting(msgspec.Struct, frozen=True, gc=False):
    """Somebody who waits for an acknowledgement, until when."""

    answer: asyncio.Future[Ack]
    until: float


_ACK = msgspec.json.Decoder(Ack)
_NO_STREAM = Ack(error={"description": "no stream"})


class Publisher:
    """One connection, one inbox, one table of who waits: no task and no timer for each message."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        self._urls = url.split(",")
        self._patience_s = patience_s
        self._line: Line | None = None
        self._inbox = f"_INBOX.{secrets.token_hex(11)}"
        self._reply = self._inbox.encode()
        self._numbers = count()
        self._waiting: dict[int, _Waiting] = {}
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; a broker that is away is tried again until it is there."""
        tried = asyncio.Event()
        self._keeping = asyncio.create_task(self._keep(tried))
        with suppress(TimeoutError):
            await asyncio.wait_for(tried.wait(), self._patience_s)

    async def stop(self) -> None:
        """Let go of the connection."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        if self._line is not None:
            self._line.close()
            self._line = None
        self._lost()

    @property
    def connected(self) -> bool:
        """Say whether the broker is there."""
        return self._line is not None and self._line.open

    @property
    def waiting(self) -> int:
        """Return how many messages wait for their acknowledgement."""
        return len(self._waiting)

    async def publish(self, subject: str, content: bytes, message_id: str) -> Ack:
        """Hand over one message; the same ``message_id`` within two minutes is kept once.

        Raises:
            NotKept: the broker is away, refuses it, or did not acknowledge it in time.
        """
        line = self._line
        if line is None or not line.open or len(self._waiting) >= MOST_WAITING:
            raise NotKept
        number = next(self._numbers)
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[number] = _Waiting(answer, time.monotonic() + self._patience_s)
        headers = b"NATS/1.0\r\nNats-Msg-Id: %b\r\n\r\n" % message_id.encode()
        size = len(headers)
        line.write(
            b"HPUB %b %b.%d %d %d\r\n%b"
            % (subject.encode(), self._reply, number, size, size + len(content), headers),
            content,
            b"\r\n",
        )
        try:
            return await answer
        finally:
            self._waiting.pop(number, None)

    def _acknowledged(self, subject: bytes, content: bytes) -> None:
        waiting = self._waiting.get(int(subject.rpartition(b".")[2]))
        if waiting is None or waiting.answer.done():
            return
        try:
            ack = _ACK.decode(content)
        except msgspec.DecodeError:  # no stream listens there: headers with a status, no content
            ack = _NO_STREAM
        if ack.error is None:
            waiting.answer.set_result(ack)
        else:
            logger.error("JetStream refuses: %s", ack.error.get("description"))
            waiting.answer.set_exception(NotKept())

    def _lost(self) -> None:
        """Tell at once whoever waits: an answer to them will not come over a new connection."""
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(NotKept())

    async def _keep(self, tried: asyncio.Event) -> None:
        """Connect, look after the connection, and connect again when it is lost."""
        for turn in count():
            try:
                url = self._urls[turn % len(self._urls)]
                self._line = await connect(url, self._inbox, self._acknowledged, self._lost)
            except (OSError, TimeoutError, ValueError) as error:
                logger.warning("the broker is not there: %s", type(error).__name__)
                await asyncio.sleep(RETRY_S)
                continue
            tried.set()
            await self._look_after(self._line)

    async def _look_after(self, line: Line) -> None:
        """Return when the connection is gone; a broker that says nothing is let go of."""
        asked = time.monotonic()
        while line.open:
            await asyncio.sleep(LOOK_EVERY_S)
            now = time.monotonic()
            self._give_up(now)
            if now - asked < PING_EVERY_S:
                continue
            asked = now
            if line.silent_for >= MOST_SILENT:
                logger.warning("the broker says nothing")
                line.close()
            line.ping()

    def _give_up(self, now: float) -> None:
        """Tell those whose time is over; who waits longest stands first."""
        for waiting in self._waiting.values():
            if waiting.until > now:
                return
            if not waiting.answer.done():
                waiting.answer.set_exception(NotKept())
