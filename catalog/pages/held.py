"""Held pages: the public page of a device as rendered once, for visitors who have not signed in.

A held page is keyed by the edition of the device, so a change shows at once; what it tells of
others (the supplier, related devices) may be one minute old.
"""

import hashlib
import time
from collections import OrderedDict
from typing import Any

from litestar import Request, Response
from litestar.response import Template
from litestar.utils.scope.state import ScopeState

from portal.web.guards import actor_of
from portal.web.i18n import language
from portal.web.page import VARY, wants_partial

MOST = 512
SECONDS = 60
PLACE = b"\x00csrf\x00"  # stands where each visitor's own token goes
Key = tuple[object, ...]


class Held:
    """The latest rendered pages of this process, at most ``MOST`` and for ``SECONDS``."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """Return a page that is still fresh."""
        found = self._pages.get(key)
        if found is None or found[0] < time.monotonic():
            return None
        return found[1]

    def put(self, key: Key, body: bytes) -> None:
        """Keep a page, and forget the one kept longest when there are too many."""
        self._pages[key] = (time.monotonic() + SECONDS, body)
        self._pages.move_to_end(key)
        while len(self._pages) > MOST:
            self._pages.popitem(last=False)


def pages_of(request: Request[Any, Any, Any]) -> Held:
    """Return the held pages of this application."""
    state = request.app.state
    if "held_device_pages" not in state:
        state.held_device_pages = Held()
    found: Held = state.held_device_pages
    return found


def is_plain(request: Request[Any, Any, Any]) -> bool:
    """Say whether this visitor gets the page everybody gets."""
    return (
        not actor_of(request).signed_in
        and not request.scope["query_string"]
        and not wants_partial(request)
    )


def key_of(request: Request[Any, Any, Any], *parts: object) -> Key:
    """Return what a page depends on besides its subject: host, language and chosen look."""
    return (*parts, language.get(), request.cookies.get("theme", ""), request.url.path)


def _token(request: Request[Any, Any, Any]) -> bytes:
    token = ScopeState.from_scope(request.scope).csrf_token
    return token.encode() if isinstance(token, str) else b""


def etag_of(request: Request[Any, Any, Any], key: Key) -> str:
    """Return the mark of a page as this visitor gets it: their token is part of it."""
    mark = hashlib.sha256(repr(key).encode() + _token(request)).hexdigest()[:20]
    # The minute is in it because related devices change without the device's own edition.
    return f'W/"{mark}-{int(time.time()) // SECONDS}"'


def is_fresh(request: Request[Any, Any, Any], etag: str) -> bool:
    """Say whether the browser has this very page."""
    return etag in request.headers.get("if-none-match", "")


def headers(etag: str) -> dict[str, str]:
    """Return the headers of a held page: the browser may keep it and asks each time."""
    return {**VARY, "ETag": etag, "Cache-Control": "private, no-cache"}


def not_changed(etag: str) -> Response[None]:
    """Answer that the browser has this very page."""
    return Response(None, status_code=304, headers=headers(etag))


def rendered(request: Request[Any, Any, Any], template: Template) -> bytes:
    """Return a page as bytes, with a place for the visitor's token."""
    context = template.create_template_context(request)
    engine = request.app.template_engine
    assert engine is not None
    assert template.template_name is not None
    body: bytes = engine.get_template(template.template_name).render(**context).encode()
    token = _token(request)
    return body.replace(token, PLACE) if token else body


def send(request: Request[Any, Any, Any], body: bytes, etag: str) -> Response[bytes]:
    """Answer with a held page that carries this visitor's token."""
    return Response(
        body.replace(PLACE, _token(request)),
        media_type="text/html; charset=utf-8",
        headers=headers(etag),
    )
