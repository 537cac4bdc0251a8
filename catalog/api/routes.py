"""The catalogue as JSON: every public page of it has its twin under ``/api/v1``."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from catalog.api.shapes import (
    DeviceJson,
    PlaceJson,
    SupplierJson,
    UdiJson,
    device_json,
    place_json,
    supplier_json,
    udi_json,
)
from catalog.pages.device import number_at
from catalog.pages.suppliers import public_supplier
from catalog.pages.udi import look_up
from catalog.queries import nomenclature
from catalog.queries.devices import device_at, public_edition, public_part
from portal.web.guards import public
from portal.web.i18n import CASABLANCA


@get(
    "/api/v1/devices/{handle:str}",
    name="api.device",
    guards=[public],
    tags=["devices"],
    summary="One device",
    description="The device with this number (or id), with everything its public page shows.",
    responses={
        200: ResponseSpec(DeviceJson),
        304: ResponseSpec(None, description="The edition named in If-None-Match is the present."),
    },
)
async def device(request: Request[Any, Any, Any], handle: FromPath[str]) -> Response[Any]:
    """Return a device; the browser or program may keep it as long as its edition is the present."""
    number = await number_at(handle)
    edition = await public_edition(number)
    today = datetime.now(CASABLANCA).date()
    etag = f'W/"{number}-{edition.version}-{today}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    one = public_part(await device_at(number))
    return Response(device_json(one, today), headers=headers)


@get(
    "/api/v1/suppliers/{organisation_id:uuid}",
    name="api.supplier",
    guards=[public],
    tags=["suppliers"],
    summary="One supplier",
    description="A verified organisation with its published devices (the latest 100).",
)
async def supplier(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> SupplierJson:
    """Return a supplier."""
    return supplier_json(await public_supplier(organisation_id))


@get(
    "/api/v1/udi",
    name="api.udi",
    guards=[public],
    tags=["udi"],
    summary="Read a UDI and find its device",
    description="GS1, HIBCC, ICCBBA (ISBT 128) and IFA codes, scanned or pasted; a bare GTIN too.",
)
async def udi(
    request: Request[Any, Any, Any],
    code: Annotated[str, QueryParameter(name="code", max_length=400)] = "",
) -> UdiJson:
    """Read a UDI."""
    return udi_json(await look_up(code))


@get(
    "/api/v1/nomenclature",
    name="api.nomenclature",
    guards=[public],
    tags=["nomenclature"],
    summary="The categories of the nomenclature",
)
async def categories(request: Request[Any, Any, Any]) -> PlaceJson:
    """Return the top of the nomenclature with counts."""
    return place_json(await nomenclature.place(""))


@get(
    "/api/v1/nomenclature/{code:str}",
    name="api.term",
    guards=[public],
    tags=["nomenclature"],
    summary="One place in the nomenclature",
)
async def term(request: Request[Any, Any, Any], code: FromPath[str]) -> PlaceJson:
    """Return one place in the nomenclature with what is above and below it."""
    return place_json(await nomenclature.place(code))
