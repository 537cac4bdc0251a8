"""The public page of a device."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_301_MOVED_PERMANENTLY

from catalog import labels
from catalog.access import DEVICE_EDIT
from catalog.errors import DeviceNotFound, DeviceWithheld
from catalog.pages import facts, held
from catalog.pages.allowed import sees_record
from catalog.pages.places import country_name, under_devices
from catalog.queries.devices import device_at, edition_of, number_of_id, public_part, related
from catalog.queries.records import Device
from catalog.rules.names import number_of
from catalog.states import Agency, DeviceState
from portal.permissions import may
from portal.settings import get_settings
from portal.web.guards import actor_of, public
from portal.web.i18n import CASABLANCA
from portal.web.page import page, url


async def number_at(handle: str) -> int:
    """Return the number a device's address names: by number and words, or by id.

    Raises:
        DeviceNotFound: it names none.
    """
    number = number_of(handle)
    if number is not None:
        return number
    try:
        return await number_of_id(UUID(handle))
    except ValueError:
        raise DeviceNotFound from None


@get("/devices/{handle:str}", name="catalog.device", guards=[public])
async def device_page(
    request: Request[Any, Any, Any], handle: FromPath[str]
) -> Response[Any] | Template | Redirect:
    """Show a device; an address with old or no words leads to the present one."""
    number = await number_at(handle)
    edition = await edition_of(number)
    if edition is None:
        raise DeviceNotFound
    if not (edition.is_public and held.is_plain(request)):
        return await _own_view(request, number, handle)
    key = held.key_of(request, number, edition.version, edition.hidden)
    etag = held.etag_of(request, key)
    if held.is_fresh(request, etag):
        return held.not_changed(etag)
    pages = held.pages_of(request)
    body = pages.get(key)
    if body is None:
        one = await device_at(number)
        if handle != one.handle:
            return _to(request, one)
        body = held.rendered(request, await _page(request, public_part(one)))
        pages.put(key, body)
    return held.send(request, body, etag)


def _to(request: Request[Any, Any, Any], one: Device) -> Redirect:
    return Redirect(
        url(request, "catalog.device", handle=one.handle), status_code=HTTP_301_MOVED_PERMANENTLY
    )


async def _own_view(
    request: Request[Any, Any, Any], number: int, handle: str
) -> Template | Redirect:
    """Show a device to somebody who has signed in; what is not public only to its people."""
    one = await device_at(number)
    mine = sees_record(actor_of(request), one)
    if not one.is_public and not mine:
        raise DeviceWithheld if one.is_withheld else DeviceNotFound
    if one.is_public and handle != one.handle:
        return _to(request, one)
    return await _page(request, one if mine else public_part(one))


async def _page(request: Request[Any, Any, Any], one: Device) -> Template:
    today = datetime.now(CASABLANCA).date()
    marketable = facts.is_marketable(one, today)
    return page(
        request,
        "catalog/device/show.html",
        title=one.name or one.reference,
        lead=one.summary,
        title_language=one.name_language,
        lead_language=one.summary_language,
        description=one.summary or one.purpose[:200] or one.name,
        breadcrumbs=under_devices(request, (one.name or one.reference, "")),
        canonical=url(request, "catalog.device", handle=one.handle),
        image=_image(one),
        og_type="product",
        schema_org=schema_org(request, one),
        device=one,
        labels=labels,
        facts=facts,
        country=country_name(one.country),
        marketable=marketable,
        # Art. 13 binds what is offered here; foreign references are no offer (their own notice).
        needs_notice=not marketable and not one.is_reference,
        related=await related(one),
        editable=may(actor_of(request), DEVICE_EDIT, one),
        own_path=sees_record(actor_of(request), one),
        retired=one.state is DeviceState.RETIRED,
        shown_at=datetime.now(UTC),
    )


def _image(one: Device) -> str:
    return f"/documents/{one.photos[0].document_id}/preview/960" if one.photos else ""


def schema_org(request: Request[Any, Any, Any], one: Device) -> dict[str, Any]:
    """Return the device as schema.org describes a product; what is not known is left out."""
    base = get_settings().base_url
    known: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": base + url(request, "catalog.device", handle=one.handle),
        "name": one.name,
        "alternateName": [
            name for name in (one.name_fr, one.name_ar, one.name_en) if name and name != one.name
        ],
        "description": one.summary or one.purpose,
        "brand": {"@type": "Brand", "name": one.brand} if one.brand else None,
        "manufacturer": {"@type": "Organization", "name": one.maker} if one.maker else None,
        "sku": one.reference,
        "gtin14": next(
            (v.udi_di for v in one.variants if v.agency == Agency.GS1 and v.udi_di), None
        ),
        "category": one.term.name if one.term else None,
        "countryOfOrigin": {"@type": "Country", "name": one.country} if one.country else None,
        "image": [base + f"/documents/{p.document_id}/preview/960" for p in one.photos],
        "additionalProperty": [
            {
                "@type": "PropertyValue",
                "name": value.label,
                "value": value.number if value.number is not None else value.words or value.flag,
                **({"unitText": value.unit} if value.unit else {}),
            }
            for value in one.attributes
        ],
    }
    return {name: value for name, value in known.items() if value}
