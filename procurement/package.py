"""What buying gives the portal."""

from pathlib import Path

from portal.package import Package
from procurement.jobs import CRONS, JOBS
from procurement.recorded import AUDIT_SUBJECTS, EVENTS

PACKAGE = Package(
    name="procurement",
    folder=Path(__file__).parent,
    jobs=JOBS,
    crons=CRONS,
    events=EVENTS,
    audit_subjects=AUDIT_SUBJECTS,
)
