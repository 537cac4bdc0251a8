"""The nomenclature as a tree with counts, and terms by words for the classification of a device."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from catalog.access import DEVICE_VIEW_OWN
from catalog.pages.places import Crumbs
from catalog.queries import nomenclature
from catalog.rules.emdn import is_assignable
from portal.web.guards import allow, public
from portal.web.i18n import gettext as _
from portal.web.page import VARY, page, url

Words = Annotated[str, QueryParameter(name="q", max_length=100)]
For = Annotated[str, QueryParameter(name="for", max_length=36)]


@get("/nomenclature", name="catalog.nomenclature", guards=[public])
async def top(request: Request[Any, Any, Any], words: Words = "", wanted_for: For = "") -> Template:
    """Show the categories, or the terms with some words."""
    return await _tree(request, "", words, wanted_for)


@get("/nomenclature/{code:str}", name="catalog.term", guards=[public])
async def place(
    request: Request[Any, Any, Any], code: FromPath[str], wanted_for: For = ""
) -> Template:
    """Show one place in the tree."""
    return await _tree(request, code, "", wanted_for)


async def _tree(
    request: Request[Any, Any, Any], code: str, words: str, wanted_for: str
) -> Template:
    found = await nomenclature.place(code)
    here = found.here.term if found.here else None
    title = here.name if here else _("Nomenclature of medical devices (EMDN)")
    return page(
        request,
        "catalog/nomenclature/tree.html",
        title=title,
        lead=""
        if here
        else _("Every family of devices, with how many of each are in the catalogue."),
        breadcrumbs=_way(request, found, wanted_for),
        place=found,
        words=words,
        found=await nomenclature.terms_with(words) if words else [],
        wanted_for=wanted_for if len(wanted_for) == 36 else "",
        assignable=is_assignable,
    )


def _way(request: Request[Any, Any, Any], found: nomenclature.Place, wanted_for: str) -> Crumbs:
    query = f"?for={wanted_for}" if len(wanted_for) == 36 else ""
    way = [(_("Nomenclature"), url(request, "catalog.nomenclature") + query)]
    way += [(one.code, url(request, "catalog.term", code=one.code) + query) for one in found.above]
    return [*way, (found.here.term.code, "")] if found.here else []


@get("/nomenclature/terms", name="catalog.terms", guards=[allow(DEVICE_VIEW_OWN)])
async def terms(
    request: Request[Any, Any, Any],
    words: Annotated[str, QueryParameter(name="emdn_words", max_length=100)] = "",
) -> Template:
    """Answer htmx with the terms that have these words, to choose one."""
    return Template(
        "catalog/own/_emdn_options.html",
        context={"words": words, "terms": await nomenclature.terms_with(words)},
        headers=VARY,
    )
