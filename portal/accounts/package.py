"""What accounts gives the portal."""

from pathlib import Path

from portal.package import Package

PACKAGE = Package(name="portal.accounts", folder=Path(__file__).parent)
