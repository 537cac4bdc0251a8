"""The search of devices and suppliers as JSON: the same reading of the address, the same answer."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, get

from catalog.proofs import standing_json
from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.searching.pages import find
from catalog.searching.shown import registration_proof
from portal.search.index import FacetCounts, Index
from portal.web.guards import public


@get(
    "/api/v1/devices",
    name="api.devices",
    guards=[public],
    tags=["devices"],
    summary="Search devices",
    description=(
        "The parameters are those of the search page: q, the facets (each may be repeated), "
        "attribute.<key>_min and attribute.<key>_max, sort, page."
    ),
)
async def devices(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Search the devices."""
    return await _answer(request, DEVICE_INDEX)


@get(
    "/api/v1/suppliers",
    name="api.suppliers",
    guards=[public],
    tags=["suppliers"],
    summary="Search suppliers",
    description="Parameters as on the search page: q, kind, region, category, sort, page.",
)
async def suppliers(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Search the verified suppliers."""
    return await _answer(request, SUPPLIER_INDEX)


async def _answer(request: Request[Any, Any, Any], index: Index) -> dict[str, Any]:
    found = await find(request, index)
    result = found.result
    return {
        "total": result.total,
        "unfiltered_total": result.unfiltered_total,
        "page": found.asked.query.page,
        "pages": found.pages,
        "corrected": result.corrected,
        "partial": result.partial,
        index.name: [
            {"id": str(hit.id), "exact": hit.exact, **hit.card, **_standing(index, hit.card)}
            for hit in result.hits
        ],
        "facets": {name: _facet(counts) for name, counts in result.facets.items()},
    }


def _standing(index: Index, card: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the registration stands, in the very words of the page."""
    return (
        {"registration_standing": standing_json(lambda: registration_proof(card))}
        if (index is DEVICE_INDEX)
        else {}
    )


def _facet(counts: FacetCounts) -> dict[str, Any]:
    if counts.values or counts.lowest is None:
        return {
            "values": [
                {"value": one.value, "count": one.count, "chosen": one.chosen}
                for one in counts.values
            ]
        }
    return {"lowest": counts.lowest, "highest": counts.highest, "having": counts.having}
