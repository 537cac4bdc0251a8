"""Every test of exports keeps its files in a folder of its own."""

from tests.telemetry_ingest.evidence.conftest import cold

__all__ = ["cold"]
