"""What search gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="portal.search", folder=Path(__file__).parent)
