"""What the catalogue gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="catalog", folder=Path(__file__).parent)
