"""Units for tests of FHIR, without a database."""

from typing import Any
from uuid import UUID

from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.protocols import protocol

BASE = "https://portal.test/fhir/r4"


def unit(**changes: Any) -> Unit:
    """Return a unit of a running pilot."""
    parts: dict[str, Any] = {
        "id": UUID("0198c3a1-0000-7000-8000-00000000000a"),
        "number": 7,
        "serial": "SN-7",
        "firmware": "2.1",
        "is_reference": False,
        "is_revoked": False,
        "pilot_id": UUID("0198c3a1-0000-7000-8000-0000000000bb"),
        "pilot_number": 3,
        "state": PilotState.RUNNING,
        "protocol": protocol(),
        "site": "Réanimation",
        "owner_id": UUID(int=2),
        "host_id": UUID(int=3),
        "host_name": "Hôpital fictif",
        "device_name": "Oxymètre de pouls",
        "manufacturer": "Atlas Médical",
        "model": "OX-2",
        "emdn_code": "Z120302",
        "variant_name": "Adulte",
        "udi_di": "06110000000015",
        "agency": "GS1",
    }
    return Unit(**parts | changes)
