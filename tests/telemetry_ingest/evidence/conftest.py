"""Every test of evidence keeps its files in a folder of its own."""

import pytest

from portal.settings import get_settings


@pytest.fixture(autouse=True)
def cold(tmp_path, monkeypatch):
    """Return where days and readings of packs are kept as files."""
    monkeypatch.setenv("TAJHIZ_TELEMETRY_COLD_DIR", str(tmp_path / "cold"))
    get_settings.cache_clear()
    yield tmp_path / "cold"
    get_settings.cache_clear()
