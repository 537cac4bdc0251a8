"""A device whose old days go to a folder of its own."""

import pytest


@pytest.fixture
async def device(db, tmp_path, monkeypatch):
    from portal.settings import get_settings
    from tests.telemetry_ingest.consumer.devices import drop_days, make_pilot_device

    monkeypatch.setenv("TAJHIZ_TELEMETRY_COLD_DIR", str(tmp_path / "cold"))
    get_settings.cache_clear()
    yield (await make_pilot_device()).number
    await drop_days()
    get_settings.cache_clear()
