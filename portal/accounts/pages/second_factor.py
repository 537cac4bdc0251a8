"""The second factor: switching it on with a telephone, off with the password, recovery codes."""

from typing import Any

from litestar import Request, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import second_factor as actions
from portal.accounts.errors import WrongCode, WrongCredentials
from portal.accounts.forms import CodeForm, PasswordForm
from portal.accounts.pages.account import me, trail
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.entering import CODE, check_limit, now, rotate
from portal.accounts.queries.people import person
from portal.accounts.second_factor import enrolment_address, qr_svg
from portal.permissions import SIGNED_IN, second_factor_duty
from portal.web.forms import read
from portal.web.guards import actor_of, allow
from portal.web.i18n import gettext as _
from portal.web.page import page


@get("/account/second-factor", name="accounts.second_factor", guards=[allow(SIGNED_IN)])
async def second_factor(request: Request[Any, Any, Any]) -> Template:
    """Show the QR code to scan, or how the second factor is used and switched off."""
    return await _show(request, {})


@post("/account/second-factor", name="accounts.second_factor.on", guards=[allow(SIGNED_IN)])
async def switch_on(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Switch it on after a right code, and show the recovery codes for the only time."""
    form, errors = read(CodeForm, data)
    if form is None:
        return await _show(request, errors)
    await check_limit(request, CODE, str(me(request)))
    try:
        codes = await actions.switch_on(me(request), form.code, now=now())
    except WrongCode:
        return await _show(
            request, {"code": _("This code is wrong. Wait for the next one and write it here.")}
        )
    response = _codes(request, codes)
    await rotate(request, response)
    return response


@post("/account/second-factor/off", name="accounts.second_factor.off", guards=[allow(SIGNED_IN)])
async def switch_off(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Switch it off, with the password."""
    form, errors = read(PasswordForm, data)
    if form is None:
        return await _show(request, errors)
    await check_limit(request, CODE, f"password {me(request)}")
    try:
        await actions.switch_off(me(request), form.password)
    except WrongCredentials:
        return await _show(request, {"password": _("This is not your present password.")})
    response = go(request, "accounts.second_factor", done="unprotected")
    await rotate(request, response)
    return response


@post("/account/second-factor/codes", name="accounts.recovery_codes", guards=[allow(SIGNED_IN)])
async def renew_codes(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template:
    """Make new recovery codes, with the password, and show them for the only time."""
    form, errors = read(PasswordForm, data)
    if form is None:
        return await _show(request, errors)
    await check_limit(request, CODE, f"password {me(request)}")
    try:
        return _codes(request, await actions.renew_recovery_codes(me(request), form.password))
    except WrongCredentials:
        return await _show(request, {"password": _("This is not your present password.")})


def _codes(request: Request[Any, Any, Any], codes: list[str]) -> Template:
    return page(
        request,
        "accounts/recovery_codes.html",
        title=_("Your recovery codes"),
        breadcrumbs=trail(request, _("Your recovery codes")),
        codes=codes,
    )


async def _show(request: Request[Any, Any, Any], errors: dict[str, str]) -> Template:
    known = await person(me(request))
    secret = "" if known.protected else await actions.pending_secret(known.id)
    address = enrolment_address(secret, known.email) if secret else ""
    return page(
        request,
        "accounts/second_factor.html",
        title=_("Second factor"),
        breadcrumbs=trail(request, _("Second factor")),
        person=known,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        address=address,
        qr=qr_svg(address, title=_("QR code for your application")) if address else "",
        errors=errors,
        done=done_in(request),
        has_duty=second_factor_duty(actor_of(request), None),
        must_protect=actor_of(request).must_protect,
        status_code=422 if errors else 200,
    )
