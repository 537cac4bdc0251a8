"""The search pages of devices and of suppliers."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from litestar import Request, get
from litestar.response import Template

from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.searching import shown
from catalog.searching.asked import Asked, read_asked
from catalog.searching.labels import SORTS
from portal.search.adapter import search
from portal.search.index import Hit, Index, Result
from portal.web.address import Address, address_of
from portal.web.guards import public
from portal.web.i18n import gettext as _
from portal.web.i18n import language, ngettext
from portal.web.page import page, wants_partial

CARDS = "catalog/search/_devices.html"
TABLE = "catalog/search/_devices_table.html"
SUPPLIERS = "catalog/search/_suppliers.html"


@dataclass(frozen=True)
class Found:
    """One search with its answer."""

    asked: Asked
    result: Result

    @property
    def pages(self) -> int:
        """Return how many pages the results fill."""
        return max(1, ceil(self.result.total / self.asked.query.per_page))


async def find(request: Request[Any, Any, Any], index: Index) -> Found:
    """Search as the address asks; beyond the last page is the last page."""
    asked = read_asked(address_of(request.scope).query, index, language.get())
    found = Found(asked, await search(index, asked.query))
    if asked.query.page > found.pages:
        asked = asked.on_page(found.pages)
        found = Found(asked, await search(index, asked.query))
    return found


@get("/devices", name="catalog.devices", guards=[public])
async def devices(request: Request[Any, Any, Any]) -> Template:
    """Search the devices; the address holds everything, so a search can be sent to somebody."""
    found = await find(request, DEVICE_INDEX)
    announced = ngettext("%(num)s device", "%(num)s devices", found.result.total)
    return await _answer(
        request,
        DEVICE_INDEX,
        found,
        shown.device_card,
        announced=announced,
        results=TABLE if found.asked.view == "table" else CARDS,
        title=_("Medical devices"),
        lead=_("Search in French, Arabic or English: a name, a maker, a code or a scanned UDI."),
    )


@get("/suppliers", name="catalog.suppliers", guards=[public])
async def suppliers(request: Request[Any, Any, Any]) -> Template:
    """Search the verified suppliers."""
    found = await find(request, SUPPLIER_INDEX)
    announced = ngettext("%(num)s supplier", "%(num)s suppliers", found.result.total)
    return await _answer(
        request,
        SUPPLIER_INDEX,
        found,
        shown.supplier_card,
        announced=announced,
        results=SUPPLIERS,
        title=_("Suppliers"),
        lead=_("Manufacturers, distributors, subcontractors and partners that were verified."),
    )


async def _answer(
    request: Request[Any, Any, Any],
    index: Index,
    found: Found,
    card: Callable[[Hit], object],
    **context: Any,
) -> Template:
    """Render the page, or the part htmx swaps with the address the browser then shows."""
    path = request.url.path
    # Links on the page keep what the address means, not the empty fields of the form.
    request.scope["query_string"] = urlencode(found.asked.pairs()).encode()
    answer = page(
        request,
        "catalog/search/search.html",
        part="catalog/search/_found.html",
        partial=wants_partial(request),
        index=index.name,
        asked=found.asked,
        result=found.result,
        cards=[card(hit) for hit in found.result.hits],
        facets=await shown.facets(index, found.asked, found.result),
        chips=await shown.chips(index, found.asked, path),
        pages=found.pages,
        sorts=SORTS[index.name],
        path=path,
        without_filters=str(Address(path).set(q=found.asked.query.words or None)),
        canonical=path,
        **context,
    )
    if wants_partial(request):
        answer.headers = answer.headers | _history(request, found.asked.address(path))
    return answer


def _history(request: Request[Any, Any, Any], address: str) -> dict[str, str]:
    """Say which address the browser shows: a step back for a filter, none for each letter."""
    before = parse_qs(urlsplit(request.headers.get("hx-current-url", "")).query)
    typing = before.get("q") != parse_qs(urlsplit(address).query).get("q")
    return {"HX-Replace-Url" if typing else "HX-Push-Url": address}
