"""The OpenAPI description of the service, made from the table of entities. Pure."""

from collections.abc import Sequence
from typing import Any

from telemetry_ingest.sensorthings.asked import (
    DEEPEST,
    MOST,
    MOST_IN_ARRAY,
    MOST_SKIPPED,
    USUAL,
    example,
    offered_at,
)
from telemetry_ingest.sensorthings.kinds import KINDS, ROOTS, TEXT, Json, Kind
from telemetry_ingest.sensorthings.picking import LOOKED_AT

WRONG = {
    "400": "A query option is not offered here or cannot be read; the message says what is.",
    "401": "Nobody is signed in.",
    "403": "Only members of a side of a pilot and authorities read these.",
    "404": "Nothing is at this address, or not for this person.",
    "429": "Too many requests: Retry-After says how many seconds to wait.",
}
ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "The HTTP status."},
                "message": {"type": "string", "description": "In Content-Language."},
            },
        }
    },
    "example": {"error": {"code": "404", "message": "Nothing is at this address."}},
}
COUNT: Json = {"type": "integer", "minimum": 0}
ARRAY: Json = {
    "type": "object",
    "required": ["Datastream@iot.navigationLink", "components", "dataArray"],
    "properties": {
        "Datastream@iot.navigationLink": TEXT,
        "components": {"type": "array", "items": TEXT},
        "dataArray@iot.count": COUNT,
        "dataArray": {"type": "array", "items": {"type": "array"}, "maxItems": MOST_IN_ARRAY},
    },
    "additionalProperties": False,
}
ABOUT = (
    "Pilots as a part of OGC SensorThings API 1.1 (Sensing), read only. A Thing is a physical unit "
    "of a pilot, a Datastream one metric of it, an Observation one reading: two different readings "
    "of one moment are both there. The link to the next page begins after the last entity and not "
    "at a count, so that a page neither skips nor repeats a reading while others come; a reading "
    "that comes late, before where you are, is found the next time. That is why readings have no "
    "$skip. A $filter on more than the time of readings looks at "
    f"{LOOKED_AT:,} of them for one answer: a page may be short, or empty, and still have a link "
    "to the next; the set ends where that link is missing. There are no coordinates "
    "(a site has a name only) and no FeatureOfInterest (it would be a patient). Who may read is as "
    "on the pilot's pages; a program shows an access key: Authorization: Bearer …"
)
SCHEMAS: dict[str, Json] = {
    "$top": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    "$skiptoken": {"type": "string", "pattern": r"^\d{1,19}(-\d{1,19}){0,2}$"},
    "$count": {"type": "boolean"},
    "$select": TEXT,
    "$skip": {"type": "integer", "minimum": 0, "maximum": MOST_SKIPPED},
    "$filter": TEXT,
    "$orderby": TEXT,
    "$expand": TEXT,
    "$resultFormat": {"type": "string", "enum": ["dataArray"]},
}
TEXTS = {
    "$top": "How many entities a page holds.",
    "$skiptoken": "Where a page begins: taken from @iot.nextLink.",
    "$count": "Say with @iot.count how many there are in all.",
    "$skip": "How many entities to leave out; of readings none, follow @iot.nextLink.",
    "$select": "Names of properties and of links with commas, « id » among them.",
    "$filter": "eq ne gt ge lt le, and or not, brackets, null; properties/… by their path.",
    "$orderby": "Names of properties with asc or desc; readings by phenomenonTime, then id.",
    "$expand": f"Links, each with options in brackets, up to {DEEPEST} behind each other; "
    f"{MOST_IN_ARRAY:,} entities in an answer.",
    "$resultFormat": f"Rows without names: up to {MOST_IN_ARRAY:,} in a page.",
}


def description(server: str) -> dict[str, Any]:
    """Return the OpenAPI document."""
    paths: dict[str, Any] = {"/": {"get": _operation("sensorthingsRoot", "The sets", "Root")}}
    for name in ROOTS:
        paths[f"/{name}"] = {"get": _set(name, f"list{name}", f"All {name}")}
    for name, kind in KINDS.items():
        paths |= _of_entity(name, kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tajhiz SensorThings", "version": "1.1", "description": ABOUT},
        "servers": [{"url": server}],
        "paths": paths,
        "security": [{"accessKey": []}],
        "components": {
            "securitySchemes": {"accessKey": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": ERROR, "Root": _root(), "DataArray": ARRAY}
            | {kind.single: _schema(kind) for kind in KINDS.values()}
            | {f"{name}Page": _page(kind) for name, kind in KINDS.items()},
        },
    }


def _of_entity(name: str, kind: Kind) -> dict[str, Any]:
    """Return the addresses that begin at one entity."""
    key: Json = {
        "name": "id", "in": "path", "required": True, "example": kind.example.strip("'"),
        "schema": kind.key if kind.key["type"] == "integer" else TEXT | {"pattern": "^[0-9-]+$"},
    }  # fmt: skip
    at = f"/{name}({{id}})" if kind.key["type"] == "integer" else f"/{name}('{{id}}')"
    one = f"{kind.single}Read"
    found: dict[str, Any] = {at: {"get": _one(kind, one, f"One {kind.single}")}}
    for link, target in kind.one.items():
        found[f"{at}/{link}"] = {"get": _one(KINDS[target], f"{one}{link}", f"Its {link}")}
    for link in kind.many:
        found[f"{at}/{link}"] = {"get": _set(link, f"{one}{link}", f"Its {link}")}
    for path in found.values():
        path["parameters"] = [key]
    return found


def _one(kind: Kind, operation: str, summary: str) -> Json:
    (name,) = (name for name, one in KINDS.items() if one is kind)
    found = _operation(operation, summary, kind.single, name, offered_at(name, is_set=False))
    found["responses"]["304"] = {"description": "It is as If-None-Match names it."}
    return found


def _set(name: str, operation: str, summary: str) -> Json:
    return _operation(operation, summary, f"{name}Page", name, offered_at(name, is_set=True))


def _operation(
    operation: str, summary: str, schema: str, target: str = "", options: Sequence[str] = ()
) -> Json:
    said = [_option(name, target) for name in options]
    return {
        "operationId": operation,
        "summary": summary,
        "tags": ["SensorThings"],
        "parameters": said,
        "responses": {
            "200": {"description": summary, "content": _json(schema)},
            **{
                code: {"description": text, "content": _json("Error")}
                for code, text in WRONG.items()
            },
        },
    }


def _option(name: str, target: str) -> Json:
    written = example(name, target).removeprefix(f"{name}=").partition(" (")[0]
    known = True if written == "true" else int(written) if written.isdecimal() else written
    schema = SCHEMAS[name]
    if (name, target) == ("$top", "Observations"):
        schema = schema | {"maximum": MOST_IN_ARRAY, "description": f"{MOST} in entities."}
    return {
        "name": name, "in": "query", "required": False, "description": TEXTS[name],
        "schema": schema, **({} if name == "$skiptoken" else {"example": known}),
    }  # fmt: skip


def _json(schema: str) -> Json:
    return {"application/json": {"schema": _ref(schema)}}


def _ref(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _schema(kind: Kind) -> Json:
    links: Json = {f"{one}@iot.navigationLink": TEXT for one in (*kind.one, *kind.many)}
    links |= {one: _ref(KINDS[target].single) for one, target in kind.one.items()}
    for one in kind.many:
        links[one] = {"type": "array", "items": _ref(KINDS[one].single)}
        links[f"{one}@iot.count"] = COUNT
        links[f"{one}@iot.nextLink"] = TEXT
    return {
        "type": "object",
        "description": "Without $select all of it; with it, what was named; links by $expand.",
        "properties": {"@iot.id": kind.key, "@iot.selfLink": TEXT, **kind.has, **links},
        "additionalProperties": False,
    }


def _page(kind: Kind) -> Json:
    item = _ref(kind.single)
    if kind.single == "Observation":
        item = {"anyOf": [item, _ref("DataArray")]}
    return {
        "type": "object",
        "required": ["value"],
        "properties": {
            "@iot.count": COUNT,
            "value": {"type": "array", "items": item, "maxItems": MOST},
            "@iot.nextLink": TEXT | {"description": "Only where there are more."},
        },
        "additionalProperties": False,
    }


def _root() -> Json:
    item = {
        "type": "object",
        "required": ["name", "url"],
        "properties": {"name": TEXT, "url": TEXT},
    }
    return {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"type": "array", "items": item},
            "serverSettings": {"type": "object"},
        },
    }
