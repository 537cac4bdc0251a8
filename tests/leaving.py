"""A browser that leaves a page of live events as soon as it has begun: such a page has no end."""

import asyncio

from litestar.types import ASGIApp, Message, Receive, Scope, Send

LEFT: Message = {"type": "http.disconnect"}
LAST: Message = {"type": "http.response.body", "body": b"", "more_body": False}


def leaving_events(app: ASGIApp) -> ASGIApp:
    """Return the application as such a browser asks it; every other answer is read to its end."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        left = asyncio.Event()
        body_given = whole = False

        async def hear() -> Message:
            nonlocal body_given
            if body_given:
                await left.wait()
                return LEFT
            body_given = True
            return await receive()

        async def tell(message: Message) -> None:
            nonlocal whole
            await send(message)
            whole = message["type"] == "http.response.body" and not message["more_body"]
            if whole or _begins_events(message):
                left.set()

        await app(scope, hear, tell)
        if not whole:
            await send(LAST)

    return asked


def _begins_events(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    kind = dict(message["headers"]).get(b"content-type", b"")
    return kind.startswith(b"text/event-stream")
