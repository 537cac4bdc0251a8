"""Rendering: a page, or the part of it that htmx swaps; and addresses in the right language."""

from typing import Any

from litestar import Request
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.web.i18n import language

VARY = {"Vary": "HX-Request, HX-Request-Type, Cookie"}


def wants_partial(request: Request[Any, Any, Any]) -> bool:
    """Say whether only the swapped part of the page is wanted (htmx 4 says so itself)."""
    return request.headers.get("hx-request-type") == "partial"


def page(
    request: Request[Any, Any, Any],
    name: str,
    *,
    part: str | None = None,
    status_code: int = 200,
    **context: object,
) -> Template:
    """Render the page ``name``, or only its ``part`` (a ``_partial``) when htmx asked for that.

    Pages get ``title`` (translated text) and may get ``lead``, ``breadcrumbs`` (pairs of text and
    address), ``description`` (OpenGraph) and ``schema_org`` (a dict) in their context.
    """
    template = part if part and wants_partial(request) else name
    return Template(template, context=context, headers=VARY, status_code=status_code)


def url(request: Request[Any, Any, Any], name: str, **values: object) -> str:
    """Return the path of a named page in the language of this request."""
    return request.app.route_reverse(name, lang=language.get(), **values)


def see_other(request: Request[Any, Any, Any], name: str, **values: object) -> Redirect:
    """Send the browser to a named page after a post."""
    return Redirect(url(request, name, **values), status_code=HTTP_303_SEE_OTHER)
