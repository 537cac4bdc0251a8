"""The page that searches everything: a few results of every index, and the way to the others."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, get
from litestar.params import QueryParameter
from litestar.response import Template

from portal.package import SearchGroup, SearchLine
from portal.search.adapter import search
from portal.search.index import Query
from portal.web.address import Address
from portal.web.guards import public
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.page import page, url

SHOWN = 5
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Found:
    """The results of one index."""

    label: str
    lines: list[SearchLine]
    total: int
    address: str  # of the page with all of them
    exact: bool


async def _found(request: Request[Any, Any, Any], group: SearchGroup, words: str) -> Found:
    query = Query(words=words, language=language.get(), per_page=SHOWN)
    result = await search(group.index, query)
    return Found(
        label=_(group.label),
        lines=[group.line(hit) for hit in result.hits],
        total=result.total,
        address=str(Address(url(request, group.route)).set(q=words)),
        exact=any(hit.exact for hit in result.hits),
    )


@get("/search", name="search.everything", guards=[public])
async def search_everything(
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(name="q")] = "",
) -> Template:
    """Search every index for the same words; what carries the code that was typed comes first."""
    words = q.replace("\0", " ").strip()[:LONGEST_WORDS]
    packages = request.app.state.packages
    groups = sorted((one for p in packages for one in p.search_groups), key=lambda one: one.order)
    found = [await _found(request, group, words) for group in groups] if words else []
    found = [one for one in found if one.total]
    found.sort(key=lambda one: not one.exact)
    return page(
        request,
        "search/everything.html",
        title=_("Search the portal"),
        words=words,
        found=found,
        everywhere=[(_(group.label), url(request, group.route)) for group in groups],
    )
