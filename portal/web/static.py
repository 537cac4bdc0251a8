"""Style sheets, scripts, fonts and icons, under ``/static``."""

import hashlib
from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from portal.package import Package
from portal.web.guards import public
from portal.web.stylesheet import STATIC, stylesheet, version_of

STYLESHEET = "tajhiz.css"


class Assets:
    """The static files of one application: their addresses, and the style sheet made for it."""

    def __init__(self, packages: tuple[Package, ...], *, reload: bool) -> None:
        self._folders = [package.folder for package in packages]
        self._reload = reload
        self._make()

    def _make(self) -> None:
        self._text = stylesheet(self._folders)
        self._version = hashlib.sha256(self._text.encode()).hexdigest()[:12]

    @property
    def text(self) -> str:
        """Return the style sheet; made anew each time on somebody's own machine."""
        if self._reload:
            self._make()
            version_of.cache_clear()
        return self._text

    def address(self, path: str) -> str:
        """Return the address of a static file, with a mark of its content."""
        if path == STYLESHEET:
            return f"/static/{path}?v={self._version}"
        return f"/static/{path}?v={version_of(path)}"


def stylesheet_route(text: Callable[[], str]) -> HTTPRouteHandler:
    """Return the route of the style sheet."""

    @get(
        f"/static/{STYLESHEET}",
        name="stylesheet",
        guards=[public],
        sync_to_thread=False,
        include_in_schema=False,
    )
    def send(request: Request[Any, Any, Any]) -> Response[str]:
        """Send the style sheet."""
        return Response(text(), media_type="text/css; charset=utf-8")

    return send


def static_router() -> Router:
    """Serve ``portal/static`` under ``/static``."""
    return create_static_files_router(
        path="/static", directories=[STATIC], name="static", guards=[public]
    )
