"""Where the FHIR server is."""

from portal.settings import get_settings

PLACE = "/fhir/r4"


def base() -> str:
    """Return the address of the FHIR server, which also marks our identifiers."""
    return f"{get_settings().base_url}{PLACE}"
