"""What search gives the portal."""

from pathlib import Path

from portal.package import Package
from portal.search.jobs import CRONS, JOBS
from portal.search.pages import search_everything

PACKAGE = Package(
    name="portal.search",
    folder=Path(__file__).parent,
    pages=(search_everything,),
    jobs=JOBS,
    crons=CRONS,
)
