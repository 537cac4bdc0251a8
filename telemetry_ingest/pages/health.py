"""Pages for those who run the portal: how telemetry is, its devices, what was refused."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import QueryParameter
from litestar.response import Template

from portal.web.guards import allow
from portal.web.i18n import gettext as _
from portal.web.page import page, url
from telemetry_ingest.access import HEALTH_VIEW
from telemetry_ingest.health import drawing, wording
from telemetry_ingest.health.collecting import look, samples
from telemetry_ingest.health.judging import judge
from telemetry_ingest.health.trends import Sample, Stretch, stretches
from telemetry_ingest.labels import REFUSALS
from telemetry_ingest.queries import health
from telemetry_ingest.states import Refusal

PER_PAGE = 50
Number = Annotated[int, QueryParameter(name="page", ge=1, le=10_000)]


@get("/telemetry/health", name="telemetry.health", guards=[allow(HEALTH_VIEW)])
async def show_health(
    request: Request[Any, Any, Any], hour: Annotated[bool, QueryParameter()] = False
) -> Template:
    """Answer whether anything is lost or late, and what is to be done; a part of it to htmx."""
    seen = await look(request.app.state.settings, request.app.state.valkey)
    past = stretches(await _samples(request), seen.at)
    return page(
        request,
        "health/health.html",
        part="health/_hour.html" if hour else "health/_now.html",
        title=_("Health of telemetry"),
        lead=_("Is anything lost, is anything late, and what is there to do?"),
        breadcrumbs=[(_("Health of telemetry"), "")],
        seen=seen,
        findings=judge(seen),
        words=wording,
        refusals=REFUSALS,
        latest=_latest(past) if seen.broker else None,
        charts=drawing.charts(past),
        here_now=url(request, "telemetry.health"),
    )


def _latest(past: list[Stretch]) -> Stretch | None:
    """Return the newest rates; those of a while ago are none."""
    return next((one for one in reversed(past[-2:]) if one.came is not None), None)


async def _samples(request: Request[Any, Any, Any]) -> list[Sample]:
    """Return the last hour; without Valkey there is none, and the page says so."""
    try:
        return await samples(request.app.state.valkey)
    except Exception:  # its client has several families of errors
        return []


@get("/telemetry/health/devices", name="telemetry.health.devices", guards=[allow(HEALTH_VIEW)])
async def show_devices(request: Request[Any, Any, Any], number: Number = 1) -> Template:
    """List the devices of running pilots, those with something to look at first."""
    found = await health.fleet(PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page(
        request,
        "health/devices.html",
        title=_("Devices of running pilots"),
        lead=_("Those with something to look at come first."),
        breadcrumbs=_under(request, _("Devices of running pilots")),
        devices=found[:PER_PAGE],
        page_number=number,
        more=len(found) > PER_PAGE,
    )


@get("/telemetry/health/quarantine", name="telemetry.quarantine", guards=[allow(HEALTH_VIEW)])
async def show_quarantine(
    request: Request[Any, Any, Any],
    reason: Annotated[str, QueryParameter(max_length=20)] = "",
    number: Number = 1,
) -> Template:
    """List refused messages that were not played again: where, when and why, never what."""
    chosen = Refusal(reason) if reason in set(Refusal) else None
    found = await health.quarantined(chosen, PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page(
        request,
        "health/quarantine.html",
        title=_("Refused messages"),
        lead=_("What was not stored is kept here for a while and can be played again."),
        breadcrumbs=_under(request, _("Refused messages")),
        reasons=await health.quarantined_by_reason(),
        chosen=chosen,
        messages=found[:PER_PAGE],
        refusals=REFUSALS,
        page_number=number,
        more=len(found) > PER_PAGE,
    )


def _under(request: Request[Any, Any, Any], last: str) -> list[tuple[str, str]]:
    return [(_("Health of telemetry"), url(request, "telemetry.health")), (last, "")]


PAGES = (show_health, show_devices, show_quarantine)
