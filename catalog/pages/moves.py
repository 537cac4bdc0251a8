"""Moving a record along its life: the supplier's steps, and the verifier's queue and decisions."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from catalog import labels
from catalog.access import DEVICE_REVIEW, DEVICE_VIEW_OWN
from catalog.actions.moves import move_device
from catalog.errors import MoveNotAllowed, NotReady, ReasonMissing
from catalog.forms import MoveForm
from catalog.labels import CONSEQUENCES, MOVES
from catalog.pages.allowed import WHO, moves_for
from catalog.pages.own import own_record, step_page
from catalog.pages.places import under_own
from catalog.queries import lists
from catalog.queries.records import Device
from catalog.rules.completeness import Step
from catalog.states import NEEDS_REASON, Move
from portal.web.forms import as_typed, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, url

PER_PAGE = 50


@get(
    "/devices/mine/{device_id:uuid}/move/{move:str}",
    name="catalog.move",
    guards=[allow(DEVICE_VIEW_OWN)],
)
async def ask_move(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], move: FromPath[str]
) -> Template:
    """Ask before a step that takes a device out of the catalogue, or that needs a reason."""
    one = await own_record(request, device_id)
    return _ask(request, one, _move(move), "", "")


def _move(text: str) -> Move:
    try:
        return Move(text)
    except ValueError:
        raise MoveNotAllowed from None


def _ask(
    request: Request[Any, Any, Any], one: Device, move: Move, reason: str, error: str
) -> Template:
    if move not in moves_for(actor_of(request), one):
        raise MoveNotAllowed
    check = url(request, "catalog.step", device_id=one.id, step=Step.CHECK.value)
    return page(
        request,
        "catalog/own/move.html",
        status_code=422 if error else 200,
        title=_(MOVES[move]),
        breadcrumbs=under_own(request, (one.name or one.reference, check), (_(MOVES[move]), "")),
        device=one,
        move=move,
        consequences=[_(text) for text in CONSEQUENCES.get(move, ())],
        needs_reason=move in NEEDS_REASON,
        typed={"reason": reason},
        errors={"reason": error} if error else {},
        back=check,
    )


@post(
    "/devices/mine/{device_id:uuid}/move",
    name="catalog.move.post",
    guards=[allow(DEVICE_VIEW_OWN)],
)
async def do_move(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Do one step in the life of a record."""
    one = await own_record(request, device_id)
    form, _errors = read(MoveForm, as_typed((await request.form()).multi_items()))
    if form is None:
        raise MoveNotAllowed
    actor = require(request, WHO[form.move], one)
    try:
        await move_device(
            one.id, form.move, actor=actor, reason=form.reason, version=form.version or None
        )
    except ReasonMissing as error:
        return _ask(request, one, form.move, form.reason, error.text())
    except NotReady as error:
        return await step_page(request, one, Step.CHECK, {}, {"": error.text()}, status_code=409)
    if WHO[form.move] is DEVICE_REVIEW and form.move in {Move.PUBLISH, Move.SEND_BACK}:
        return see_other(request, "catalog.review")
    return see_other(request, "catalog.step", device_id=one.id, step=Step.CHECK.value)


@get("/devices/review", name="catalog.review", guards=[allow(DEVICE_REVIEW)])
async def review(
    request: Request[Any, Any, Any],
    number: Annotated[int, QueryParameter(name="page", ge=1, le=10_000)] = 1,
) -> Template:
    """List the records that wait for a decision, and the suspended ones."""
    total = await lists.waiting_count()
    return page(
        request,
        "catalog/own/review.html",
        title=_("Devices to review"),
        lead=_("Records that suppliers submitted; those that wait longest come first."),
        labels=labels,
        devices=await lists.waiting(limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        suspended=await lists.suspended(),
        total=total,
        page_number=number,
        pages=-(-total // PER_PAGE),
    )
