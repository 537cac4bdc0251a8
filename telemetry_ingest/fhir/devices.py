"""Device and DeviceMetric: the units of a pilot and what each of them measures. Pure."""

from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.terms import (
    FIRMWARE,
    IDENTIFIER_TYPE,
    ISSUERS,
    Json,
    coding,
    mdc,
    reference,
    unit_codings,
)
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Watched
from telemetry_ingest.states import PilotState

ROLE = {False: "device under test", True: "reference device"}


def device(base: str, unit: Unit) -> Json:
    """Return a unit as Device; ``base`` is the address of the FHIR server."""
    said = {
        "manufacturer": unit.manufacturer,
        "serialNumber": unit.serial,
        "modelNumber": unit.model,
    }
    return {
        "resourceType": "Device",
        "id": str(unit.id),
        "meta": {"tag": [pilot_tag(base, unit)]},
        "identifier": _identifiers(base, unit),
        **({"udiCarrier": [_udi(unit)]} if unit.udi_di else {}),
        "status": "active" if unit.is_active else "inactive",
        **{name: text for name, text in said.items() if text},
        "deviceName": _names(unit),
        **({"type": {"text": f"EMDN {unit.emdn_code}"}} if unit.emdn_code else {}),
        **({"version": [_firmware(unit)]} if unit.firmware else {}),
        "property": [_property("role in the pilot", ROLE[unit.is_reference])],
        "owner": {"display": unit.host_name},
        **({"location": {"display": unit.site}} if unit.site else {}),
    }


def pilot_tag(base: str, unit: Unit) -> Json:
    """Return the mark by which the devices of one pilot are found (``_tag``)."""
    return coding(f"{base}/sid/pilot", str(unit.pilot_id), f"Pilot {unit.pilot_number}")


def _identifiers(base: str, unit: Unit) -> list[Json]:
    serial = {"coding": [coding(IDENTIFIER_TYPE, "SNO", "Serial Number")]}
    return [
        {"use": "official", "system": f"{base}/sid/pilot-device", "value": unit.id.hex},
        {"type": serial, "value": unit.serial},
    ]


def _udi(unit: Unit) -> Json:
    issuer = ISSUERS.get(unit.agency)
    return {"deviceIdentifier": unit.udi_di, **({"issuer": issuer} if issuer else {})}


def _names(unit: Unit) -> list[Json]:
    names = [{"name": unit.device_name, "type": "user-friendly-name"}]
    if unit.variant_name:
        names.append({"name": unit.variant_name, "type": "model-name"})
    return names


def _firmware(unit: Unit) -> Json:
    return {"type": {"coding": [mdc(*FIRMWARE)], "text": "firmware"}, "value": unit.firmware}


def _property(name: str, value: str) -> Json:
    return {"type": {"text": name}, "valueCode": [{"text": value}]}


def device_metric(base: str, unit: Unit, watched: Watched) -> Json:
    """Return one metric of a unit as DeviceMetric, with the rate both sides agreed on."""
    metric = metrics()[watched.metric]
    id_ = keys.metric_written(unit.id, metric.code)
    is_on = unit.is_active and unit.state is PilotState.RUNNING
    return {
        "resourceType": "DeviceMetric",
        "id": id_,
        "meta": {"tag": [pilot_tag(base, unit)]},
        "identifier": [{"system": f"{base}/sid/device-metric", "value": id_}],
        "type": {"coding": [mdc(metric.code, metric.refid)], "text": metric.name},
        "unit": {"coding": unit_codings(metric.refid, metric.unit)},
        "source": reference("Device", unit.id),
        "operationalStatus": "on" if is_on else "off",
        "category": "measurement",
        "measurementPeriod": {
            "repeat": {"frequency": 1, "period": watched.every_s, "periodUnit": "s"}
        },
    }


def metrics_of(base: str, unit: Unit) -> list[Json]:
    """Return all metrics of a unit in the order of their codes."""
    return [device_metric(base, unit, one) for one in unit.watched]
