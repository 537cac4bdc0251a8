"""Whether a resource is valid FHIR, as an independent library says, and which shape it has."""

import json
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

Shape = set[tuple[str, ...]]


def check(resource: Any) -> None:
    """Raise unless a resource, as it is sent, is valid."""
    sent = json.loads(json.dumps(resource))
    get_fhir_model_class(sent["resourceType"]).model_validate(sent)


def shape(value: Any, path: tuple[str, ...] = ()) -> Shape:
    """Return every path of elements with the type of what stands there; lists are one step."""
    if isinstance(value, dict):
        return {one for name, part in value.items() for one in shape(part, (*path, name))}
    if isinstance(value, list):
        return {one for part in value for one in shape(part, (*path, "[]"))}
    kind = "number" if isinstance(value, int | float) else type(value).__name__
    return {(*path, kind)}
