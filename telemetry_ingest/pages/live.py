"""Pages with live values: the devices of a pilot, one device over time, the stream of events."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template

from portal.accounts.identity import actor_with, session_of, sessions_of
from portal.permissions import may
from portal.web.guards import actor_of, allow
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page, url
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.errors import PilotDeviceNotFound
from telemetry_ingest.live import shown, today
from telemetry_ingest.live.streaming import stream
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.queries import live, pilots
from telemetry_ingest.queries.pilots import PilotView
from telemetry_ingest.queries.protocols import ranges
from telemetry_ingest.queries.windows import USUAL, WINDOWS, Window, measured

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW_NAMES = {
    "15m": lazy("15 minutes"),
    "24h": lazy("24 hours"),
    "7d": lazy("7 days"),
    "90d": lazy("90 days"),
}


@get("/pilots/{pilot_id:uuid}/live", name="telemetry.live.fleet", guards=[allow(PILOT_VIEW)])
async def show_fleet(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Show where every device of a pilot stands now."""
    pilot = await shown_pilot(request, pilot_id)
    now = datetime.now(UTC)
    return page(
        request,
        "live/fleet.html",
        part="live/_fleet.html",
        title=_("Live values"),
        lead=_("What each device measures now, and when it was heard last."),
        breadcrumbs=under_pilot(request, pilot, _("Live values")),
        pilot=pilot,
        now=now,
        cards=await _cards(pilot, now),
        events=url(request, "telemetry.live.events", pilot_id=pilot.id),
        offset=today.offset_s(now),
    )


@get(
    "/pilots/{pilot_id:uuid}/live/{device_id:uuid}",
    name="telemetry.live.device",
    guards=[allow(PILOT_VIEW)],
)
async def show_device(
    request: Request[Any, Any, Any],
    pilot_id: FromPath[UUID],
    device_id: FromPath[UUID],
    window: FromQuery[str] = USUAL,
) -> Template:
    """Show one device: where it stands, and each metric over a window of time."""
    pilot = await shown_pilot(request, pilot_id)
    now = datetime.now(UTC)
    cards = await _cards(pilot, now, only=device_id)
    if not cards:
        raise PilotDeviceNotFound
    chosen = WINDOWS.get(window, WINDOWS[USUAL])
    fleet = url(request, "telemetry.live.fleet", pilot_id=pilot.id)
    events = url(request, "telemetry.live.events", pilot_id=pilot.id)
    return page(
        request,
        "live/device.html",
        part="live/_device.html",
        title=_("Device %(serial)s", serial=cards[0].device.serial),
        breadcrumbs=[
            *under_pilot(request, pilot, "")[:-1],
            (_("Live values"), fleet),
            (cards[0].device.serial, ""),
        ],
        pilot=pilot,
        card=cards[0],
        now=now,
        window=chosen,
        windows=[(name, _(text)) for name, text in WINDOW_NAMES.items()],
        charts=await _charts(pilot, cards[0].device.number, chosen, now),
        events=f"{events}?device={device_id}",
        offset=today.offset_s(now),
    )


@get(
    "/pilots/{pilot_id:uuid}/live/events",
    name="telemetry.live.events",
    guards=[allow(PILOT_VIEW)],
)
async def send_events(
    request: Request[Any, Any, Any],
    pilot_id: FromPath[UUID],
    device: FromQuery[UUID | None] = None,
) -> Stream:
    """Send what the devices of a pilot measure, as it comes, while the reader may read it."""
    pilot = await shown_pilot(request, pilot_id)
    units = [one.id for one in await pilots.devices_of(pilot.id) if device in {None, one.id}]
    if not units:
        raise PilotDeviceNotFound
    actor = actor_of(request)
    assert actor.person_id is not None, "the guard lets only known people through"
    hub = request.app.state.live
    hub.admit(actor.person_id)
    events = stream(
        hub, [one.hex for one in units], actor.person_id, lambda: _still_allowed(request, pilot)
    )
    return Stream(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


async def _still_allowed(request: Request[Any, Any, Any], pilot: PilotView) -> bool:
    """Ask again, as if the page were opened now; an open page does not keep a session alive."""
    session = session_of(request)
    if session is None:
        return False
    known = await sessions_of(request).all_of(session.person_id, datetime.now(UTC))
    if all(one.key != session.key for one in known):
        return False
    required = request.app.state.settings.second_factor_required
    actor = await actor_with(session.person_id, second_factor_required=required)
    return not actor.must_protect and may(actor, PILOT_VIEW, pilot)


async def _cards(pilot: PilotView, now: datetime, *, only: UUID | None = None) -> list[shown.Card]:
    plan, since = ranges(pilot.protocol), today.midnight(now)
    found = await live.devices(pilot.id, plan, since, now, only=only)
    hours = await live.hours(
        [one.number for one in found], [one.metric for one in plan], _hour(now) - 23 * HOUR, now
    )
    begun = max(since, pilot.started_at or pilot.starts_at)
    expected = today.expected(pilot.protocol, begun, min(now, pilot.closed_at or now))
    return [shown.card(one, pilot.protocol, plan, expected, hours=hours, now=now) for one in found]


async def _charts(
    pilot: PilotView, device: int, window: Window, now: datetime
) -> list[shown.Chart]:
    plan = ranges(pilot.protocol)
    until = min(now, pilot.closed_at or now)
    since = begin_of(window, until)
    found = await measured(device, [one.metric for one in plan], window, since, until)
    begun = max(since, min(until, pilot.started_at or pilot.starts_at))
    return [
        shown.chart_of(one, found[one.metric], window, begun, until, pilot.protocol.silence_s)
        for one in plan
    ]


def begin_of(window: Window, until: datetime) -> datetime:
    """Return where a window begins: at a whole stretch, days at midnight in Casablanca."""
    if window.step >= DAY:
        return today.midnight(until) - window.length + window.step
    step = window.step.total_seconds()
    return datetime.fromtimestamp((until.timestamp() // step + 1) * step, UTC) - window.length


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


PAGES = (show_fleet, show_device, send_events)
