"""What notifications gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="portal.notifications", folder=Path(__file__).parent)
