"""What telemetry gives the portal."""

from pathlib import Path

from portal.package import Package
from telemetry_ingest import doors
from telemetry_ingest.api import fhir, sensorthings
from telemetry_ingest.cold import jobs as cold_jobs
from telemetry_ingest.consumer import jobs as consumer_jobs
from telemetry_ingest.demo import load_demo
from telemetry_ingest.evidence import jobs as evidence_jobs
from telemetry_ingest.health import families
from telemetry_ingest.health import jobs as health_jobs
from telemetry_ingest.live.listening import listening
from telemetry_ingest.pages import devices, evidence, health, live, pilots, proposing, readings
from telemetry_ingest.pages import refused as refusals
from telemetry_ingest.recorded import AUDIT_DETAILS, AUDIT_SUBJECTS, EVENTS
from telemetry_ingest.rollups import jobs as rollup_jobs

PACKAGE = Package(
    name="telemetry_ingest",
    folder=Path(__file__).parent,
    pages=(
        *pilots.PAGES,
        *proposing.PAGES,
        *devices.PAGES,
        *evidence.PAGES,
        *live.PAGES,
        *readings.PAGES,
        *refusals.PAGES,
        *health.PAGES,
    ),
    controllers=(*fhir.HANDLERS, *sensorthings.HANDLERS),
    error_shapes={**fhir.ERRORS, **sensorthings.ERRORS},
    jobs=(*consumer_jobs.JOBS, *rollup_jobs.JOBS, *cold_jobs.JOBS, *evidence_jobs.JOBS),
    crons=(*consumer_jobs.CRONS, *rollup_jobs.CRONS, *cold_jobs.CRONS, *health_jobs.CRONS),
    lifespans=(listening,),
    measured=families.measured,
    beside=families.beside,
    navigation=doors.NAVIGATION,
    home_cards=doors.HOME_CARDS,
    events=EVENTS,
    audit_subjects=AUDIT_SUBJECTS,
    audit_details=AUDIT_DETAILS,
    demo=load_demo,
    demo_order=200,
)
