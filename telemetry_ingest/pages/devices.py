"""Enrolling devices of a pilot, the token that is shown once, renewing and revoking it."""

import json
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from catalog.queries.devices import device
from portal.accounts.second_factor import qr_svg
from portal.permissions import Action, Actor
from portal.settings import get_settings
from portal.web.errors import UserError
from portal.web.forms import as_typed, read
from portal.web.guards import allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import VARY, page, see_other, url
from telemetry_ingest.access import PILOT_RUN, TOKEN_REVOKE
from telemetry_ingest.actions.devices import OPEN, Issued, Unit, enrol, revoke, rotate
from telemetry_ingest.errors import (
    EnrolmentClosed,
    NoReferenceAgreed,
    PilotDeviceNotFound,
    SerialTaken,
    TokenChangedMeanwhile,
    TooManyDevices,
    VariantNotOfDevice,
)
from telemetry_ingest.forms import TokenForm, UnitForm
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.places import https_address, mqtt_address
from telemetry_ingest.queries.pilots import PilotDeviceView, PilotView, pilot_device
from telemetry_ingest.states import Topic
from telemetry_ingest.wire.subjects import topic_of

ENROL = lazy("Enrol a device")
RENEW = lazy("Give a new token")
REVOKE = lazy("Revoke the token")
FIELDS: dict[type[UserError], str] = {
    SerialTaken: "serial",
    VariantNotOfDevice: "variant",
    NoReferenceAgreed: "is_reference",
    TooManyDevices: "",
}


async def _own(
    request: Request[Any, Any, Any], pilot_id: UUID, action: Action = PILOT_RUN
) -> tuple[PilotView, Actor]:
    one = await shown_pilot(request, pilot_id)
    return one, require(request, action, one)


@get("/pilots/{pilot_id:uuid}/devices/new", name="pilots.enrol", guards=[allow(PILOT_RUN)])
async def ask_enrol(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Ask which physical unit it is."""
    one, _actor = await _own(request, pilot_id)
    if one.state not in OPEN:
        raise EnrolmentClosed
    return await _form(request, one, {}, {})


async def _form(
    request: Request[Any, Any, Any],
    one: PilotView,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    model = await device(one.device_id)
    return page(
        request,
        "pilots/enrol.html",
        status_code=422 if errors else 200,
        title=_(ENROL),
        lead=_("One physical unit, as its label says. It gets a token with which it sends."),
        breadcrumbs=under_pilot(request, one, _(ENROL)),
        pilot=one,
        variants=[(each.id, each.name or each.reference) for each in model.variants],
        typed=typed,
        errors=errors,
        back=url(request, "pilots.one", pilot_id=one.id),
    )


@post("/pilots/{pilot_id:uuid}/devices/new", name="pilots.enrol.post", guards=[allow(PILOT_RUN)])
async def do_enrol(request: Request[Any, Any, Any], pilot_id: FromPath[UUID]) -> Template:
    """Enrol a device and show its token, this once."""
    one, actor = await _own(request, pilot_id)
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(UnitForm, typed)
    if form is None:
        return await _form(request, one, typed, errors)
    unit = Unit(form.serial, form.firmware, form.variant, form.is_reference)
    try:
        issued = await enrol(one.id, unit, actor=actor)
    except (SerialTaken, VariantNotOfDevice, NoReferenceAgreed, TooManyDevices) as error:
        return await _form(request, one, typed, {FIELDS[type(error)]: error.text()})
    return _token(request, one, form.serial, issued)


def _token(
    request: Request[Any, Any, Any], one: PilotView, serial: str, issued: Issued
) -> Template:
    """Show a token; nothing on the way may keep this page."""
    settings = get_settings()
    said = {
        "mqtt": mqtt_address(settings),
        "mqtt5": settings.mqtt5_url or "",
        "https": https_address(settings),
        "device": issued.device_id.hex,
        "token": issued.token,
    }
    shown = page(
        request,
        "pilots/token.html",
        title=_("The token of %(serial)s", serial=serial),
        breadcrumbs=under_pilot(request, one, _("Token")),
        pilot=one,
        issued=issued,
        topics=[topic_of(issued.device_id, each) for each in Topic],
        mqtt_url=said["mqtt"],
        mqtt5_url=said["mqtt5"],
        ingest_url=said["https"],
        qr=qr_svg(
            json.dumps({name: text for name, text in said.items() if text}),
            title=_("QR code with the address, the device and its token"),
        ),
    )
    shown.headers = {**VARY, "Cache-Control": "no-store"}
    return shown


async def _unit(one: PilotView, unit_id: UUID) -> PilotDeviceView:
    unit = await pilot_device(unit_id)
    if unit is None or unit.pilot_id != one.id:
        raise PilotDeviceNotFound
    return unit


def _ask(
    request: Request[Any, Any, Any],
    one: PilotView,
    unit: PilotDeviceView,
    title: str,
    *,
    consequences: list[str],
    action: str,
) -> Template:
    return page(
        request,
        "pilots/unit.html",
        title=title,
        breadcrumbs=under_pilot(request, one, title),
        unit=unit,
        consequences=consequences,
        action=url(request, action, pilot_id=one.id, unit_id=unit.id),
        danger=action == "pilots.revoke.post",
        back=url(request, "pilots.one", pilot_id=one.id),
    )


@get(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/renew",
    name="pilots.renew",
    guards=[allow(PILOT_RUN)],
)
async def ask_renew(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], unit_id: FromPath[UUID]
) -> Template:
    """Ask before a device gets another token."""
    one, _actor = await _own(request, pilot_id)
    if one.state not in OPEN:
        raise EnrolmentClosed
    told = [
        _("The device sends nothing until it has the new token; the old one is refused at once."),
        _("What it sent so far stays, and it stays the same device."),
    ]
    unit = await _unit(one, unit_id)
    return _ask(request, one, unit, _(RENEW), consequences=told, action="pilots.renew.post")


@post(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/renew",
    name="pilots.renew.post",
    guards=[allow(PILOT_RUN)],
)
async def do_renew(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], unit_id: FromPath[UUID]
) -> Template:
    """Give a device another token and show it, this once."""
    one, actor = await _own(request, pilot_id)
    unit = await _unit(one, unit_id)
    number = await _token_number(request)
    issued = await rotate(unit.id, token_number=number, actor=actor)
    return _token(request, one, unit.serial, issued)


async def _token_number(request: Request[Any, Any, Any]) -> int:
    form, _errors = read(TokenForm, as_typed((await request.form()).multi_items()))
    if form is None:
        raise TokenChangedMeanwhile
    return form.token_number


@get(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/revoke",
    name="pilots.revoke",
    guards=[allow(TOKEN_REVOKE)],
)
async def ask_revoke(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], unit_id: FromPath[UUID]
) -> Template:
    """Ask before a device is refused."""
    one, _actor = await _own(request, pilot_id, TOKEN_REVOKE)
    told = [
        _("The device is disconnected within seconds and cannot send any more."),
        _("What it sent so far stays. A new token lets it in again."),
    ]
    unit = await _unit(one, unit_id)
    return _ask(request, one, unit, _(REVOKE), consequences=told, action="pilots.revoke.post")


@post(
    "/pilots/{pilot_id:uuid}/devices/{unit_id:uuid}/revoke",
    name="pilots.revoke.post",
    guards=[allow(TOKEN_REVOKE)],
)
async def do_revoke(
    request: Request[Any, Any, Any], pilot_id: FromPath[UUID], unit_id: FromPath[UUID]
) -> Redirect:
    """Refuse a device from now on."""
    one, actor = await _own(request, pilot_id, TOKEN_REVOKE)
    unit = await _unit(one, unit_id)
    await revoke(unit.id, token_number=await _token_number(request), actor=actor)
    return see_other(request, "pilots.one", pilot_id=one.id)


PAGES = (ask_enrol, do_enrol, ask_renew, do_renew, ask_revoke, do_revoke)
