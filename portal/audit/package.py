"""What audit gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="portal.audit", folder=Path(__file__).parent)
