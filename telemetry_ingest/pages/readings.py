"""Readings to take away: of one device in a period, and those a pack was computed from."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream, Template

from portal.web.forms import read
from portal.web.guards import allow
from portal.web.i18n import CASABLANCA
from portal.web.i18n import gettext as _
from portal.web.page import page
from portal.web.programs import FOR_PROGRAMS, key_shown
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.errors import PeriodNotReadable, PilotDeviceNotFound, PilotNotFound
from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.evidence.presenting import opened
from telemetry_ingest.exporting import proof
from telemetry_ingest.exporting.sending import FORMS, table_of
from telemetry_ingest.fhir.address import base
from telemetry_ingest.fhir.outcomes import MEDIA
from telemetry_ingest.fhir.writing import Export
from telemetry_ingest.forms import PeriodForm, midnight
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.queries.evidence import newest_pack
from telemetry_ingest.queries.fhir import Which, units
from telemetry_ingest.queries.pilots import PilotDeviceView, PilotView, pilot_device
from telemetry_ingest.sensorthings.address import things

Asked = Request[Any, Any, Any]
DAY = timedelta(days=1)
USUAL_DAYS = 7


@get(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/readings",
    name="pilots.readings",
    guards=[allow(PILOT_VIEW)],
)
async def ask(request: Asked, pilot_id: FromPath[UUID], unit_id: FromPath[UUID]) -> Template:
    """Ask for the period and the format."""
    pilot, unit = await _shown(request, pilot_id, unit_id)
    last = min(datetime.now(UTC), pilot.closed_at or pilot.last_moment, pilot.last_moment)
    until = last.astimezone(CASABLANCA).date()
    begins = pilot.starts_at.astimezone(CASABLANCA).date()
    since = max(until - (USUAL_DAYS - 1) * DAY, min(begins, until))
    typed = {"since": since, "until": until, "form": "csv"}
    return await _page(request, pilot, unit, typed, {})


@get(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/readings/file",
    name="pilots.readings.file",
    guards=[allow(PILOT_VIEW)],
    opt=FOR_PROGRAMS,
)
async def send(
    request: Asked, pilot_id: FromPath[UUID], unit_id: FromPath[UUID]
) -> Template | Stream:
    """Send the readings of a period, or say what is wrong with it."""
    pilot, unit = await _shown(request, pilot_id, unit_id)
    typed = dict(request.query_params)
    form, errors = read(PeriodForm, typed)
    if form is None:
        if key_shown(request.scope) is not None:
            raise PeriodNotReadable(said=" ".join(errors.values()))
        return await _page(request, pilot, unit, typed, errors)
    start, end = midnight(form.since), midnight(form.until + DAY)
    name = f"readings-{pilot.number}-{unit.number}-{form.since}-{form.until}.{form.form}"
    if form.form == "fhir.json":
        return _file(await _bundle(unit, micros(start), micros(end)), name, MEDIA)
    table = await table_of(pilot, unit, micros(start), micros(end))
    write, kind = FORMS[form.form]
    return _file(write(table), name, kind)


@get(
    "/pilots/{pilot_id:uuid}/evidence/readings.csv.gz",
    name="pilots.evidence.readings",
    guards=[allow(PILOT_VIEW)],
    opt=FOR_PROGRAMS,
)
async def send_proof(request: Asked, pilot_id: FromPath[UUID]) -> Stream:
    """Send the readings of the newest pack, as ``tajhiz evidence verify`` reads them."""
    pilot = await shown_pilot(request, pilot_id)
    kept = await newest_pack(pilot.id)
    if kept is None:
        raise PilotNotFound
    pack = await asyncio.to_thread(opened, kept)
    return _file(await proof.file_of(pack), f"readings-{kept.head[:12]}.csv.gz", "application/gzip")


async def _shown(
    request: Asked, pilot_id: UUID, unit_id: UUID
) -> tuple[PilotView, PilotDeviceView]:
    pilot = await shown_pilot(request, pilot_id)
    unit = await pilot_device(unit_id)
    if unit is None or unit.pilot_id != pilot.id:
        raise PilotDeviceNotFound
    return pilot, unit


async def _bundle(unit: PilotDeviceView, start: int, end: int) -> AsyncIterator[bytes]:
    """Return a Bundle of FHIR, regular readings in runs."""
    found = await units(Which(ids=[unit.id]))
    return Export(base(), found, (start, end), runs=True).bundle()


async def _page(
    request: Asked,
    pilot: PilotView,
    unit: PilotDeviceView,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    return page(
        request,
        "pilots/readings.html",
        status_code=422 if errors else 200,
        title=_("Readings of %(serial)s", serial=unit.serial),
        lead=_("Every reading that is stored, failed and implausible ones as well."),
        breadcrumbs=under_pilot(request, pilot, _("Readings")),
        pilot=pilot,
        unit=unit,
        kept=await newest_pack(pilot.id),
        observations=f"{base()}/Observation?device=Device/{unit.id}",
        things=f"{things()}/Things({unit.number})/Datastreams",
        described=f"{things()}/openapi.json",
        typed=typed,
        errors=errors,
    )


def _file(content: Any, name: str, kind: str) -> Stream:
    saved = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(content, media_type=kind, headers=saved | {"Cache-Control": "private, no-store"})


PAGES = (ask, send, send_proof)
