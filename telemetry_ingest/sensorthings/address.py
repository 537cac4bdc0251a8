"""Where the SensorThings service is."""

from portal.settings import get_settings

PLACE = "/sensorthings/v1.1"


def things() -> str:
    """Return the address of the service."""
    return f"{get_settings().base_url}{PLACE}"
