"""What telemetry gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="telemetry_ingest", folder=Path(__file__).parent)
