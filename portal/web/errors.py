"""One handler for every exception: a page, a flash for htmx, or JSON for an API, in our words."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from asyncpg.exceptions import (
    CannotConnectNowError,
    CharacterNotInRepertoireError,
    PostgresConnectionError,
)
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER
from valkey.exceptions import ValkeyError

from portal.logging import request_id
from portal.package import ErrorShape, Failure
from portal.web import i18n
from portal.web.address import address_of, local_path
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy, ngettext
from portal.web.page import VARY, wants_partial
from portal.web.programs import API, CHALLENGE, for_programs, key_shown

logger = logging.getLogger(__name__)
SIGN_IN = "accounts.sign_in"
SET_UP = "accounts.second_factor"


class UserError(Exception):
    """Something the person can mend; the message is shown, so it is a msgid with ``values``.

    Packages subclass it with one class per reason; ``status`` is the HTTP answer.
    """

    status = 409
    message = lazy("This cannot be done now.")

    def __init__(self, **values: object) -> None:
        super().__init__(self.message)
        self.values = values

    def text(self) -> str:
        """Return the message in the language of this request."""
        return _(self.message, **self.values)

    def remedy(self, route: str) -> tuple[str, str] | None:
        """Return the page that helps whoever asked for ``route``, and what its button says."""
        return None


class NotFound(UserError):
    """The thing asked for does not exist, or not for this person."""

    status = 404
    message = lazy("We found nothing at this address.")


class SecondFactorMissing(UserError):
    """Somebody who verifies or decides has not turned the second factor on yet."""

    status = 403
    message = lazy(
        "Your role asks for a second factor. Sign in to the portal and turn it on first."
    )


# Status → what the page is called, and what the person can do.
WORDS: dict[int, tuple[str, str]] = {
    400: (
        lazy("This request cannot be read"),
        lazy("Something in the address or in the form is not as expected. Go back and try again."),
    ),
    401: (
        lazy("Please sign in"),
        lazy("This page is for people who have signed in."),
    ),
    403: (
        lazy("You may not do this"),
        lazy(
            "Your account does not have the right this page asks for, or the form was open too "
            "long. Go back, reload the page and try again; ask the administrator of your "
            "organisation for the right."
        ),
    ),
    404: (
        lazy("Page not found"),
        lazy("Check the address, or look for what you need from the home page."),
    ),
    405: (
        lazy("This address does not take that"),
        lazy("It answers to a form. Go back to the page the form is on."),
    ),
    409: (
        lazy("Not possible now"),
        lazy("Things changed in the meantime. Reload the page and look again."),
    ),
    410: (
        lazy("This link no longer works"),
        lazy("It has been used or is too old. Ask for a new one."),
    ),
    413: (
        lazy("The file is too large"),
        lazy("Choose a smaller file and send it again."),
    ),
    422: (
        lazy("Something is missing or not right"),
        lazy("Go back, correct the form and send it again."),
    ),
    429: (
        lazy("Too many requests"),
        lazy("Wait a little, then try again. Nothing was lost."),
    ),
    500: (
        lazy("Something went wrong on our side"),
        lazy("What you sent may not have been saved. Try again in a few minutes."),
    ),
    503: (
        lazy("The portal is not available"),
        lazy("A part of it does not answer. Try again in a few minutes."),
    ),
}


def describe(error: Exception) -> tuple[int, str]:
    """Return the status, and our own words if we have better ones than the usual text."""
    match error:
        case UserError():
            return error.status, error.text()
        case HTTPException(status_code=429, headers={"Retry-After": str(wait)}):
            return 429, waiting(int(wait))
        case HTTPException(status_code=status):
            return status, ""
        case CharacterNotInRepertoireError():
            return 400, ""  # a NUL in an address: no table holds it, so nothing has this address
        case ValkeyError() | PostgresConnectionError() | CannotConnectNowError():
            return 503, ""  # without sessions, limits or data there is nothing to show
        case ConnectionError():
            return 503, ""  # as the database's server refuses while it starts
        case _:
            return 500, ""


def waiting(seconds: int) -> str:
    """Say how long to wait, in seconds or in minutes."""
    if seconds < 90:
        return ngettext(
            "Wait %(num)s second, then try again. Nothing was lost.",
            "Wait %(num)s seconds, then try again. Nothing was lost.",
            seconds,
        )
    return ngettext(
        "Wait %(num)s minute, then try again. Nothing was lost.",
        "Wait %(num)s minutes, then try again. Nothing was lost.",
        -(-seconds // 60),
    )


def words(status: int) -> tuple[str, str]:
    """Return the title and the usual text of a status, in the language of this request."""
    title, text = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return _(title), _(text)


def error_page(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any exception with a page, a flash message when htmx wanted a part, or JSON."""
    status, text = describe(error)
    if status >= 500:
        logger.error("%s failed", request.method, exc_info=error)
    title, usual = words(status)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 401 and for_programs(request.scope):
        headers.setdefault("WWW-Authenticate", CHALLENGE)
    if shape := shape_of(request):
        return shape(Failure(error, status, text or usual, headers))
    if request.url.path.startswith(API) or key_shown(request.scope) is not None:
        return problem(request, status, title, text or usual, headers)
    if status == 401 and request.app.get_handler_index_by_name(SIGN_IN):
        return to_sign_in(request)
    if isinstance(error, SecondFactorMissing):
        return led_to(request, request.app.route_reverse(SET_UP, lang=i18n.language.get()))
    return error_template(request, status, title, text or usual, headers, remedy_of(request, error))


def shape_of(request: Request[Any, Any, Any]) -> ErrorShape | None:
    """Return how errors are said at this address, where a package has a shape of its own."""
    shapes = (one.error_shapes.items() for one in request.app.state.get("packages", ()))
    path = request.url.path
    return next(
        (shape for pairs in shapes for start, shape in pairs if path.startswith(start)), None
    )


def remedy_of(request: Request[Any, Any, Any], error: Exception) -> tuple[str, str] | None:
    """Return the route and the words of the button that helps, where an error knows one."""
    handler = request.scope.get("route_handler")
    return error.remedy(handler.name or "") if isinstance(error, UserError) and handler else None


def problem(
    request: Request[Any, Any, Any],
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str],
) -> Response[Any]:
    """Answer a program with problem details (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail if detail != title else title,
        "instance": request.url.path,
        "request_id": request_id.get(),
    }
    return Response(
        body,
        status_code=status,
        media_type="application/problem+json",
        headers={**headers, "Content-Language": i18n.language.get()},
    )


def to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send a stranger to sign in and, after it, back to the page they were on."""
    back = str(address_of(request.scope))
    if request.method != "GET" or wants_partial(request):
        sent = request.headers
        source = urlsplit(str(sent.get("hx-current-url") or sent.get("referer", "")))
        back = local_path(f"{source.path}?{source.query}" if source.query else source.path)
    path = request.app.route_reverse(SIGN_IN, lang=i18n.language.get())
    target = f"{path}?{urlencode({'next': back})}"
    return led_to(request, target)


def led_to(request: Request[Any, Any, Any], target: str) -> Response[Any]:
    """Send a browser to another page, also one of which htmx wanted a part."""
    if wants_partial(request):
        return Response("", status_code=200, headers={"HX-Redirect": target, **VARY})
    return Redirect(target, status_code=HTTP_303_SEE_OTHER)


def error_template(
    request: Request[Any, Any, Any],
    status: int,
    title: str,
    text: str,
    headers: Mapping[str, str],
    remedy: tuple[str, str] | None = None,
) -> Response[Any]:
    """Return the page of an error, with the menu and the languages, or htmx's flash message.

    Nothing on it asks the database or Valkey. It is rendered here, so that a broken shell costs
    only the shell.
    """
    partial = wants_partial(request)
    flash = {"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"} if partial else {}
    context: dict[str, Any] = {
        "status": status,
        "title": title,
        "text": text,
        "remedy": remedy,
        "request_id": request_id.get() if status >= 500 else "",
    }
    if request.method not in {"GET", "HEAD"}:
        context["language_home"] = True  # nothing may be at this address for whoever only looks
    return Response(
        rendered(request, "errors/_flash.html" if partial else "errors/error.html", context),
        status_code=status,
        media_type="text/html",
        headers={**headers, **VARY, **flash},
    )


def rendered(request: Request[Any, Any, Any], name: str, context: dict[str, Any]) -> str:
    """Render a template of an error, without the shell of the portal when that is what fails."""
    engine = request.app.template_engine
    assert engine is not None, "the portal has templates"
    template = engine.get_template(name)
    known = Template(name, context=context).create_template_context(request)
    try:
        return str(template.render(**known, with_shell=True))
    except Exception:
        logger.exception("the shell of an error page failed")
        return str(template.render(**known, with_shell=False))
