"""How much a request may carry, and which addresses name nothing, before anything is read of them.

The largest body the application takes is that of an upload. A form without a file is far smaller,
and reading one of many megabytes field by field would keep everybody else waiting.
"""

from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from litestar.types import HTTPScope, Receive
from litestar.types.asgi_types import ReceiveMessage

from portal.web.client import header

MOST_TYPED_BYTES = 1024 * 1024  # the longest page of a form is about a tenth of it
LONGEST_PART = 255  # bytes of one part of a path: no file system takes more, no address of ours has


class TooMuchTyped(ClientException):
    """A form without a file that is larger than any of ours."""

    status_code = HTTP_413_REQUEST_ENTITY_TOO_LARGE


def names_nothing(scope: HTTPScope) -> bool:
    """Say whether no page or file can have this address: a NUL, or an endless part."""
    path = scope["path"]
    return "\x00" in path or any(
        len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART for part in path.split("/")
    )


def measured(scope: HTTPScope, receive: Receive) -> Receive:
    """Return ``receive``, refusing to go on after ``MOST_TYPED_BYTES`` unless it is an upload."""
    if header(scope, b"content-type").lower().startswith("multipart/form-data"):
        return receive  # Litestar counts these, and takes at most 1000 parts
    received = 0

    async def receive_some() -> ReceiveMessage:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message["body"])
            if received > MOST_TYPED_BYTES:
                raise TooMuchTyped
        return message

    return receive_some
