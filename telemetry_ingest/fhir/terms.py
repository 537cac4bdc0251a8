"""The code systems of FHIR that we write, and codes of theirs. Pure."""

from typing import Any

Json = dict[str, Any]

MDC = "urn:iso:std:iso:11073:10101"
UCUM = "http://unitsofmeasure.org"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED",
}  # fmt: skip

# As the alarms of devices are named in messages of IHE (profile ACM).
ALARM = (196616, "MDC_EVT_ALARM")
FIRMWARE = (531976, "MDC_ID_PROD_SPEC_FW")
# MDC has a code for a unit beside that of UCUM; breaths and beats a minute are two.
UNITS = {
    "%": (262688, "MDC_DIM_PERCENT"),
    "mm[Hg]": (266016, "MDC_DIM_MMHG"),
    "Cel": (268192, "MDC_DIM_DEGC"),
}
PER_MINUTE = {
    "MDC_PULS_OXIM_PULS_RATE": (264864, "MDC_DIM_BEAT_PER_MIN"),
    "MDC_ECG_HEART_RATE": (264864, "MDC_DIM_BEAT_PER_MIN"),
    "MDC_RESP_RATE": (264928, "MDC_DIM_RESP_PER_MIN"),
}
# Device.udiCarrier.issuer names these; the German agency IFA has none there.
ISSUERS = {
    "GS1": "http://hl7.org/fhir/NamingSystem/gs1-di",
    "HIBCC": "http://hl7.org/fhir/NamingSystem/hibcc-dI",
    "ICCBBA": "http://hl7.org/fhir/NamingSystem/iccbba-other-di",
}


def coding(system: str, code: str | int, display: str = "") -> Json:
    """Return a code of a system."""
    said = {"display": display} if display else {}
    return {"system": system, "code": str(code), **said}


def mdc(code: int, refid: str) -> Json:
    """Return a code of IEEE 11073-10101."""
    return coding(MDC, code, refid)


def unit_codings(refid: str, ucum: str) -> list[Json]:
    """Return the unit of a metric, in UCUM and where there is one in MDC."""
    own = UNITS.get(ucum) or PER_MINUTE.get(refid)
    return [*([mdc(*own)] if own else []), coding(UCUM, ucum)]


def reference(kind: str, id_: object) -> Json:
    """Return where another resource of this server is."""
    return {"reference": f"{kind}/{id_}"}
