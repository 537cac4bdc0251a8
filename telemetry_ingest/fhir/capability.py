"""CapabilityStatement: what this server can do, for whoever asks before signing in. Pure."""

from telemetry_ingest.fhir.outcomes import MEDIA
from telemetry_ingest.fhir.parameters import (
    CONDITIONS,
    INCLUDES,
    OF_ONE,
    REVINCLUDES,
    SEARCHES,
    SHAPING,
    SORT,
    SORTS,
)
from telemetry_ingest.fhir.terms import Json

# When what is said here changed last.
CHANGED = "2026-11-22"
NOTES = {
    "Device": "The physical units of pilots, each with its label.",
    "DeviceMetric": "What each unit measures, as both sides of the pilot agreed.",
    "Observation": (
        "Each reading of a pilot, and each alarm of a device that begins or ends (code 196616, "
        "MDC_EVT_ALARM). No subject: pilots hold no data about patients. device is the "
        "DeviceMetric (of an alarm the Device), focus the Device; device=Device/… finds all of it."
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
                    "description": "As the pages of a pilot: the session or the access key "
                    "(Authorization: Bearer) of a member of one of its sides, or of an authority. "
                    "Only this statement is public."
                },
                "documentation": "What is not named here is refused; with Prefer: handling=lenient "
                "it is left out and named in an OperationOutcome.",
                "resource": [_resource(kind) for kind in SEARCHES],
            }
        ],
    }


def _resource(kind: str) -> Json:
    sorts = ", ".join(f"{one}, -{one}" for one in SORTS[kind])
    shaping = ", ".join(one.name for one in SHAPING[kind])
    single = ", ".join(one.name for one in OF_ONE)
    links = {"searchInclude": INCLUDES[kind], "searchRevInclude": REVINCLUDES[kind]}
    return {
        "type": kind,
        "documentation": f"{NOTES[kind]} Result parameters: {shaping}; of one resource: {single}. "
        f"_sort: {sorts}. {SORT[kind]}",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "conditionalRead": "not-match",
        **{name: list(values) for name, values in links.items() if values},
        "searchParam": [
            {"name": one.name, "type": one.kind, "documentation": one.text}
            for one in CONDITIONS[kind]
        ],
    }
