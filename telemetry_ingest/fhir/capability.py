"""CapabilityStatement: what this server can do, for whoever asks before signing in. Pure."""

from telemetry_ingest.fhir.outcomes import MEDIA
from telemetry_ingest.fhir.parameters import SEARCHES, SHAPING, SORT
from telemetry_ingest.fhir.terms import Json

# When what is said here changed last.
CHANGED = "2026-11-22"
NOTES = {
    "Device": "The physical units of pilots, each with its label.",
    "DeviceMetric": "What each unit measures, as both sides of the pilot agreed.",
    "Observation": (
        "Each reading of a pilot. No subject: pilots hold no data about patients. "
        "device is the DeviceMetric, focus the Device; device=Device/… finds all its metrics. "
        + SORT
    ),
}


def statement(base: str) -> Json:
    """Return the CapabilityStatement of the server at an address."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "Tajhiz"},
        "implementation": {"description": "Pilots of medical devices", "url": base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "As the pages of a pilot: the session of a member of one of "
                    "its sides, or of an authority. Only this statement is public."
                },
                "resource": [_resource(kind) for kind in SEARCHES],
            }
        ],
    }


def _resource(kind: str) -> Json:
    return {
        "type": kind,
        "documentation": NOTES[kind],
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": one.name, "type": one.kind, "documentation": one.text}
            for one in SEARCHES[kind]
            if one not in SHAPING
        ],
    }
