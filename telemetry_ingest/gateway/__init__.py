"""Readings over HTTPS, for devices that cannot speak MQTT: an application of its own.

``granian --interface asgi telemetry_ingest.gateway:app``. What it answers 202 to, JetStream keeps.
"""

import gc
from typing import Any


def __getattr__(name: str) -> Any:
    """Make the application when the web server asks for it: only then are settings needed."""
    if name not in {"app", "create_gateway"}:
        raise AttributeError(name)
    from telemetry_ingest.gateway.application import create_gateway  # noqa: PLC0415

    if name == "create_gateway":
        return create_gateway
    from portal import logging  # noqa: PLC0415
    from portal.settings import get_settings  # noqa: PLC0415

    logging.configure(get_settings())
    made = create_gateway(get_settings())
    # What was loaded stays for good: no collection has to look through it, again and again.
    gc.collect()
    gc.freeze()
    return made
