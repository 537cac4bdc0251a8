"""What was refused of a pilot's devices, for its two sides: how often, why, and what to do."""

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from portal.web.guards import allow
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.labels import REFUSALS
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.queries.refused import counted_of
from telemetry_ingest.states import Refusal

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
        "What is measured before the pilot starts or after it closes is not part of it."
    ),
    Refusal.UNKNOWN_METRIC: lazy("Send only the metrics of the protocol; others are not stored."),
    Refusal.TIME_OUT_OF_RANGE: lazy("Set the device's clock, best by NTP; times are UTC."),
    Refusal.NOT_STORABLE: lazy("Tell those who run the portal: they find it in their log."),
}


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


PAGES = (show_refused,)
