"""What shapes an answer and is no condition: order, count, elements, what comes with it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from telemetry_ingest.fhir.errors import (
    FormatNotSupported,
    ParameterNotReadable,
    ParameterNotSupported,
)
from telemetry_ingest.fhir.parameters import INCLUDES, MOST, OF_ONE, REVINCLUDES, SORTS, USUAL
from telemetry_ingest.fhir.terms import SUBSETTED, Json

FORMATS = frozenset({"json", "application/json", "application/fhir+json", "text/json"})
# The elements that we write, and those among them that a resource never goes without.
ELEMENTS: Mapping[str, frozenset[str]] = {
    "Device": frozenset((
        "id", "meta", "identifier", "udiCarrier", "status", "manufacturer", "serialNumber",
        "modelNumber", "deviceName", "type", "version", "property", "owner", "location",
    )),
    "DeviceMetric": frozenset((
        "id", "meta", "identifier", "type", "unit", "source", "operationalStatus", "category",
        "measurementPeriod",
    )),
    "Observation": frozenset((
        "id", "meta", "identifier", "status", "code", "focus", "device", "effective",
        "effectiveDateTime", "effectivePeriod", "value", "valueQuantity", "valueCodeableConcept",
        "valueSampledData", "dataAbsentReason", "interpretation", "component",
    )),
}  # fmt: skip
IDENTITY = ("resourceType", "id", "meta")
REQUIRED = {
    "Device": IDENTITY,
    "DeviceMetric": (*IDENTITY, "type", "category"),
    "Observation": (*IDENTITY, "status", "code"),
}
CHOICES = ("effective", "value")  # of several types: the name of one goes on


@dataclass
class Shape:
    """How the answer to a search or a read is to look.

    Attributes:
        elements: those that are wanted; ``None`` for all.
        sort: by what, empty for the usual order.
        from_end: the order is from the end.
        total: say how many there are in all.
        only_total: say nothing else.
        includes: which resources come with the matches.
    """

    kind: str
    count: int = USUAL
    elements: frozenset[str] | None = None
    pretty: bool = False
    sort: str = ""
    from_end: bool = False
    total: bool = False
    only_total: bool = False
    includes: frozenset[str] = frozenset()

    def take(self, name: str, value: str) -> bool:
        """Read one of these parameters; say whether it is one.

        Raises:
            FhirRefused: it cannot be read.
        """
        if name in TAKEN:
            TAKEN[name](self, name, value)
        return name in TAKEN

    def trimmed(self, resource: Json) -> Json:
        """Return the elements of a resource that are wanted, marked as a part."""
        if self.elements is None:
            return resource
        kept = {name: part for name, part in resource.items() if self._wants(name)}
        meta = resource.get("meta", {})
        return kept | {"meta": {**meta, "tag": [*meta.get("tag", ()), SUBSETTED]}}

    def _wants(self, name: str) -> bool:
        wanted = self.elements or frozenset()
        choice = any(one in wanted and name.startswith(one) for one in CHOICES)
        return choice or name in wanted or name in REQUIRED[self.kind]


def of_one(kind: str, pairs: Iterable[tuple[str, str]], *, lenient: bool = False) -> Shape:
    """Read what is asked of a single resource.

    Raises:
        FhirRefused: a parameter cannot be read, or is none of these.
    """
    shape, known = Shape(kind), {one.name for one in OF_ONE}
    for name, value in pairs:
        if name in known:
            shape.take(name, value)
        elif not lenient:
            raise ParameterNotSupported(name=name)
    return shape


def _format(_shape: Shape, _name: str, value: str) -> None:
    if value.replace(" ", "+").partition(";")[0].strip() not in FORMATS:
        raise FormatNotSupported


def _pretty(shape: Shape, name: str, value: str) -> None:
    shape.pretty = _one_of(name, value, ("true", "false")) == "true"


def _count(shape: Shape, name: str, value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
        raise ParameterNotReadable(name=name, value=value)
    shape.count = min(int(value), MOST)


def _sort(shape: Shape, name: str, value: str) -> None:
    shape.sort = _one_of(name, value.removeprefix("-"), SORTS[shape.kind])
    shape.from_end = value.startswith("-")


def _total(shape: Shape, name: str, value: str) -> None:
    shape.total = _one_of(name, value, ("accurate", "estimate", "none")) != "none"


def _summary(shape: Shape, name: str, value: str) -> None:
    # There is no narrative, so « data » is the whole resource.
    shape.only_total = _one_of(name, value, ("count", "false", "data")) == "count"


def _elements(shape: Shape, name: str, value: str) -> None:
    named = {one.strip().removeprefix(f"{shape.kind}.") for one in value.split(",")}
    for one in sorted(named - ELEMENTS[shape.kind]):
        raise ParameterNotReadable(name=name, value=one[:200])
    shape.elements = (shape.elements or frozenset()) | named


def _include(shape: Shape, name: str, value: str) -> None:
    kind, _colon, rest = value.partition(":")
    parameter, _colon, target = rest.partition(":")
    offered = (REVINCLUDES if name == "_revinclude" else INCLUDES)[shape.kind]
    _one_of(name, f"{kind}:{parameter}", offered)
    if target not in {"", "Device", "DeviceMetric"}:
        raise ParameterNotReadable(name=name, value=value[:200])
    wanted = (target,) if target else ("Device", "DeviceMetric")
    shape.includes |= {f"{kind}:{parameter}:{one}" for one in wanted}


def _one_of(name: str, value: str, offered: Iterable[str]) -> str:
    if value not in offered:
        raise ParameterNotReadable(name=name, value=value[:200])
    return value


TAKEN: Mapping[str, Callable[[Shape, str, str], None]] = {
    "_format": _format,
    "_pretty": _pretty,
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_summary": _summary,
    "_elements": _elements,
    "_include": _include,
    "_revinclude": _include,
}
