"""Registering devices: the list of one's own records, and each record page by page."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from catalog import labels
from catalog.access import DEVICE_EDIT, DEVICE_REGISTER, DEVICE_VIEW_OWN, SUPPLIERS
from catalog.actions.editing import register_device, save_step
from catalog.errors import DeviceChangedMeanwhile, DeviceNotFound, TooManyDrafts
from catalog.forms import NamesForm
from catalog.labels import STATES
from catalog.pages import facts
from catalog.pages.allowed import moves_for, sees_record
from catalog.pages.choices import FORMS, for_step
from catalog.pages.places import under_own
from catalog.pages.steps import step_links, step_title
from catalog.queries import lists, nomenclature
from catalog.queries.devices import completeness_of, device
from catalog.queries.records import Device
from catalog.rules.completeness import Step
from catalog.rules.editing import may_edit
from portal.permissions import Role, may
from portal.web.errors import UserError
from portal.web.forms import as_typed, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other

PER_PAGE = 50
ORDER = list(Step)


def own_organisations(request: Request[Any, Any, Any]) -> list[tuple[UUID, str]]:
    """Return the supplier organisations this person may register devices for."""
    return [
        (one.organisation_id, one.organisation_name)
        for one in actor_of(request).memberships
        if one.kinds & SUPPLIERS
        and one.role in {Role.EDITOR, Role.ADMIN}
        and one.suspended_at is None
    ]


@get("/devices/mine", name="catalog.own", guards=[allow(DEVICE_VIEW_OWN)])
async def own_devices(
    request: Request[Any, Any, Any],
    in_state: Annotated[str, QueryParameter(name="state", max_length=12)] = "",
    number: Annotated[int, QueryParameter(name="page", ge=1, le=10_000)] = 1,
) -> Template:
    """List the records of one's organisations with how complete each one is."""
    mine = [one.organisation_id for one in actor_of(request).memberships if one.kinds & SUPPLIERS]
    chosen = in_state if in_state in STATES else ""
    counts = await lists.counts_of(mine)
    total = counts[chosen] if chosen else sum(counts.values())
    found = await lists.devices_of(
        mine, state=chosen, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    return page(
        request,
        "catalog/own/list.html",
        title=_("My devices"),
        lead=_("Every record of your organisation: what is missing, what waits, what is public."),
        breadcrumbs=under_own(request)[:0],
        labels=labels,
        devices=found,
        counts=counts,
        registers=bool(own_organisations(request)),
        state=chosen,
        page_number=number,
        pages=-(-total // PER_PAGE),
    )


@get("/devices/new", name="catalog.register", guards=[allow(DEVICE_REGISTER)])
async def new_device(request: Request[Any, Any, Any]) -> Template:
    """Show the first page of a new record."""
    return _new(request, {}, {})


def _new(
    request: Request[Any, Any, Any], typed: dict[str, Any], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "catalog/own/new.html",
        status_code=422 if errors else 200,
        title=_("Register a device"),
        lead=_("Start with its names. Everything is kept as you go: leave and come back."),
        breadcrumbs=under_own(request, (_("Register a device"), "")),
        organisations=own_organisations(request),
        typed=typed,
        errors=errors,
    )


@post("/devices/new", name="catalog.register.post", guards=[allow(DEVICE_REGISTER)])
async def start_device(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Begin a record and go on with its second page."""
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(NamesForm, typed)
    mine = dict(own_organisations(request))
    chosen = str(typed.get("organisation") or next(iter(mine), ""))
    if chosen not in {str(one) for one in mine}:
        errors = {"organisation": _("Choose one of the answers in the list."), **errors}
    if form is None or errors:
        return _new(request, typed, errors)
    try:
        device_id = await register_device(UUID(chosen), form.columns(), actor=actor_of(request))
    except TooManyDrafts as error:
        return _new(request, typed, {"": error.text()})
    return see_other(request, "catalog.step", device_id=device_id, step=Step.PURPOSE.value)


async def own_record(request: Request[Any, Any, Any], device_id: UUID) -> Device:
    """Return a record to those who may see it before it is public.

    Raises:
        DeviceNotFound: there is none, or it is a draft of somebody else.
    """
    one = await device(device_id)
    if not sees_record(require(request, DEVICE_VIEW_OWN, one), one):
        raise DeviceNotFound
    return one


def step_of(text: str) -> Step:
    """Return the page of a record that an address names."""
    try:
        return Step(text)
    except ValueError:
        raise NotFoundException from None


@get(
    "/devices/mine/{device_id:uuid}/{step:str}",
    name="catalog.step",
    guards=[allow(DEVICE_VIEW_OWN)],
)
async def show_step(
    request: Request[Any, Any, Any],
    device_id: FromPath[UUID],
    step: FromPath[str],
    emdn: Annotated[str, QueryParameter(name="emdn", max_length=20)] = "",
) -> Template | Redirect:
    """Show one page of a record."""
    here = step_of(step)
    one = await own_record(request, device_id)
    if here is not Step.CHECK and not editable(request, one, here):
        return see_other(request, "catalog.step", device_id=one.id, step=Step.CHECK.value)
    typed = {"emdn_code": emdn} if emdn else {}
    return await step_page(request, one, here, typed, {})


def editable(request: Request[Any, Any, Any], one: Device, step: Step) -> bool:
    """Say whether this person may change this part of the record now."""
    return may(actor_of(request), DEVICE_EDIT, one) and may_edit(one.state, step)


async def step_page(
    request: Request[Any, Any, Any],
    one: Device,
    step: Step,
    typed: dict[str, Any],
    errors: dict[str, str],
    *,
    status_code: int = 200,
    **more: object,
) -> Template:
    """Render one page of a record with what was typed over what is saved."""
    found = await completeness_of(one)
    context: dict[str, Any] = {
        "title": step_title(request, one, step),
        "breadcrumbs": under_own(request, (one.name or one.reference, "")),
        "device": one,
        "step": step,
        "steps": step_links(request, one, found, step),
        "findings": found.at(step),
        "completeness": found,
        "errors": errors,
        "theirs": (),
        "announced": "",
        "allowed": moves_for(actor_of(request), one),
        "editable": lambda part: editable(request, one, Step(part)),
        **await for_step(one, step, typed),
        **more,
    }
    status = 422 if errors and status_code == 200 else status_code
    return page(request, f"catalog/own/{step.value}.html", status_code=status, **context)


@post(
    "/devices/mine/{device_id:uuid}/{step:str}",
    name="catalog.step.post",
    guards=[allow(DEVICE_EDIT)],
)
async def save(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], step: FromPath[str]
) -> Template | Redirect:
    """Save one page of a record and go on with the next one."""
    here = step_of(step)
    if here not in FORMS:
        raise NotFoundException
    one = await device(device_id)
    actor = require(request, DEVICE_EDIT, one)
    typed = as_typed((await request.form()).multi_items())
    if "find" in typed:
        return await step_page(request, one, here, typed, {})
    form, errors = read(FORMS[here], typed)
    if form is None:
        return await step_page(request, one, here, typed, errors)
    values = form.columns()
    if here is Step.CLASSIFICATION:
        code = values["emdn_code"]
        values["emdn_known"] = bool(code) and await nomenclature.term(code) is not None
    try:
        await save_step(one.id, here, values, version=form.version, actor=actor)
    except DeviceChangedMeanwhile as error:
        return await conflict(request, one.id, here, typed, values, error)
    return see_other(request, "catalog.step", device_id=one.id, step=after(typed, here).value)


def after(typed: dict[str, Any], step: Step) -> Step:
    """Return the page to go to: the next one, or the answers when the person came from there."""
    if typed.get("back_to") == Step.CHECK:
        return Step.CHECK
    return ORDER[ORDER.index(step) + 1]


async def conflict(
    request: Request[Any, Any, Any],
    device_id: UUID,
    step: Step,
    typed: dict[str, Any],
    values: dict[str, Any],
    error: UserError,
) -> Template:
    """Show what somebody else saved beside what was typed here; nothing is lost or overwritten."""
    present = await device(device_id)
    theirs = [
        (_(labels.FIELDS[name]), facts.in_words(name, getattr(present, name)))
        for name, value in values.items()
        if name in labels.FIELDS and _plain(getattr(present, name)) != _plain(value)
    ]
    return await step_page(
        request,
        present,
        step,
        {**typed, "version": str(present.version)},
        {"": error.text()},
        status_code=409,
        theirs=theirs,
    )


def _plain(value: object) -> object:
    """Return a value as it compares: the record holds tuples where a form gives lists."""
    return list(value) if isinstance(value, tuple) else value
