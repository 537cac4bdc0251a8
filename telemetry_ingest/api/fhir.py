"""Pilots as FHIR R4, read only, under ``/fhir/r4``; who may read is as on the pilot's pages."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation, Schema
from litestar.openapi.spec.parameter import Parameter as Described
from litestar.params import FromPath

from portal.web.guards import actor_of, allow, public
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.fhir.address import PLACE, base
from telemetry_ingest.fhir.bundles import searchset
from telemetry_ingest.fhir.capability import statement
from telemetry_ingest.fhir.finding import Finder
from telemetry_ingest.fhir.outcomes import MEDIA, failed
from telemetry_ingest.fhir.parameters import SEARCHES, SORT
from telemetry_ingest.fhir.searching import search
from telemetry_ingest.fhir.terms import Json
from telemetry_ingest.pages.sides import listed_organisations
from telemetry_ingest.queries.fhir import Which

HEADERS = {"Cache-Control": "private, no-cache"}
WRONG = {
    400: "A parameter cannot be read.",
    401: "Nobody is signed in.",
    403: "Only members of a side of a pilot and authorities read these.",
    404: "There is no such resource, or not for this person.",
    429: "Too many requests: Retry-After says how many seconds to wait.",
}
Asking = Request[Any, Any, Any]


@dataclass
class _Read(Operation):
    """A description whose answers are FHIR and whose parameters are those of a search."""

    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        found = [
            Described(
                one.name, "query", description=one.text, schema=Schema(type="string"),  # type: ignore[arg-type]
                required=(self.kind, one.name) == ("Observation", "device"),
            )
            for one in SEARCHES.get(self.kind, ())
        ]  # fmt: skip
        self.parameters = [*(self.parameters or []), *found] or None


def _operation(kind: str) -> type[Operation]:
    return type(f"Search{kind}", (_Read,), {"kind": kind})


def _described(answer: str) -> dict[str, Any]:
    """Return what each of the addresses says of itself in OpenAPI."""
    shape = dict[str, Any]
    return {
        "opt": {"described": True},
        "tags": ["FHIR R4"],
        "media_type": MEDIA,
        "responses": {
            200: ResponseSpec(shape, media_type=MEDIA, description=answer),
            **{
                status: ResponseSpec(
                    shape, media_type=MEDIA, description=f"{text} An OperationOutcome."
                )
                for status, text in WRONG.items()
            },
        },
    }


def _answer(resource: Json) -> Response[Json]:
    return Response(resource, media_type=MEDIA, headers=HEADERS)


@get(
    f"{PLACE}/metadata",
    name="fhir.metadata",
    guards=[public],
    summary="What the FHIR server can do",
    **_described("A CapabilityStatement."),
)
async def metadata() -> Response[Json]:
    """Return the CapabilityStatement."""
    return _answer(statement(base()))


def _finder(request: Asking) -> Finder:
    return Finder(base(), Which(organisations=listed_organisations(actor_of(request))))


def _search(kind: str, name: str, summary: str) -> HTTPRouteHandler:
    """Return the address that searches resources of a kind."""

    @get(
        f"{PLACE}/{kind}",
        name=name,
        guards=[allow(PILOT_VIEW)],
        summary=summary,
        description=SORT,
        operation_class=_operation(kind),
        operation_id=f"fhir{kind}Search",
        **_described("A Bundle with the link to the next page."),
    )
    async def find(request: Asking) -> Response[Json]:
        strict = "handling=strict" in request.headers.get("prefer", "")
        asked = search(kind, request.query_params.multi_items(), base(), strict=strict)
        finder = _finder(request)
        found = await finder.page(asked)
        remarks = await finder.remarks(asked)
        return _answer(searchset(base(), asked, found.found, found.after, remarks))

    return find


def _one(kind: str, name: str, summary: str) -> HTTPRouteHandler:
    """Return the address that reads a resource of a kind."""

    @get(
        f"{PLACE}/{kind}/{{resource_id:str}}",
        name=name,
        guards=[allow(PILOT_VIEW)],
        summary=summary,
        operation_id=f"fhir{kind}Read",
        **_described(f"A {kind}."),
    )
    async def read(request: Asking, resource_id: FromPath[str]) -> Response[Json]:
        return _answer(await _finder(request).one(kind, resource_id))

    return read


HANDLERS = (
    metadata,
    _search("Device", "fhir.devices", "The units of pilots"),
    _one("Device", "fhir.device", "One unit of a pilot"),
    _search("DeviceMetric", "fhir.metrics", "What units measure"),
    _one("DeviceMetric", "fhir.metric", "One metric of a unit"),
    _search("Observation", "fhir.observations", "The readings of a unit"),
    _one("Observation", "fhir.observation", "One reading, or a run of readings"),
)
ERRORS = {f"{PLACE}/": failed}
