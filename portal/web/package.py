"""What the portal itself gives: home, errors, components, probes."""

from pathlib import Path

from portal.package import Package
from portal.web.pages import home, root

PACKAGE = Package(
    name="portal",
    folder=Path(__file__).parent.parent,
    pages=(home,),
    controllers=(root,),
)
