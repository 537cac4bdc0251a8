"""Proposing a pilot, and changing its terms until both sides have agreed."""

import re
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from portal.web.forms import as_typed, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy, percent
from portal.web.page import page, see_other, url
from telemetry_ingest import sentences
from telemetry_ingest.access import HOSTS, MAKERS, PILOT_CHANGE, PILOT_PROPOSE
from telemetry_ingest.actions.pilots import Proposal, change_protocol, propose_pilot
from telemetry_ingest.errors import (
    NotAHost,
    NotForAPilot,
    PeriodIsOver,
    PilotChangedMeanwhile,
    PilotMoveNotAllowed,
)
from telemetry_ingest.forms import (
    CONFIDENCES,
    PilotForm,
    TermsForm,
    WhoForm,
    empty_terms,
    terms_of,
)
from telemetry_ingest.metrics import metrics
from telemetry_ingest.pages.sides import (
    acting_side,
    own_organisations,
    shown_pilot,
    under_pilot,
    under_pilots,
)
from telemetry_ingest.protocol import ProtocolRefused
from telemetry_ingest.queries.candidates import MOST, Candidate, candidates, hosts
from telemetry_ingest.queries.pilots import PilotView
from telemetry_ingest.states import PilotState

TITLE = lazy("Propose a pilot")
CHANGE = lazy("Change the protocol")
WATCHED = re.compile(r"watched\[(\d+)\]\.(low|high|every_s|metric)")
LABELS = {
    "host": lazy("Where it is tried out"),
    "title": lazy("Title"),
    "site": lazy("Department or site"),
    "starts": lazy("First day"),
    "ends": lazy("Last day"),
}


@get("/pilots/new", name="pilots.new", guards=[allow(PILOT_PROPOSE)])
async def new_pilot(
    request: Request[Any, Any, Any],
    words: Annotated[str, QueryParameter(name="q", max_length=200)] = "",
    device: Annotated[UUID | None, QueryParameter(name="device")] = None,
) -> Template:
    """Choose a device of the catalogue, then write the terms."""
    mine = own_organisations(actor_of(request))
    if device is not None:
        chosen = await _candidate(device)
        return await _new(request, chosen, empty_terms() | _title_of(chosen, mine), {})
    own = await candidates(words, MAKERS, mine=list(mine))
    others = await candidates(words, MAKERS) if _hosts_something(request) else []
    return page(
        request,
        "pilots/pick.html",
        title=_(TITLE),
        lead=_("Which device is tried out? It has to be published in the catalogue."),
        breadcrumbs=under_pilots(request, (_(TITLE), "")),
        words=words,
        most=MOST,
        candidates=own + [one for one in others if one.owner_id not in mine],
    )


def _hosts_something(request: Request[Any, Any, Any]) -> bool:
    return any(one.kinds & HOSTS for one in actor_of(request).memberships)


async def _candidate(device_id: UUID) -> Candidate:
    found = await candidates("", MAKERS, device_id=device_id)
    if not found:
        raise NotForAPilot
    return found[0]


def _title_of(one: Candidate, mine: dict[UUID, str]) -> dict[str, str]:
    host = "" if one.owner_id in mine or len(mine) != 1 else str(next(iter(mine)))
    return {"title": _("Pilot of %(device)s", device=one.name)[:200], "host": host}


async def _hosts(request: Request[Any, Any, Any], one: Candidate) -> list[tuple[UUID, str]]:
    """Return who may host: anybody for the maker's own device, else only one's own hospital."""
    mine = own_organisations(actor_of(request))
    found = await hosts(HOSTS, but=one.owner_id)
    return found if one.owner_id in mine else [each for each in found if each[0] in mine]


def terms_page(
    request: Request[Any, Any, Any],
    *,
    typed: dict[str, Any],
    errors: dict[str, str],
    **context: Any,
) -> Template:
    """Render the form of the terms with what was typed."""
    return page(
        request,
        "pilots/terms.html",
        status_code=422 if errors else 200,
        typed=typed,
        errors=errors,
        metrics=[
            (one, sentences.metric_name(one.refid), sentences.unit_of(one.refid))
            for one in metrics().values()
        ],
        confidences=[(one, percent(float(one))) for one in CONFIDENCES],
        field_labels={name: _(text) for name, text in LABELS.items()},
        **context,
    )


async def _new(
    request: Request[Any, Any, Any],
    one: Candidate,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    return terms_page(
        request,
        typed=typed,
        errors=errors,
        title=_(TITLE),
        lead=_("Write down now what will count. Once both sides have agreed, nobody changes it."),
        breadcrumbs=under_pilots(request, (_(TITLE), "")),
        device=one,
        hosts=await _hosts(request, one),
        action=url(request, "pilots.new.post"),
        back=url(request, "pilots.new"),
        button=_("Propose it to the other side"),
    )


@post("/pilots/new", name="pilots.new.post", guards=[allow(PILOT_PROPOSE)])
async def propose(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Propose a pilot to the other side."""
    typed = as_typed((await request.form()).multi_items())
    who, wrong = read(WhoForm, typed)
    if "device" in wrong:
        raise NotForAPilot
    chosen = await _candidate(UUID(str(typed["device"])))
    form, errors = read_terms(typed)
    if form is None or who is None:
        return await _new(request, chosen, typed, {**wrong, **errors})
    proposal = Proposal(chosen.id, who.host, form.site, form.protocol())
    actor = actor_of(request)
    try:
        id_ = await propose_pilot(proposal, sides=frozenset(own_organisations(actor)), actor=actor)
    except NotAHost as error:
        return await _new(request, chosen, typed, {"host": error.text()})
    except PeriodIsOver as error:
        return await _new(request, chosen, typed, {"ends": error.text()})
    return see_other(request, "pilots.one", pilot_id=id_)


def read_terms(typed: dict[str, Any]) -> tuple[TermsForm | None, dict[str, str]]:
    """Return the terms that were typed, or a message for each field that is not right."""
    form, errors = read(PilotForm, typed)
    if form is None:
        return None, errors
    try:
        form.protocol().check()
    except ProtocolRefused as error:
        return None, {field_of(error.field, form): _(error.why)}
    return form, {}


def field_of(place: str, form: TermsForm) -> str:
    """Return the field of the form that a contradiction is about."""
    found = WATCHED.fullmatch(place)
    if found:
        name = {"every_s": "every", "metric": "watch"}.get(found[2], found[2])
        return f"{name}_{form.codes[int(found[1])]}"
    if place.startswith("thresholds"):
        return "reference"
    return {"starts_at": "starts", "ends_at": "ends"}.get(place, place)


@get("/pilots/{pilot_id:uuid}/terms", name="pilots.terms", guards=[allow(PILOT_CHANGE)])
async def ask_terms(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Show the terms of a pilot that is proposed, to be changed."""
    one = await _changeable(request, pilot_id)
    typed = {**terms_of(one.protocol, one.site), "version": str(one.version)}
    return _terms(request, one, typed, {})


async def _changeable(request: Request[Any, Any, Any], pilot_id: UUID) -> PilotView:
    one = await shown_pilot(request, pilot_id)
    require(request, PILOT_CHANGE, one)
    if one.state is not PilotState.PROPOSED:
        raise PilotMoveNotAllowed
    return one


def _terms(
    request: Request[Any, Any, Any],
    one: PilotView,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    return terms_page(
        request,
        typed=typed,
        errors=errors,
        title=_(CHANGE),
        lead=_("The other side is told. Whoever had agreed has to agree again."),
        breadcrumbs=under_pilot(request, one, _(CHANGE)),
        device=None,
        hosts=[],
        action=url(request, "pilots.terms.post", pilot_id=one.id),
        back=url(request, "pilots.one", pilot_id=one.id),
        button=_("Save and tell the other side"),
    )


@post("/pilots/{pilot_id:uuid}/terms", name="pilots.terms.post", guards=[allow(PILOT_CHANGE)])
async def do_terms(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID]
) -> Template | Redirect:
    """Change the terms of a pilot; the signatures are asked for again."""
    one = await _changeable(request, pilot_id)
    typed = as_typed((await request.form()).multi_items())
    form, errors = read_terms(typed)
    if form is None:
        return _terms(request, one, typed, errors)
    actor = actor_of(request)
    try:
        await change_protocol(
            one.id,
            form.protocol(),
            site=form.site,
            side=acting_side(actor, one, PILOT_CHANGE),
            version=form.version,
            actor=actor,
        )
    except (PeriodIsOver, PilotChangedMeanwhile) as error:
        place = "ends" if isinstance(error, PeriodIsOver) else ""
        return _terms(request, one, typed, {place: error.text()})
    return see_other(request, "pilots.one", pilot_id=one.id)


PAGES = (new_pilot, propose, ask_terms, do_terms)
