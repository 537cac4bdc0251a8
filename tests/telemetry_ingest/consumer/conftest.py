"""Days of readings that the next test does not find."""

import pytest


@pytest.fixture
async def clean(db):
    from tests.telemetry_ingest.consumer.devices import drop_days

    yield
    await drop_days()
