"""Pilots as SensorThings, read only, under ``/sensorthings/v1.1``; who may read as on their pages.

One handler answers all addresses below the root: ``Datastreams('3-150456')/Observations`` is no
path of names that a router could tell apart.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from portal.package import Failure
from portal.settings import get_settings
from portal.web import i18n
from portal.web.guards import actor_of, allow, public
from portal.web.programs import FOR_PROGRAMS
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.api.answers import answered, written
from telemetry_ingest.pages.sides import listed_organisations
from telemetry_ingest.sensorthings.address import PLACE, things
from telemetry_ingest.sensorthings.asked import asked
from telemetry_ingest.sensorthings.description import description
from telemetry_ingest.sensorthings.finding import Finder
from telemetry_ingest.sensorthings.places import place

JSON = "application/json"
Json = dict[str, Any]
Asking = Request[Any, Any, Any]


def _finder(request: Asking) -> Finder:
    seen = listed_organisations(actor_of(request))
    return Finder(things(), f"{get_settings().base_url}/{i18n.language.get()}/devices", seen)


@get(PLACE, name="sensorthings.root", guards=[allow(PILOT_VIEW)], opt=FOR_PROGRAMS)
async def root(request: Asking) -> Response[bytes]:
    """Return the sets there are."""
    return answered(request, _finder(request).root(), JSON)


@get(f"{PLACE}/openapi.json", name="sensorthings.openapi", guards=[public])
async def openapi() -> Json:
    """Return the description of the service."""
    return description(things())


@get(
    f"{PLACE}/{{resource:path}}",
    name="sensorthings.read",
    guards=[allow(PILOT_VIEW)],
    opt=FOR_PROGRAMS,
)
async def read(request: Asking, resource: FromPath[str]) -> Response[bytes]:
    """Return one entity, or a page of a set."""
    path = str(resource)
    at = place(path)
    options = asked(at, request.query_params.multi_items())
    body = await _finder(request).answer(at, options, path)
    return written(body, JSON) if at.is_set else answered(request, body, JSON)


def failed(failure: Failure) -> Response[Json]:
    """Say what went wrong as SensorThings does."""
    return Response(
        {"error": {"code": str(failure.status), "message": failure.text}},
        status_code=failure.status,
        media_type=JSON,
        headers={**failure.headers, "Content-Language": i18n.language.get()},
    )


HANDLERS = (root, openapi, read)
ERRORS = {PLACE: failed}
