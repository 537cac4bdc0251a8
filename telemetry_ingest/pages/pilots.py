"""The list of pilots, one pilot, agreeing to its protocol, and its moves."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from portal.permissions import may
from portal.web.forms import as_typed, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, url
from telemetry_ingest import labels, sentences
from telemetry_ingest.access import (
    PILOT_AGREE,
    PILOT_CHANGE,
    PILOT_PROPOSE,
    PILOT_RUN,
    PILOT_VIEW,
    TOKEN_REVOKE,
)
from telemetry_ingest.actions.pilots import agree, move_pilot, needs_reason
from telemetry_ingest.errors import (
    AgreedForTheOther,
    AlreadyAgreed,
    PilotMoveNotAllowed,
    PilotReasonMissing,
)
from telemetry_ingest.forms import DecisionForm
from telemetry_ingest.labels import CONSEQUENCES, MOVES
from telemetry_ingest.pages.next_step import next_step
from telemetry_ingest.pages.sides import (
    WHO,
    acting_side,
    agreed_for_the_other,
    listed_organisations,
    shown_pilot,
    side_to_agree,
    under_pilot,
    under_pilots,
)
from telemetry_ingest.queries.pilots import PilotView, count_of, devices_of, pilots_of
from telemetry_ingest.states import Move, PilotState, target_of

PER_PAGE = 30
OPEN = frozenset({PilotState.AGREED, PilotState.RUNNING})


@get("/pilots", name="pilots.list", guards=[allow(PILOT_VIEW)])
async def pilots(
    request: Request[Any, Any, Any],
    number: Annotated[int, QueryParameter(name="page", ge=1, le=10_000)] = 1,
) -> Template:
    """List the pilots of one's organisations; an authority sees all."""
    whose = listed_organisations(actor_of(request))
    total = await count_of(whose)
    return page(
        request,
        "pilots/list.html",
        title=_("Pilots"),
        lead=_("Devices tried out in a hospital under a protocol agreed before any reading."),
        breadcrumbs=[],
        labels=labels,
        pilots=await pilots_of(whose, limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        proposes=may(actor_of(request), PILOT_PROPOSE),
        page_number=number,
        pages=-(-total // PER_PAGE),
    )


@get("/pilots/{pilot_id:uuid}", name="pilots.one", guards=[allow(PILOT_VIEW)])
async def one_pilot(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Show a pilot: what comes next, who agreed to what, its devices and what happened."""
    one = await shown_pilot(request, pilot_id)
    actor = actor_of(request)
    return page(
        request,
        "pilots/one.html",
        title=one.protocol.title,
        breadcrumbs=under_pilots(request, (one.protocol.title, "")),
        pilot=one,
        labels=labels,
        sentences=sentences,
        devices=await devices_of(one.id),
        next=next_step(request, one),
        events=_events(one),
        changes=one.state is PilotState.PROPOSED and may(actor, PILOT_CHANGE, one),
        revokes=may(actor, TOKEN_REVOKE, one),
        enrols=one.state in OPEN and may(actor, PILOT_RUN, one),
        moves=[
            move
            for move in (Move.CLOSE, Move.WITHDRAW)
            if target_of(move, one.state) and may(actor, WHO[move], one)
        ],
    )


def _events(one: PilotView) -> list[tuple[Any, str, str]]:
    names = {one.owner_id: one.owner_name, one.host_id: one.host_name}
    steps = [(one.created_at, _("The pilot was proposed"), "")]
    for move in one.moves:
        who = names.get(move.organisation_id, "") if move.organisation_id else ""
        done = _(labels.MOVES_DONE[move.move])
        text = _("%(done)s: %(name)s", done=done, name=who) if who else done
        steps.append((move.at, text, move.reason))
    return steps


@get("/pilots/{pilot_id:uuid}/agree", name="pilots.agree", guards=[allow(PILOT_AGREE)])
async def ask_agree(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Show the protocol and its digest once more before an organisation agrees."""
    one = await shown_pilot(request, pilot_id)
    require(request, PILOT_AGREE, one)
    side = _agreeing_side(request, one)
    return page(
        request,
        "pilots/agree.html",
        title=_(MOVES[Move.AGREE]),
        breadcrumbs=under_pilot(request, one, _(MOVES[Move.AGREE])),
        pilot=one,
        sentences=sentences,
        side_name=one.owner_name if side == one.owner_id else one.host_name,
    )


def _agreeing_side(request: Request[Any, Any, Any], one: PilotView) -> UUID:
    if one.state is not PilotState.PROPOSED:
        raise PilotMoveNotAllowed
    side = side_to_agree(actor_of(request), one)
    if side is None:
        twice = agreed_for_the_other(actor_of(request), one)
        raise AgreedForTheOther if twice else AlreadyAgreed
    return side


@post("/pilots/{pilot_id:uuid}/agree", name="pilots.agree.post", guards=[allow(PILOT_AGREE)])
async def do_agree(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Redirect:
    """Put one side's name to the protocol."""
    one = await shown_pilot(request, pilot_id)
    actor = require(request, PILOT_AGREE, one)
    form = await _decision(request)
    await agree(one.id, side=_agreeing_side(request, one), version=form.version, actor=actor)
    return see_other(request, "pilots.one", pilot_id=one.id)


async def _decision(request: Request[Any, Any, Any]) -> DecisionForm:
    form, _errors = read(DecisionForm, as_typed((await request.form()).multi_items()))
    if form is None:
        raise PilotMoveNotAllowed
    return form


@get("/pilots/{pilot_id:uuid}/move/{move:str}", name="pilots.move", guards=[allow(PILOT_CHANGE)])
async def ask_move(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], move: FromPath[str]
) -> Template:
    """Ask before a pilot is started, closed or taken back."""
    one = await shown_pilot(request, pilot_id)
    return _ask(request, one, _move(request, one, move), "", "")


def _move(request: Request[Any, Any, Any], one: PilotView, text: str) -> Move:
    found = next((move for move in WHO if move.value == text), None)
    if found is None or target_of(found, one.state) is None:
        raise PilotMoveNotAllowed
    require(request, WHO[found], one)
    return found


def _ask(
    request: Request[Any, Any, Any], one: PilotView, move: Move, reason: str, error: str
) -> Template:
    return page(
        request,
        "pilots/move.html",
        status_code=422 if error else 200,
        title=_(MOVES[move]),
        breadcrumbs=under_pilot(request, one, _(MOVES[move])),
        pilot=one,
        move=move,
        consequences=[_(text) for text in CONSEQUENCES[move]],
        needs_reason=needs_reason(move, one),
        typed={"reason": reason},
        errors={"reason": error} if error else {},
        back=url(request, "pilots.one", pilot_id=one.id),
    )


@post(
    "/pilots/{pilot_id:uuid}/move/{move:str}",
    name="pilots.move.post",
    guards=[allow(PILOT_CHANGE)],
)
async def do_move(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], move: FromPath[str]
) -> Template | Redirect:
    """Start, close or take back a pilot."""
    one = await shown_pilot(request, pilot_id)
    step, form, actor = _move(request, one, move), await _decision(request), actor_of(request)
    side = acting_side(actor, one, WHO[step])
    try:
        await move_pilot(
            one.id, step, side=side, version=form.version, actor=actor, reason=form.reason
        )
    except PilotReasonMissing as error:
        return _ask(request, one, step, form.reason, error.text())
    return see_other(request, "pilots.one", pilot_id=one.id)


PAGES = (pilots, one_pilot, ask_agree, do_agree, ask_move, do_move)
