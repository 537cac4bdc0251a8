"""What documents gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="portal.documents", folder=Path(__file__).parent)
