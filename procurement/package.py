"""What buying gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="procurement", folder=Path(__file__).parent)
