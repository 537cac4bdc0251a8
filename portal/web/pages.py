"""Pages of the portal itself: the address without a language, home, appearance, about."""

from typing import Any

from litestar import Request, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.web import home as first_page
from portal.web.address import local_path
from portal.web.entrance import chosen_language
from portal.web.guards import actor_of, is_open, public
from portal.web.i18n import gettext as _
from portal.web.page import page, url
from portal.web.templating import THEMES

YEAR_S = 365 * 24 * 3600


@get("/", name="root", guards=[public], include_in_schema=False)
async def root(request: Request[Any, Any, Any]) -> Redirect:
    """Go to the home page in the person's language."""
    return Redirect(
        f"/{chosen_language(request.scope)}", headers={"Vary": "Accept-Language, Cookie"}
    )


@get("/", name="home", guards=[public])
async def home(request: Request[Any, Any, Any]) -> Template:
    """Show what each audience can do first."""
    packages = request.app.state.packages
    settings = request.app.state.settings
    return page(
        request,
        "home/home.html",
        title=_("Medical devices made in Morocco"),
        lead=_("Find them, compare them, and buy them on evidence rather than brochures."),
        audiences=first_page.audiences(
            packages, actor_of(request), lambda route: is_open(request, route)
        ),
        to_decide=await first_page.waiting(packages, actor_of(request)),
        numbers=await first_page.numbers(packages),
        schema_org={
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": _("Tajhiz"),
            "url": settings.base_url,
            "inLanguage": ["fr", "ar", "en"],
        },
    )


@post("/appearance", name="theme", guards=[public])
async def theme(request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]) -> Redirect:
    """Remember whether this browser wants light or dark pages, and go back."""
    answer = Redirect(
        local_path(data.get("next", ""), url(request, "home")), status_code=HTTP_303_SEE_OTHER
    )
    chosen = data.get("theme", "")
    answer.set_cookie(
        key="theme",
        value=chosen if chosen in THEMES else "",
        max_age=YEAR_S if chosen in THEMES else 0,
        httponly=True,
        samesite="lax",
        secure=not request.app.state.settings.is_local,
    )
    return answer


@get("/about", name="about", guards=[public])
async def about(request: Request[Any, Any, Any]) -> Template:
    """Say what the portal is for, and who made it."""
    return page(request, "about/about.html", title=_("About this portal"))


@get("/accessibility", name="accessibility", guards=[public])
async def accessibility(request: Request[Any, Any, Any]) -> Template:
    """Say honestly how accessible the portal is, and what is not yet."""
    return page(request, "about/accessibility.html", title=_("Accessibility"))


@get("/legal", name="legal", guards=[public])
async def legal(request: Request[Any, Any, Any]) -> Template:
    """Say what the figures and rules shown are worth."""
    return page(request, "about/legal.html", title=_("Legal notice"))


@get("/privacy", name="privacy", guards=[public])
async def privacy(request: Request[Any, Any, Any]) -> Template:
    """Say which personal data are kept and what everybody may ask for."""
    return page(request, "about/privacy.html", title=_("Privacy"))


@get("/terms", name="terms", guards=[public])
async def terms(request: Request[Any, Any, Any]) -> Template:
    """Say what those who use the portal agree to."""
    return page(request, "about/terms.html", title=_("Terms of use"))
