"""One message of a device over HTTPS: the way from the request to the answer.

An ASGI handler, so that nothing is made for a message that it does not need.
"""

from asyncio import timeout
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast
from uuid import UUID

import msgspec
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPScope, Receive, Scope, Send

from portal.web.client import client_address
from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.taking import MOST_OF_ONE, READ_S, Kept, Taking
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import MOST_BYTES
from telemetry_ingest.wire.subjects import TOPICS

MEDIA_TYPES = {
    b"application/json",
    b"application/msgpack",
    b"application/x-msgpack",
    b"application/vnd.msgpack",
    b"application/x-protobuf",  # Sparkplug B
}
PLACES = [f"/v1/{name}" for name in TOPICS]
_JSON = (b"content-type", b"application/json")
Headers = Mapping[bytes, bytes]


class Gone(Exception):
    """The device went away before its message was whole: nobody is there to answer."""


_encode = msgspec.json.Encoder().encode


class Posting:
    """Answers requests; one for each application."""

    def __init__(self, taking: Taking, trusted_proxies: int) -> None:
        self._taking = taking
        self._measures = taking.measures
        self._trusted_proxies = trusted_proxies
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
            self._measures.answered(place, kept.word)
            await _respond(send, 202, [_JSON], _encode(kept))

    async def _take(
        self, topic: Topic, scope: HTTPScope, headers: Headers, receive: Receive
    ) -> Kept:
        if scope["method"] != "POST":
            raise problems.no_such_place(405)
        # The order matters: who is not let in makes us read nothing.
        said = headers.get(b"authorization", b"")
        sender = await self._taking.admitted(
            said, lambda: client_address(scope, self._trusted_proxies)
        )
        room = _room(headers)
        with self._place(sender.device), self._taking.room(room):
            try:
                async with timeout(READ_S):
                    content = await _read(receive)
            except TimeoutError:
                raise problems.not_kept() from None
            return await self._taking.kept(sender, topic, content)

    @contextmanager
    def _place(self, device: UUID) -> Iterator[None]:
        """Keep a place for one message until the block ends.

        Raises:
            Problem: this device has too many at once.
        """
        if self._of_one[device] >= MOST_OF_ONE:
            raise problems.too_often(1)
        self._of_one[device] += 1
        try:
            yield
        finally:
            self._of_one[device] -= 1
            if not self._of_one[device]:
                del self._of_one[device]


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
