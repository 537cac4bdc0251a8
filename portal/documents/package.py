"""What documents give the portal."""

from pathlib import Path

from portal.documents.jobs import CRONS
from portal.documents.pages import download, show_preview
from portal.package import Package

PACKAGE = Package(
    name="portal.documents",
    folder=Path(__file__).parent,
    controllers=(download, show_preview),
    crons=CRONS,
)
