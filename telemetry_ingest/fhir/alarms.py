"""An alarm of a device as Observation. Pure.

No resource of R4 is made for it: DeviceAlert came later, a Flag has to have a patient (or a place)
for its subject, a DetectedIssue is a finding about care. So it is said as messages of IHE say it:
observed is the event « alarm », its value is which one.
"""

from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.keys import Key
from telemetry_ingest.fhir.observations import instant
from telemetry_ingest.fhir.terms import ALARM, MDC, Json, coding, mdc, reference
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.metrics import by_code
from telemetry_ingest.queries.alarms import Alarm

STATES = {True: "active", False: "inactive"}


class Alarms:
    """The alarms of a unit, from which observations are made."""

    def __init__(self, base: str, unit: Unit) -> None:
        self.base = base
        self.unit = unit

    def observation(self, one: Alarm) -> Json:
        """Return an alarm that begins or ends."""
        id_ = keys.written(Key(self.unit.number, ALARM[0], one.at, one.boot, one.seq))
        known = by_code().get(one.code)
        what = mdc(known.code, known.refid) if known else coding(MDC, one.code)
        device = reference("Device", self.unit.id)
        return {
            "resourceType": "Observation",
            "id": id_,
            "identifier": [{"system": f"{self.base}/sid/observation", "value": id_}],
            "status": "final",
            "code": {"coding": [mdc(*ALARM)], "text": "Alarm"},
            "focus": [device],
            "device": device,
            "effectiveDateTime": instant(one.at),
            "valueCodeableConcept": {
                "coding": [what], **({"text": known.name} if known else {}),
            },
            "component": [
                _component("MDC_ATTR_ALARM_STATE", STATES[one.active]),
                _component("MDC_ATTR_ALARM_PRIORITY", one.priority),
            ],
        }  # fmt: skip


def _component(refid: str, text: str) -> Json:
    """Return a part of an alarm; the numbers of these names stand in no source at hand."""
    return {"code": {"text": refid}, "valueString": text}
