"""The entities that are offered, what each has and where each leads: one table for all. Pure.

Out of it are made the root, the check of ``$select``, the links and the OpenAPI description.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telemetry_ingest.sensorthings.conditions import Sort

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
OBJECT: Json = {"type": "object"}
TIME: Json = {
    "type": "string",
    "format": "date-time",
    "description": "UTC, the device's clock, to the microsecond.",
}
INTERVAL: Json = {
    "type": ["string", "null"],
    "description": "From the first to the last reading, « start/end »; null when there is none.",
}


@dataclass(frozen=True)
class Kind:
    """One kind of entity.

    Attributes:
        single: its name in the singular.
        key: the schema of its id.
        example: an id, as it stands in an address.
        has: its properties.
        one: links to one entity: name → set.
        many: links to sets.
    """

    single: str
    key: Json
    example: str
    has: Mapping[str, Json]
    one: Mapping[str, str] = field(default_factory=dict)
    many: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return what ``$select`` may name."""
        return ("id", *self.has, *self.one, *self.many)

    @property
    def sorts(self) -> dict[str, Sort]:
        """Return what ``$filter`` may compare; « properties/ » stands for whatever is in it."""
        key: Sort = "number" if self.key["type"] == "integer" else "key"
        found: dict[str, Sort] = {"id": key}
        for name, schema in self.has.items():
            if sort := _sort(name, schema):
                found[f"{name}/" if sort == "any" else name] = sort
        return found

    def sort_of(self, path: str) -> Sort | None:
        """Return how a property is compared, nothing if it is not."""
        head, slash, _rest = path.partition("/")
        return self.sorts.get(head + slash)


def _sort(name: str, schema: Json) -> Sort | None:
    if schema is OBJECT:
        return "any"
    if name in {"phenomenonTime", "resultTime"}:
        return "time" if schema is TIME else None  # a span has no place in an order
    return "number" if name == "result" else "text"


NUMBER: Json = {"type": "integer", "minimum": 1}
NAMED = {"name": TEXT, "description": TEXT}
KINDS: dict[str, Kind] = {
    "Things": Kind(
        "Thing", NUMBER, "3", NAMED | {"properties": OBJECT}, many=("Locations", "Datastreams")
    ),
    "Locations": Kind(
        "Location", NUMBER, "1", NAMED | {"encodingType": TEXT, "location": TEXT}, many=("Things",)
    ),
    "Sensors": Kind(
        "Sensor", NUMBER, "3", NAMED | {"encodingType": TEXT, "metadata": TEXT},
        many=("Datastreams",),
    ),
    "ObservedProperties": Kind(
        "ObservedProperty", NUMBER, "150456",
        NAMED | {"definition": TEXT, "properties": OBJECT}, many=("Datastreams",),
    ),
    "Datastreams": Kind(
        "Datastream", TEXT, "'3-150456'",
        NAMED | {
            "observationType": TEXT, "unitOfMeasurement": OBJECT, "phenomenonTime": INTERVAL,
            "resultTime": INTERVAL, "properties": OBJECT,
        },
        one={"Thing": "Things", "Sensor": "Sensors", "ObservedProperty": "ObservedProperties"},
        many=("Observations",),
    ),
    "Observations": Kind(
        "Observation", TEXT, "'3-150456-1772350000000000-1-0'",
        {
            "phenomenonTime": TIME, "resultTime": TIME,
            "result": {
                "type": ["number", "null"],
                "description": "Null: the measurement failed, and the device said so.",
            },
            "resultQuality": {"type": "string", "enum": ["plausible", "implausible", "failed"]},
            "parameters": OBJECT,
        },
        one={"Datastream": "Datastreams"},
    ),
}  # fmt: skip
# What of the standard is true of all entities. Not « datamodel » (there are no coordinates and no
# FeatureOfInterest), not « skip », « orderby », « filter » (not on all of a reading), not
# « data-array » (which includes to write).
REQUIREMENTS = "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data"
CONFORMANCE = tuple(
    f"{REQUIREMENTS}/{one}"
    for one in (
        "status-code", "query-status-code", "order", "expand", "select", "top", "count",
        "pagination",
    )
)  # fmt: skip
ROOTS = tuple(name for name in KINDS if name != "Observations")


def entity(base: str, name: str, key: int | str, values: Json) -> Json:
    """Return an entity with its id, its address and its links."""
    kind = KINDS[name]
    here = address(base, name, key)
    links = {f"{one}@iot.navigationLink": f"{here}/{one}" for one in (*kind.one, *kind.many)}
    return {"@iot.id": key, "@iot.selfLink": here, **values, **links}


def address(base: str, name: str, key: int | str) -> str:
    """Return the address of an entity; an id that is a text stands in quotes."""
    return f"{base}/{name}({key})" if isinstance(key, int) else f"{base}/{name}('{key}')"


def selected(one: Json, select: tuple[str, ...]) -> Json:
    """Return what of an entity was asked for; all of it when nothing was named."""
    if not select:
        return one
    wanted = {"@iot.id" if name == "id" else name for name in select}
    wanted |= {f"{name}@iot.navigationLink" for name in select}
    return {name: value for name, value in one.items() if name in wanted}
