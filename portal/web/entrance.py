"""The first and last thing of every request: its id, language, limit, headers, measure and log."""

import logging
import re
import time
from typing import Any, cast
from uuid import uuid4

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException, NotFoundException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from portal.logging import request_id
from portal.settings import Settings
from portal.web import i18n
from portal.web.address import current_scope, language_of
from portal.web.bodies import measured, names_nothing
from portal.web.client import client_address, cookies_of, header, subscriber
from portal.web.errors import error_page
from portal.web.limits import Limit, Tally, too_many
from portal.web.measures import Measures, route_of
from portal.web.programs import key_shown
from portal.web.security import PROBES, protect

logger = logging.getLogger("portal.requests")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Entrance:
    """Wraps the whole application, because Litestar's middleware does not see unknown addresses."""

    def __init__(self, app: ASGIApp, settings: Settings, measures: Measures) -> None:
        self.app = app
        self.settings = settings
        self.measures = measures
        self.tally = Tally(Limit("general", settings.rate_limit_per_minute, 60))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        self._prepare(scope)
        head = as_get(scope)
        status = 500
        started = time.perf_counter()

        async def send_protected(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._finish_headers(MutableScopeHeaders.from_message(message), scope, status)
            elif head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        with self.measures.in_flight.track_inprogress():
            await self._answer(scope, receive, send_protected)
        self._note(scope, status, time.perf_counter() - started)

    def _prepare(self, scope: HTTPScope) -> None:
        """Set what belongs to this request alone: a task may answer several one after the other."""
        given = header(scope, b"x-request-id")
        request_id.set(given if REQUEST_ID.fullmatch(given) else uuid4().hex)
        i18n.language.set(language_of(scope["path"]) or chosen_language(scope))
        current_scope.set(scope)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(scope)
        if refusal is None:
            await self.app(scope, measured(scope, receive), send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive)
        response = error_page(request, refusal).to_asgi_response(None, request)
        await response(scope, receive, send)

    async def _refusal(self, scope: HTTPScope) -> HTTPException | None:
        """Return why a request is not let in at all."""
        wait = await self._wait(scope)
        if wait:
            return too_many(wait)
        return NotFoundException() if names_nothing(scope) else None

    async def _wait(self, scope: HTTPScope) -> int:
        """Return the seconds this sender has to wait before the next request."""
        if scope["path"].startswith("/static/") or scope["path"] in PROBES:
            return 0
        valkey = getattr(scope["litestar_app"].state, "valkey", None)
        if valkey is None:
            return 0
        key = subscriber(client_address(scope, self.settings.trusted_proxies))
        return await self.tally.seconds_to_wait(valkey, key, time.time())

    def _finish_headers(self, headers: MutableScopeHeaders, scope: HTTPScope, status: int) -> None:
        headers["x-request-id"] = request_id.get()
        protect(headers, scope, self.settings, status=status)
        if key_shown(scope) is not None:  # a program keeps no cookie
            del headers["set-cookie"]
            return
        code = language_of(scope["path"])
        if code and code != remembered_language(scope):
            secure = "" if self.settings.is_local else "; Secure"
            headers.add(
                "set-cookie",
                f"language={code}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}",
            )

    def _note(self, scope: HTTPScope, status: int, seconds: float) -> None:
        self.measures.answered(scope, status, seconds)
        if not scope["path"].startswith("/static/") and scope["path"] not in PROBES:
            logger.info(
                "%s %s",
                scope["method"],
                route_of(scope),
                extra={"status": status, "ms": round(seconds * 1000, 1)},
            )


def as_get(scope: HTTPScope) -> bool:
    """Say whether only the headers are asked for; what answers GET answers that too."""
    if scope["method"] != "HEAD":
        return False
    scope["method"] = HttpMethod.GET
    return True


def remembered_language(scope: Scope) -> str | None:
    """Return the language this browser used last."""
    return cookies_of(scope).get("language")


def chosen_language(scope: Scope) -> str:
    """Return the language for an address that names none."""
    return i18n.best_language(remembered_language(scope), header(scope, b"accept-language"))


def entered(app: ASGIApp, settings: Settings, measures: Measures) -> ASGIApp:
    """Put the entrance before an application."""
    return cast("ASGIApp", Entrance(app, settings, measures))
