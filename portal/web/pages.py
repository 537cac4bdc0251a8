"""Pages of the portal itself: the address without a language, and home."""

from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Template

from portal.web.guards import public
from portal.web.i18n import best_language
from portal.web.i18n import gettext as _
from portal.web.page import page


@get("/", name="root", guards=[public], include_in_schema=False)
async def root(request: Request[Any, Any, Any]) -> Redirect:
    """Go to the home page in the person's language."""
    code = best_language(
        request.cookies.get("language"), request.headers.get("accept-language", "")
    )
    return Redirect(f"/{code}")


@get("/", name="home", guards=[public])
async def home(request: Request[Any, Any, Any]) -> Template:
    """Show what each audience can do first."""
    return page(request, "home.html", title=_("Medical devices made in Morocco"))
