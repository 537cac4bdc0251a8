"""The one thing that comes next in a pilot, as the person who looks at it can do it or not."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request

from portal.permissions import may
from portal.web.guards import actor_of
from portal.web.i18n import day
from portal.web.i18n import gettext as _
from portal.web.page import url
from telemetry_ingest.access import PILOT_RUN
from telemetry_ingest.labels import MOVES
from telemetry_ingest.pages.sides import agreed_for_the_other, side_to_agree
from telemetry_ingest.queries.pilots import PilotView
from telemetry_ingest.states import Move, PilotState


@dataclass(frozen=True)
class NextStep:
    """What comes next; without ``address`` somebody else has to do it, or time."""

    text: str
    label: str = ""
    address: str = ""


def next_step(request: Request[Any, Any, Any], one: PilotView) -> NextStep:
    """Return what comes next in this pilot."""
    match one.state:
        case PilotState.PROPOSED:
            return _proposed(request, one)
        case PilotState.AGREED:
            return _agreed(request, one)
        case PilotState.RUNNING:
            return _running(request, one)
        case PilotState.WITHDRAWN:
            return NextStep(_("The pilot was withdrawn. To try again, propose a new one."))
        case _:
            return NextStep(
                _("The pilot is closed; what it measured stays."),
                _("Evidence of a pilot"),
                url(request, "pilots.evidence", pilot_id=one.id),
            )


def _proposed(request: Request[Any, Any, Any], one: PilotView) -> NextStep:
    if side_to_agree(actor_of(request), one):
        return NextStep(
            _("Read the protocol. If it is right, agree to it for your organisation."),
            _(MOVES[Move.AGREE]),
            url(request, "pilots.agree", pilot_id=one.id),
        )
    missing = [
        name
        for name, agreed in ((one.owner_name, one.owner_agreed), (one.host_name, one.host_agreed))
        if not agreed
    ]
    if agreed_for_the_other(actor_of(request), one):
        return NextStep(
            _(
                "You agreed for the other side: another administrator of %(name)s has to agree.",
                name=missing[0],
            )
        )
    if len(missing) == 1:
        return NextStep(
            _("An administrator of %(name)s has to agree to the protocol.", name=missing[0])
        )
    return NextStep(_("An administrator of each side has to agree to the protocol."))


def _agreed(request: Request[Any, Any, Any], one: PilotView) -> NextStep:
    if not may(actor_of(request), PILOT_RUN, one):
        return NextStep(_("%(name)s enrols the devices and starts the pilot.", name=one.host_name))
    if not one.devices:
        return NextStep(
            _("Enrol the first device: it gets a token with which it sends its readings."),
            _("Enrol a device"),
            url(request, "pilots.enrol", pilot_id=one.id),
        )
    return NextStep(
        _("The devices are enrolled. Once the pilot is started, what they send is kept."),
        _(MOVES[Move.START]),
        url(request, "pilots.move", pilot_id=one.id, move=Move.START.value),
    )


def _running(request: Request[Any, Any, Any], one: PilotView) -> NextStep:
    if datetime.now(UTC) < one.ends_at or not may(actor_of(request), PILOT_RUN, one):
        return NextStep(
            _("The pilot runs until %(day)s.", day=day(one.last_moment)),
            _("Live values"),
            url(request, "telemetry.live.fleet", pilot_id=one.id),
        )
    return NextStep(
        _("The period is over. Close the pilot so that its evidence can be made."),
        _(MOVES[Move.CLOSE]),
        url(request, "pilots.move", pilot_id=one.id, move=Move.CLOSE.value),
    )
