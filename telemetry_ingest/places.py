"""Where devices send to, as their token page says it; pure but for the settings it is given."""

from urllib.parse import urlsplit

from portal.settings import Settings

# The ports of « make run », from which one's own choice shifts all of them alike.
NATS, MQTT, GATEWAY, WEB = 4222, 1883, 8010, 8000


def mqtt_address(settings: Settings) -> str:
    """Return where devices connect over MQTT; nothing when nobody said so."""
    if settings.mqtt_url or not settings.is_local or settings.nats_url is None:
        return settings.mqtt_url or ""
    broker = urlsplit(settings.nats_url.get_secret_value().split(",")[0])
    return f"mqtt://{broker.hostname}:{(broker.port or NATS) - NATS + MQTT}"


def https_address(settings: Settings) -> str:
    """Return where devices post to: below the portal's address unless it was said otherwise."""
    if settings.ingest_url:
        return settings.ingest_url
    if not settings.is_local:
        return f"{settings.base_url}/ingest"
    web = urlsplit(settings.base_url)
    return f"http://{web.hostname}:{(web.port or WEB) - WEB + GATEWAY}"
