"""What notifications give the portal."""

from pathlib import Path

from portal.notifications.jobs import CRONS, JOBS
from portal.package import Package

PACKAGE = Package(name="portal.notifications", folder=Path(__file__).parent, jobs=JOBS, crons=CRONS)
