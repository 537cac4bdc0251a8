"""Verifying organisations (cluster and authorities), and noting who succeeds whom (authorities)."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.access import ORGANISATION_VERIFY, SUCCESSION_RECORD
from portal.accounts.actions import organisations as actions
from portal.accounts.errors import ReasonMissing, SuccessionRefused
from portal.accounts.forms import DecisionForm, SuccessionForm
from portal.accounts.naming import KINDS, STATES
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.entering import now
from portal.accounts.pages.organisations import ice_doubt
from portal.accounts.queries.organisations import (
    OrganisationDetail,
    counts_by_state,
    look_alikes,
    organisation,
    organisations_in,
    organisations_named,
    successions,
)
from portal.accounts.queries.people import members_of
from portal.accounts.queries.places import regions
from portal.accounts.rules import may_decide
from portal.accounts.states import ORGANISATION_MOVES, OrganisationState
from portal.permissions import PUBLIC, may
from portal.web.errors import NotFound
from portal.web.forms import read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page, url

PER_PAGE = 50
ORDERS = {"oldest": lazy("Those who wait longest"), "newest": lazy("The latest")}
DECISION = "/verification/{organisation_id:uuid}/{decision:str}"


@get("/verification", name="accounts.verification", guards=[allow(ORGANISATION_VERIFY)])
async def queue(
    request: Request[Any, Any, Any],
    wanted: Annotated[
        OrganisationState, QueryParameter(name="state")
    ] = OrganisationState.REGISTERED,
    region: Annotated[str, QueryParameter(name="region", max_length=12)] = "",
    order: Annotated[str, QueryParameter(name="order", pattern="^(oldest|newest)$")] = "oldest",
    number: Annotated[int, QueryParameter(name="page", ge=1, le=10_000)] = 1,
) -> Template:
    """List the organisations in one state, a page at a time; those that wait longest come first."""
    counts = await counts_by_state(region)
    found = await organisations_in(
        wanted,
        region=region,
        newest_first=order == "newest",
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
    )
    return page(
        request,
        "accounts/verification.html",
        title=_("Verification of organisations"),
        lead=_("Those who wait longest come first."),
        organisations=found,
        counts=counts,
        chosen={"region": region, "order": order},
        regions=await regions(),
        orders=ORDERS,
        page_number=number,
        pages=-(-counts[wanted] // PER_PAGE),
        state=wanted,
        states=STATES,
        kinds=KINDS,
        done=done_in(request),
    )


@get(
    "/verification/{organisation_id:uuid}",
    name="accounts.verification.one",
    guards=[allow(ORGANISATION_VERIFY)],
)
async def one_page(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Show what an organisation said, what is doubtful, and the decisions."""
    one = await organisation(organisation_id)
    require(request, ORGANISATION_VERIFY, one)
    return await _one(request, one, {}, {})


async def _one(
    request: Request[Any, Any, Any],
    one: OrganisationDetail,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    decides = may_decide(actor_of(request), one.id, one.kinds)
    moves = [move for move in OrganisationState if move in ORGANISATION_MOVES[one.state]]
    return page(
        request,
        "accounts/verification_one.html",
        title=one.name,
        breadcrumbs=[
            (_("Verification of organisations"), url(request, "accounts.verification")),
            (one.name, ""),
        ],
        organisation=one,
        ice_doubt=ice_doubt(one),
        look_alikes=await look_alikes(one),
        members=await members_of(one.id),
        decisions=[move for move in moves if move in actions.DECISIONS] if decides else [],
        decides=decides,
        states=STATES,
        kinds=KINDS,
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )


@post(DECISION, name="accounts.verification.decide", guards=[allow(ORGANISATION_VERIFY)])
async def decide(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[UUID],
    decision: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Verify, refuse or suspend; the organisation reads the reason."""
    one = await organisation(organisation_id)
    actor = require(request, ORGANISATION_VERIFY, one)
    if decision not in set(actions.DECISIONS):
        raise NotFound
    form, errors = read(DecisionForm, data)
    if form is None:
        return await _one(request, one, data, errors)
    target = OrganisationState(decision)
    try:
        await actions.decide(
            one.id, target, actor=actor, now=now(), seen=form.seen, reason=form.reason
        )
    except ReasonMissing as error:
        return await _one(request, one, data, {f"reason-{decision}": error.text()})
    return go(request, "accounts.verification", done=decision)


@get("/successions", name="accounts.successions", guards=[allow(PUBLIC)])
async def successions_page(request: Request[Any, Any, Any]) -> Template:
    """List who acts in whose place since when, and by which text."""
    return page(
        request,
        "accounts/successions.html",
        title=_("Successions of buyers"),
        lead=_(
            "The territorial health groups (GST) take the place of hospitals and of the State step "
            "by step. This list says who buys in whose place, from which day and by which text."
        ),
        successions=await successions(),
        records=may(actor_of(request), SUCCESSION_RECORD),
        done=done_in(request),
    )


@get("/successions/new", name="accounts.succession.new", guards=[allow(SUCCESSION_RECORD)])
async def succession_page(request: Request[Any, Any, Any]) -> Template:
    """Show the form to record a succession."""
    return await _succession(request, {}, {})


@post("/successions/new", name="accounts.succession.create", guards=[allow(SUCCESSION_RECORD)])
async def record_succession(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Record a succession."""
    form, errors = read(SuccessionForm, data)
    if form is None:
        return await _succession(request, data, errors)
    try:
        await actions.record_succession(
            form.predecessor,
            form.successor,
            starts_on=form.starts_on,
            source=form.source,
            actor=actor_of(request),
        )
    except SuccessionRefused as error:
        return await _succession(request, data, {"successor": error.text()})
    return go(request, "accounts.successions", done="succession")


async def _succession(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    known = await organisations_named("")
    return page(
        request,
        "accounts/succession_form.html",
        title=_("Record a succession"),
        breadcrumbs=[
            (_("Successions of buyers"), url(request, "accounts.successions")),
            (_("Record a succession"), ""),
        ],
        organisations=[(one.id, one.name) for one in known],
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )
