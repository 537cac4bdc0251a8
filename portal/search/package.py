"""What search gives the portal."""

from pathlib import Path

from portal.package import Package
from portal.search.commands import search
from portal.search.jobs import CRONS, JOBS

PACKAGE = Package(
    name="portal.search",
    folder=Path(__file__).parent,
    jobs=JOBS,
    crons=CRONS,
    commands=(search,),
)
