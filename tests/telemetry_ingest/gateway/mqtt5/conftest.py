"""A gateway whose door for MQTT 5 is open."""

import pytest


@pytest.fixture
async def http(broker):
    from tests.telemetry_ingest.gateway.mqtt5.devices import opened

    async with opened() as client:
        yield client


@pytest.fixture
def port(http):
    from tests.telemetry_ingest.gateway.mqtt5.devices import door_of

    return door_of(http).port
