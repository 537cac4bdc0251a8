"""One message of a device: who sends it, is it as it should be, is it kept. The way of every one.

An ASGI handler, so that nothing is made for a message that it does not need.
"""

import hashlib
import logging
from asyncio import timeout
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import cast
from uuid import UUID

import msgspec
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPScope, Receive, Scope, Send

from portal.web.client import client_address
from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.entry import Entry, Sender
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.publishing import NotKept, Publisher
from telemetry_ingest.gateway.refused import count_refusal
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import MOST_BYTES, ReadingsMessage, Refused, decode, subject_of
from telemetry_ingest.wire.messages import Message
from telemetry_ingest.wire.subjects import TOPICS

logger = logging.getLogger(__name__)
MEDIA_TYPES = {
    b"application/json",
    b"application/msgpack",
    b"application/x-msgpack",
    b"application/vnd.msgpack",
    b"application/x-protobuf",  # Sparkplug B
}
PATIENCE_S = 5.0  # for the database
READ_S = 20.0  # for a message to come whole: what is slower takes the room of others
# Of messages that are being read or wait for the broker: bytes of all together, and how many of one
# device, so that one which is broken or malicious leaves room for the others.
MOST_BYTES_AT_ONCE = 64 * MOST_BYTES
MOST_OF_ONE = 4
PLACES = [f"/v1/{name}" for name in TOPICS]
_JSON = (b"content-type", b"application/json")
Headers = Mapping[bytes, bytes]


class Gone(Exception):
    """The device went away before its message was whole: nobody is there to answer."""


class Kept(msgspec.Struct):
    """The answer 202: JetStream has the message.

    Attributes:
        readings: how many readings it holds; 0 for a status or an alarm.
        duplicate: the same bytes came before, and were not kept twice.
    """

    readings: int
    duplicate: bool


_encode = msgspec.json.Encoder().encode


class Posting:
    """Takes messages; one for each application."""

    def __init__(
        self, entry: Entry, publisher: Publisher, measures: GatewayMeasures, trusted_proxies: int
    ) -> None:
        self._entry = entry
        self._publisher = publisher
        self._measures = measures
        self._trusted_proxies = trusted_proxies
        self._bytes = 0
        # By device and not by what it shows: a token can be written in more than one way.
        self._of_one: Counter[UUID] = Counter()

    async def answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Take one message; 202 means that it is kept."""
        place = scope["path"].rstrip("/").rpartition("/")[2]
        headers: Headers = dict(scope["headers"])
        try:
            kept = await self._take(TOPICS[place], scope, headers, receive)
        except Problem as problem:
            self._measures.answered(place, problem.code)
            language = problems.language_of(headers.get(b"accept-language", b"").decode("latin-1"))
            said = {"content-type": problems.MEDIA_TYPE, **problem.headers(language)}
            raw = [(name.encode(), value.encode()) for name, value in said.items()]
            await _respond(send, problem.status, raw, problem.body(language))
        except Gone:
            self._measures.answered(place, "gone")
        else:
            self._measures.answered(place, "duplicate" if kept.duplicate else "kept")
            if not kept.duplicate:
                self._measures.readings.inc(kept.readings)
            await _respond(send, 202, [_JSON], _encode(kept))

    async def _take(
        self, topic: Topic, scope: HTTPScope, headers: Headers, receive: Receive
    ) -> Kept:
        if scope["method"] != "POST":
            raise problems.no_such_place(405)
        # The order matters: who is not let in makes us read nothing.
        sender = await self._admitted(scope, headers)
        room = _room(headers)
        with self._place(sender.device, room):
            try:
                async with timeout(READ_S):
                    content = await _read(receive)
            except TimeoutError:
                raise problems.not_kept() from None
            message = await _checked(sender, topic, content)
            count = len(message.readings) if isinstance(message, ReadingsMessage) else 0
            digest = hashlib.sha256(content).hexdigest()
            name = f"{sender.device.hex}/{topic.value}/{message.boot}/{message.seq}/{digest}"
            return Kept(count, await self._handed_over(sender, topic, content, name))

    @contextmanager
    def _place(self, device: UUID, room: int) -> Iterator[None]:
        """Keep a place for one message until the block ends.

        Raises:
            Problem: this device has too many at once, or all together.
        """
        if self._of_one[device] >= MOST_OF_ONE:
            raise problems.too_often(1)
        if self._bytes + room > MOST_BYTES_AT_ONCE:
            raise problems.not_kept()
        self._bytes += room
        self._of_one[device] += 1
        try:
            yield
        finally:
            self._bytes -= room
            self._of_one[device] -= 1
            if not self._of_one[device]:
                del self._of_one[device]

    async def _admitted(self, scope: HTTPScope, headers: Headers) -> Sender:
        said = headers.get(b"authorization", b"")
        sender = self._entry.known(said)
        if sender is not None:
            return sender
        try:
            async with timeout(PATIENCE_S):
                address = client_address(scope, self._trusted_proxies)
                return await self._entry.admit(said, address)
        except Problem:
            raise
        except Exception as error:  # asyncpg raises several families of them when it cannot
            logger.warning("tokens cannot be read: %s", type(error).__name__)
            raise problems.not_kept() from None

    async def _handed_over(self, sender: Sender, topic: Topic, content: bytes, name: str) -> bool:
        """Publish a message where those of MQTT are; say whether it was there already."""
        began = perf_counter()
        try:
            ack = await self._publisher.publish(subject_of(sender.device, topic), content, name)
        except NotKept:
            raise problems.not_kept() from None
        self._measures.seconds.observe(perf_counter() - began)
        if ack.duplicate:
            self._measures.duplicates.inc()
        return ack.duplicate


def handler_of(posting: Posting) -> ASGIRouteHandler:
    """Return the route that devices post to."""

    @asgi(PLACES, name="ingest", copy_scope=False)
    async def ingest(scope: Scope, receive: Receive, send: Send) -> None:
        await posting.answer(cast("HTTPScope", scope), receive, send)

    return ingest


async def _respond(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _room(headers: Headers) -> int:
    """Return how much room the body may take, as far as the headers say it.

    Raises:
        Problem: it is of another type, or too large.
    """
    media_type = headers.get(b"content-type", b"")
    if media_type not in MEDIA_TYPES:
        media_type = media_type.partition(b";")[0].strip().lower()
    if media_type not in MEDIA_TYPES or b"content-encoding" in headers:
        raise problems.wrong_media_type()
    length = headers.get(b"content-length", b"")
    room = int(length) if length.isdigit() else MOST_BYTES
    if room > MOST_BYTES:
        raise problems.of_refusal(Refusal.TOO_LARGE, "")
    return room


async def _read(receive: Receive) -> bytes:
    """Read the body.

    Raises:
        Gone: the device went away.
        Problem: it is too large.
    """
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        event = await receive()
        if event["type"] != "http.request":
            raise Gone
        parts.append(event["body"])
        size, more = size + len(parts[-1]), event.get("more_body", False)
        if size > MOST_BYTES:
            raise problems.of_refusal(Refusal.TOO_LARGE, "")
    return parts[0] if len(parts) == 1 else b"".join(parts)


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
