"""How units, streams and readings are written as entities of SensorThings. Pure.

Nothing is invented: a site has the name that was typed and no coordinates; a device has one clock,
so the moment of a phenomenon is also the one of its result; there is no feature of interest,
because it would be a patient.
"""

from datetime import UTC, datetime

from telemetry_ingest.evidence.readings import Row
from telemetry_ingest.exporting.table import quality, time_of
from telemetry_ingest.metrics import Metric
from telemetry_ingest.queries.things import Site, Stream, Unit
from telemetry_ingest.sensorthings.kinds import Json, entity

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
MDC = "urn:iso:std:iso:11073:10101"
UCUM = "http://unitsofmeasure.org"
REFERENCE = "Reference device"


def thing(base: str, one: Unit) -> Json:
    """Return a physical unit."""
    return entity(base, "Things", one.number, {
        "name": one.serial,
        "description": REFERENCE if one.is_reference else one.model_name,
        "properties": {
            "pilot": one.pilot_number, "pilotState": one.state.value, "firmware": one.firmware,
            "isReference": one.is_reference, "tokenRevoked": one.is_revoked,
        },
    })  # fmt: skip


def location(base: str, one: Site) -> Json:
    """Return where a pilot takes place."""
    name = one.name or one.host_name
    return entity(base, "Locations", one.number, {
        "name": name, "description": one.host_name, "encodingType": "text/plain", "location": name,
    })  # fmt: skip


def sensor(base: str, catalogue: str, one: Unit) -> Json:
    """Return the device as what measures; of a reference device nothing but its label is known."""
    variant = f" {one.variant_name}" if one.variant_name else ""
    known = {"encodingType": "text/html", "metadata": f"{catalogue}/{one.model_number}"}
    label = {"encodingType": "text/plain", "metadata": one.serial}
    return entity(base, "Sensors", one.number, {
        "name": REFERENCE if one.is_reference else one.model_name + variant,
        "description": f"Serial number {one.serial}",
        **(label if one.is_reference else known),
    })  # fmt: skip


def observed_property(base: str, one: Metric) -> Json:
    """Return a metric."""
    return entity(base, "ObservedProperties", one.code, {
        "name": one.name,
        "description": one.refid,
        "definition": f"{MDC}#{one.code}",
        "properties": {
            "system": MDC, "code": one.code, "refid": one.refid, "unit": one.unit,
            "codeConfirmed": one.sure,
        },
    })  # fmt: skip


def datastream(base: str, one: Stream) -> Json:
    """Return what a unit measures of a metric."""
    span = f"{_time(one.first)}/{_time(one.last)}" if one.first and one.last else None
    return entity(base, "Datastreams", name_of(one.key), {
        "name": f"{one.unit.serial} {one.metric.refid}",
        "description": f"{one.metric.name} as {one.unit.serial} measures it",
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {
            "name": one.metric.unit, "symbol": one.metric.unit, "definition": UCUM,
        },
        "phenomenonTime": span,
        "resultTime": span,
        "properties": {
            "plausible": {"low": one.watched.low, "high": one.watched.high},
            "expectedEverySeconds": one.watched.every_s,
        },
    })  # fmt: skip


def observation(base: str, one: Stream, row: Row) -> Json:
    """Return a reading."""
    _device, _metric, at, boot, seq, value = row
    time = time_of(at)
    return entity(base, "Observations", name_of(row[:5]), {
        "phenomenonTime": time,
        "resultTime": time,
        "result": value,
        "resultQuality": quality(value, one.watched.low, one.watched.high),
        "parameters": {"boot": boot, "seq": seq},
    })  # fmt: skip


def name_of(key: tuple[int, ...]) -> str:
    """Return the id of a stream or of a reading."""
    return "-".join(map(str, key))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
