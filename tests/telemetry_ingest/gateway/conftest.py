"""A broker with its stream, and a device that may send."""

import pytest


@pytest.fixture
async def broker(db):
    from tests.services import services
    from tests.telemetry_ingest.broker.brokers import prepared

    async with prepared(services()) as nc:
        yield nc


@pytest.fixture
async def device(broker):
    from tests.telemetry_ingest.gateway.gateways import enrolled

    return await enrolled()
