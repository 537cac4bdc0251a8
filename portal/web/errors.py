"""One handler for every exception: a page, a flash for htmx, or JSON for an API, in our words."""

import logging
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Template

from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import VARY, wants_partial

logger = logging.getLogger(__name__)


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


class NotFound(UserError):
    """The thing asked for does not exist, or not for this person."""

    status = 404
    message = lazy("We found nothing at this address.")


def describe(error: Exception) -> tuple[int, str]:
    """Return the status, and our own words if we have better ones than the usual text."""
    match error:
        case UserError():
            return error.status, error.text()
        case HTTPException(status_code=status):
            return status, ""
        case _:
            return 500, ""


def error_page(request: Request[Any, Any, Any], error: Exception) -> Template:
    """Answer any exception with a page, or with a flash message when htmx wanted a part."""
    status, text = describe(error)
    if status >= 500:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    partial = wants_partial(request)
    return Template(
        "errors/_flash.html" if partial else "errors/error.html",
        context={"status": status, "text": text},
        status_code=status,
        headers=VARY | ({"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"} if partial else {}),
    )
