"""What was refused of a pilot's devices: how often, why, what to do, and playing it again."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from portal.permissions import may
from portal.web.forms import as_typed, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page, see_other, url
from telemetry_ingest.access import PILOT_RUN, PILOT_VIEW
from telemetry_ingest.consumer.quarantine import Which, kept
from telemetry_ingest.consumer.replaying import outlooks, replay
from telemetry_ingest.errors import NothingToReplay
from telemetry_ingest.forms import ReplayForm
from telemetry_ingest.labels import REFUSALS
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.queries.pilots import PilotView
from telemetry_ingest.queries.refused import counted_of, tried_of
from telemetry_ingest.states import PilotState, Refusal

PER_PAGE = 20
# A page has to answer; what is left then is played when somebody asks again.
PATIENCE_S = 10.0

TO_DO: dict[Refusal, str] = {
    Refusal.NOT_READABLE: lazy("Send one JSON object or msgpack map, as the device guide says."),
    Refusal.UNKNOWN_FIELD: lazy("Leave this field out; what it held was not kept."),
    Refusal.WRONG_VALUE: lazy("Mend the named field in the device, or send it as well."),
    Refusal.TOO_LARGE: lazy("Put fewer readings in a message."),
    Refusal.WRONG_TOPIC: lazy(
        "Publish to the device's own topics only: the broker confirms the others too, and throws"
        " the message away."
    ),
    Refusal.UNKNOWN_DEVICE: lazy("Check the device's number in the topic."),
    Refusal.NOT_RUNNING: lazy(
        "Start the pilot, then replay what was kept of its period. What is measured after it closes"
        " is not part of it."
    ),
    Refusal.UNKNOWN_METRIC: lazy("Send only the metrics of the protocol; others are not stored."),
    Refusal.TIME_OUT_OF_RANGE: lazy("Set the device's clock, best by NTP; times are UTC."),
    Refusal.NOT_STORABLE: lazy("Tell those who run the portal: they find it in their log."),
}
# Whether playing it again can help, and what has to happen first.
CURES: dict[Refusal, str] = {
    Refusal.NOT_RUNNING: lazy(
        "The pilot has started: a replay stores what was measured in its period and before it was"
        " closed."
    ),
    Refusal.UNKNOWN_METRIC: lazy(
        "The protocol is fixed since both sides agreed to it: a replay stores only metrics that it"
        " has. What else stood in these messages is stored."
    ),
    Refusal.TIME_OUT_OF_RANGE: lazy(
        "The time stands in the message and a replay does not change it: setting the clock helps"
        " what is sent from then on."
    ),
    Refusal.NOT_STORABLE: lazy(
        "The database refused these messages. Once those who run the portal have mended the cause,"
        " a replay stores them."
    ),
}
TOO_EARLY = lazy("The pilot has not started: start it, then replay these messages.")
WITHDRAWN = lazy("The pilot was withdrawn: it takes no readings, and no replay changes that.")


@get("/pilots/{pilot_id:uuid}/refused", name="pilots.refused", guards=[allow(PILOT_VIEW)])
async def show_refused(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Show what was refused; refusing is how data about patients stays out."""
    one = await shown_pilot(request, pilot_id)
    return page(
        request,
        "pilots/refused.html",
        title=_("What was refused"),
        lead=_("What devices sent and the portal did not store: how often, why, and what to do."),
        breadcrumbs=under_pilot(request, one, _("What was refused")),
        pilot=one,
        refusals=REFUSALS,
        to_do=TO_DO,
        counted=await counted_of(one.id),
    )


@get(
    "/pilots/{pilot_id:uuid}/refused/messages",
    name="pilots.refused.messages",
    guards=[allow(PILOT_VIEW)],
)
async def show_messages(
    request: Request[Any, Any, Any],
    pilot_id: FromPath[UUID],
    reason: Annotated[Refusal, QueryParameter()] = Refusal.NOT_RUNNING,
    number: Annotated[int, QueryParameter(name="page", ge=1, le=10_000)] = 1,
) -> Template:
    """List the messages kept for one reason: what a replay would do, and what it did."""
    one = await shown_pilot(request, pilot_id)
    which = Which(pilot=one.id, reason=reason)
    found = await kept(which, PER_PAGE + 1, (number - 1) * PER_PAGE, playable=True)
    shown = found[:PER_PAGE]
    title = _("Refused messages")
    return page(
        request,
        "pilots/replay.html",
        title=title,
        lead=_("Refused because: %(reason)s", reason=_(REFUSALS[reason])),
        breadcrumbs=_under_refused(request, one, title),
        pilot=one,
        reason=reason,
        cure=_(_cure(reason, one.state)),
        tried=await tried_of(one.id, reason),
        runs=may(actor_of(request), PILOT_RUN, one),
        messages=list(zip(shown, await outlooks(one.id, shown), strict=True)),
        refusals=REFUSALS,
        page_number=number,
        more=len(found) > PER_PAGE,
    )


@post(
    "/pilots/{pilot_id:uuid}/refused/messages",
    name="pilots.refused.replay",
    guards=[allow(PILOT_RUN)],
)
async def do_replay(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Redirect:
    """Play one message again, or all that were refused for one reason; the list tells the rest."""
    one = await shown_pilot(request, pilot_id)
    actor = require(request, PILOT_RUN, one)
    form, _errors = read(ReplayForm, as_typed((await request.form()).multi_items()))
    if form is None:
        raise NothingToReplay
    which = Which(pilot=one.id, reason=form.reason, message=form.message)
    await replay(which, actor, patience_s=PATIENCE_S)
    back = see_other(request, "pilots.refused.messages", pilot_id=one.id)
    back.url += f"?reason={form.reason}" + (f"&page={form.page}" if form.page > 1 else "")
    return back


def _cure(reason: Refusal, state: PilotState) -> str:
    """Say whether a replay can help as things are."""
    if state is PilotState.WITHDRAWN:
        return WITHDRAWN
    if state in {PilotState.PROPOSED, PilotState.AGREED}:
        return TOO_EARLY
    return CURES.get(reason, "")


def _under_refused(
    request: Request[Any, Any, Any], one: PilotView, last: str
) -> list[tuple[str, str]]:
    *way, (middle, _here) = under_pilot(request, one, _("What was refused"))
    return [*way, (middle, url(request, "pilots.refused", pilot_id=one.id)), (last, "")]


PAGES = (show_refused, show_messages, do_replay)
