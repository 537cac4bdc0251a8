"""What a search asks for, read from its address. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from portal.web.i18n import CASABLANCA
from telemetry_ingest.fhir import dates, keys
from telemetry_ingest.fhir.errors import (
    DeviceNotNamed,
    ParameterNotReadable,
    ParameterNotSupported,
)
from telemetry_ingest.fhir.parameters import SEARCHES
from telemetry_ingest.fhir.shaping import Shape
from telemetry_ingest.fhir.terms import MDC

MOST_VALUES = 50
# Ignoring these would answer about everybody what was asked about one person.
NEVER_IGNORED = frozenset({"subject", "patient", "encounter"})
Value = TypeVar("Value")
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Target:
    """A device, or one metric of it when ``code`` is given."""

    unit_id: UUID
    code: int | None = None


@dataclass
class Asked:
    """A search; ``None`` is « no condition », an empty list « nothing can meet it »."""

    kind: str
    shape: Shape
    after_text: str = ""
    after: tuple[int, ...] = (0, 0)  # a device's number, a metric's code
    after_id: Target | None = None  # where the order is by id
    after_reading: keys.Key | None = None
    ids: list[str] | None = None
    pilots: list[UUID] | None = None
    identifiers: list[str] | None = None  # a serial number, or a device's id in 32 digits
    targets: list[Target] | None = None
    codes: list[int] | None = None
    span: dates.Span = dates.EVER
    used: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def search(kind: str, pairs: Pairs, base: str, *, lenient: bool = False) -> Asked:
    """Read the parameters of a search.

    Args:
        kind: the type of resource.
        pairs: the parameters.
        base: address of the FHIR server.
        lenient: what is not known is left out and remembered.

    Raises:
        FhirRefused: one cannot be read, or is not known.
    """
    asked = Asked(kind, Shape(kind))
    known = {one.name for one in SEARCHES[kind]}
    # What « _after » means depends on the order.
    for name, value in sorted(pairs, key=lambda pair: pair[0] == "_after"):
        if name not in known:
            if not lenient or name.partition(":")[0].partition(".")[0] in NEVER_IGNORED:
                raise ParameterNotSupported(name=name)
            asked.ignored.append(name)
            continue
        if "\x00" in value or not value:
            raise ParameterNotReadable(name=name, value=value)
        _take(asked, name, value, base)
    if kind == "Observation" and asked.targets is None:
        raise DeviceNotNamed
    return asked


def _take(asked: Asked, name: str, value: str, base: str) -> None:
    if not asked.shape.take(name, value):
        {
            "_after": _after,
            "_id": _ids,
            "_tag": _tag,
            "identifier": _identifier,
            "source": _target,
            "device": _target,
            "type": _codes,
            "code": _codes,
            "date": _date,
        }[name](asked, name, value, base)
    if name not in {"_count", "_after", "_format"}:
        asked.used.append((name, value))


def _after(asked: Asked, name: str, value: str, _base: str) -> None:
    """Take the key of the last resource of the page before; devices have theirs in numbers."""
    asked.after_text = value
    if asked.kind == "Observation":
        key, run = keys.read(value) or (None, 1)
        if key is None or run:
            raise ParameterNotReadable(name=name, value=value)
        asked.after_reading = key
        return
    if asked.shape.sort:
        asked.after_id = _of_id(asked.kind, value)
        if asked.after_id is None:
            raise ParameterNotReadable(name=name, value=value)
        return
    numbers = [_number(one) for one in value.split("-")]
    if None in numbers or len(numbers) != 1 + (asked.kind == "DeviceMetric"):
        raise ParameterNotReadable(name=name, value=value)
    asked.after = (*(one or 0 for one in numbers), 0)[:2]


def _of_id(kind: str, text: str) -> Target | None:
    """Return what the id of a device or of a metric names."""
    if kind == "Device":
        return Target(UUID(text)) if is_uuid(text) else None
    metric = keys.metric_read(text)
    return Target(*metric) if metric else None


def _number(text: str) -> int | None:
    """Return a number as codes and devices have, ``None`` for any other text."""
    plain = text.isascii() and text.isdigit() and len(text) <= 10
    return int(text) if plain and int(text) <= keys.INT4 else None


def _ids(asked: Asked, name: str, value: str, _base: str) -> None:
    asked.ids = _and(asked.ids, _values(name, value))


def _tag(asked: Asked, name: str, value: str, base: str) -> None:
    found = _of_system(_values(name, value), f"{base}/sid/pilot")
    asked.pilots = _and(asked.pilots, [UUID(one) for one in found if is_uuid(one)])


def _identifier(asked: Asked, name: str, value: str, base: str) -> None:
    found = _of_system(_values(name, value), "", f"{base}/sid/pilot-device")
    asked.identifiers = _and(asked.identifiers, found)


def _codes(asked: Asked, name: str, value: str, _base: str) -> None:
    numbers = [_number(one) for one in _of_system(_values(name, value), MDC)]
    asked.codes = _and(asked.codes, [one for one in numbers if one is not None])


def _target(asked: Asked, name: str, value: str, base: str) -> None:
    if asked.targets is not None:
        raise ParameterNotSupported(name=f"{name}=…&{name}=…")
    found = []
    for one in _values(name, value):
        kind, _slash, id_ = one.removeprefix(f"{base}/").rpartition("/")
        metric = keys.metric_read(id_)
        if kind in {"DeviceMetric", ""} and metric:
            found.append(Target(*metric))
        elif kind in {"Device", ""} and is_uuid(id_):
            found.append(Target(UUID(id_)))
        elif kind not in {"Device", "DeviceMetric", ""}:
            raise ParameterNotReadable(name=name, value=one)
    asked.targets = found


def _date(asked: Asked, name: str, value: str, _base: str) -> None:
    try:
        asked.span = dates.both(asked.span, dates.span(value, CASABLANCA))
    except dates.NotADate:
        raise ParameterNotReadable(name=name, value=value) from None


def _and(one: list[Value] | None, other: list[Value]) -> list[Value]:
    """Return the values that meet both conditions: a parameter that comes twice narrows."""
    return other if one is None else [value for value in one if value in other]


def _values(name: str, value: str) -> list[str]:
    """Return the values of which any may be met."""
    found = [one for one in value.split(",") if one]
    if not found or len(found) > MOST_VALUES:
        raise ParameterNotReadable(name=name, value=value[:200])
    return found


def _of_system(tokens: list[str], *systems: str) -> list[str]:
    """Return the codes of tokens of these systems; without a « | » the system does not matter."""
    parts = [one.rpartition("|") for one in tokens]
    return [code for system, bar, code in parts if not bar or system in systems]


def is_uuid(text: str) -> bool:
    """Say whether a text is the id of a device or a pilot as we write it, or its 32 digits."""
    try:
        return str(UUID(text)) == text or UUID(text).hex == text
    except ValueError:
        return False
