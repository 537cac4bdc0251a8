"""What every operation of the API promises besides its own answer (pure)."""

from collections.abc import Iterable
from typing import Any

from portal.search.index import FacetKind, Index

PREFIX = "/api/v1/"
PROBLEM = {
    "type": "object",
    "description": "What went wrong, as problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in Content-Language."},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
    },
}
REASONS = {
    "400": "The address cannot be read.",
    "401": "An access key was shown, and it opens nothing.",
    "404": "Nothing public is at this address.",
    "429": "Too many requests: Retry-After says how many seconds to wait.",
}


def completed(document: dict[str, Any], indexes: Iterable[Index]) -> dict[str, Any]:
    """Add to an OpenAPI document the errors of every operation and the searches' parameters.

    A standard's own address has errors of its own shape, which its operations name themselves.
    """
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for path, methods in document["paths"].items():
        for operation in methods.values() if path.startswith(PREFIX) else ():
            operation["responses"] |= {code: _problem(text) for code, text in REASONS.items()}
    for index in indexes:
        if search := document["paths"].get(PREFIX + index.name):
            search["get"]["parameters"] = parameters(index)
    return document


def parameters(index: Index) -> list[dict[str, Any]]:
    """Return what a search reads from its address; what it does not know it leaves out."""
    sorts = ["", *(sign + name for name in index.sorts for sign in ("", "-"))]
    found = [
        _parameter("q", {"type": "string", "maxLength": 200}, "Words, or any identifier."),
        _parameter("sort", {"type": "string", "enum": sorts}, "By relevance when empty."),
        _parameter("page", {"type": "integer", "minimum": 1}, "Beyond the last one is the last."),
    ]
    for facet in index.facets:
        if facet.kind is FacetKind.NUMBER:
            ends = ((f"{facet.name}_min", "At least."), (f"{facet.name}_max", "At most."))
            found += [_parameter(name, {"type": "number"}, text) for name, text in ends]
        else:
            values = {"type": "array", "items": {"type": "string"}, "maxItems": 30}
            found.append(_parameter(facet.name, values, "Any of these values; may be repeated."))
    return found


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}
