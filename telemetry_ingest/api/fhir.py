"""Pilots as FHIR R4, read only, under ``/fhir/r4``; who may read is as on the pilot's pages."""

from collections.abc import Mapping
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
from telemetry_ingest.api.answers import answered, written
from telemetry_ingest.fhir.address import PLACE, base
from telemetry_ingest.fhir.bundles import searchset
from telemetry_ingest.fhir.capability import statement
from telemetry_ingest.fhir.finding import Finder
from telemetry_ingest.fhir.outcomes import MEDIA, failed
from telemetry_ingest.fhir.parameters import OF_ONE, SEARCHES, SORT, Parameter
from telemetry_ingest.fhir.searching import search
from telemetry_ingest.fhir.shaping import of_one
from telemetry_ingest.pages.sides import listed_organisations
from telemetry_ingest.queries.fhir import Which

WRONG = {
    400: "A parameter cannot be read.",
    401: "Nobody is signed in, or the access key opens nothing.",
    403: "Only members of a side of a pilot and authorities read these.",
    404: "There is no such resource, or not for this person.",
    429: "Too many requests: Retry-After says how many seconds to wait.",
}
NOT_CHANGED = {304: ResponseSpec(None, description="It is as If-None-Match names it.")}
EMPTY: Mapping[int, ResponseSpec] = {}
Asking = Request[Any, Any, Any]


@dataclass
class _Read(Operation):
    """A description whose answers are FHIR and which says what may be asked."""

    kind: ClassVar[str] = ""
    known: ClassVar[tuple[Parameter, ...]] = ()

    def __post_init__(self) -> None:
        found = [
            Described(
                one.name, "query", description=one.text, schema=Schema(type="string"),  # type: ignore[arg-type]
                required=(self.kind, one.name) == ("Observation", "device"),
            )
            for one in self.known
        ]  # fmt: skip
        self.parameters = [*(self.parameters or []), *found] or None


def _operation(kind: str, known: tuple[Parameter, ...]) -> type[Operation]:
    return type(f"Asks{kind}", (_Read,), {"kind": kind, "known": known})


def _described(answer: str, also: Mapping[int, ResponseSpec] = EMPTY) -> dict[str, Any]:
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
            **also,
        },
    }


def _is_lenient(request: Asking) -> bool:
    return "handling=lenient" in request.headers.get("prefer", "")


@get(
    f"{PLACE}/metadata",
    name="fhir.metadata",
    guards=[public],
    summary="What the FHIR server can do",
    **_described("A CapabilityStatement."),
)
async def metadata(request: Asking) -> Response[bytes]:
    """Return the CapabilityStatement."""
    return answered(request, statement(base()), MEDIA)


def _finder(request: Asking) -> Finder:
    return Finder(base(), Which(organisations=listed_organisations(actor_of(request))))


def _search(kind: str, name: str, summary: str) -> HTTPRouteHandler:
    """Return the address that searches resources of a kind."""

    @get(
        f"{PLACE}/{kind}",
        name=name,
        guards=[allow(PILOT_VIEW)],
        summary=summary,
        description=SORT[kind],
        operation_class=_operation(kind, SEARCHES[kind]),
        operation_id=f"fhir{kind}Search",
        **_described("A Bundle with the link to the next page."),
    )
    async def find(request: Asking) -> Response[bytes]:
        pairs = request.query_params.multi_items()
        asked = search(kind, pairs, base(), lenient=_is_lenient(request))
        finder = _finder(request)
        found = await finder.page(asked)
        bundle = searchset(base(), asked, found, await finder.remarks(asked))
        return written(bundle, MEDIA, pretty=asked.shape.pretty)

    return find


def _one(kind: str, name: str, summary: str) -> HTTPRouteHandler:
    """Return the address that reads a resource of a kind."""

    @get(
        f"{PLACE}/{kind}/{{resource_id:str}}",
        name=name,
        guards=[allow(PILOT_VIEW)],
        summary=summary,
        operation_class=_operation(f"{kind}Read", OF_ONE),
        operation_id=f"fhir{kind}Read",
        **_described(f"A {kind}.", NOT_CHANGED),
    )
    async def read(request: Asking, resource_id: FromPath[str]) -> Response[bytes]:
        pairs = request.query_params.multi_items()
        shape = of_one(kind, pairs, lenient=_is_lenient(request))
        found = shape.trimmed(await _finder(request).one(kind, resource_id))
        return answered(request, found, MEDIA, pretty=shape.pretty)

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
