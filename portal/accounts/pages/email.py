"""Changing one's e-mail address: the form, the link to confirm, and the way out."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts.actions import email as actions
from portal.accounts.errors import LinkSpent, SameAddress, WrongCode, WrongCredentials
from portal.accounts.forms import ChangeEmailForm
from portal.accounts.identity import session_of, sessions_of
from portal.accounts.pages.account import me, trail
from portal.accounts.pages.done import go
from portal.accounts.pages.entering import (
    CODE,
    EMAIL_CHANGES,
    check_limit,
    check_mails,
    now,
    rotate,
)
from portal.accounts.queries.people import email_change, person
from portal.permissions import SIGNED_IN
from portal.web.forms import read
from portal.web.guards import allow, public
from portal.web.i18n import gettext as _
from portal.web.limits import strictly_limited
from portal.web.page import page, url


@get("/account/email", name="accounts.email", guards=[allow(SIGNED_IN)])
async def change_page(request: Request[Any, Any, Any]) -> Template:
    """Show the form to change one's e-mail address."""
    return await _change(request, {}, {})


@post("/account/email", name="accounts.email.post", guards=[allow(SIGNED_IN)])
async def change(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Write to both addresses; nothing changes before the link is opened."""
    form, errors = read(ChangeEmailForm, data)
    if form is None:
        return await _change(request, data, errors)
    await check_limit(request, CODE, f"password {me(request)}")
    await check_mails(request, me(request), EMAIL_CHANGES)
    try:
        await actions.ask_email_change(me(request), form.email, form.password, form.code, now=now())
    except WrongCredentials:
        return await _change(request, data, {"password": _("This is not your present password.")})
    except WrongCode as error:
        return await _change(request, data, {"code": error.text()})
    except SameAddress as error:
        return await _change(request, data, {"email": error.text()})
    return go(request, "accounts.account", done="email_asked")


async def _change(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    title = _("Change your e-mail address")
    return page(
        request,
        "accounts/email.html",
        title=title,
        breadcrumbs=trail(request, title),
        person=await person(me(request)),
        typed={"email": typed.get("email", "")},
        errors=errors,
        status_code=422 if errors else 200,
    )


@get("/email/confirm/{token:str}", name="accounts.email.confirm", guards=[public])
async def confirm_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """Show one button: mail programs open links by themselves, and must not use them up."""
    found = await email_change(token, now())
    if found is None or found.is_undo:
        raise LinkSpent
    title = _("Confirm your new e-mail address")
    return page(request, "accounts/email_confirm.html", title=title, change=found)


@post(
    "/email/confirm/{token:str}",
    name="accounts.email.confirm.post",
    guards=[public, strictly_limited],
)
async def confirm(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect:
    """Take the new address; every browser but this one is signed out."""
    person_id = await actions.confirm_email_change(token, now=now())
    session = session_of(request)
    if session is not None and session.complete and session.person_id == person_id:
        response = go(request, "accounts.account", done="email")
        await rotate(request, response)
        return response
    await sessions_of(request).close_all(person_id)
    return go(request, "accounts.sign_in", done="email")


@get("/email/undo/{token:str}", name="accounts.email.undo", guards=[public])
async def undo_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """Say what the way out does, and show one button."""
    found = await email_change(token, now())
    if found is None or not found.is_undo:
        raise LinkSpent
    title = _("This was not me")
    return page(request, "accounts/email_undo.html", title=title, change=found)


@post("/email/undo/{token:str}", name="accounts.email.undo.post", guards=[public, strictly_limited])
async def undo(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect:
    """Give the former address back, sign everybody out, and go on to a new password."""
    undone = await actions.undo_email_change(token, now=now())
    await sessions_of(request).close_all(undone.person_id)
    target = url(request, "accounts.reset", token=undone.reset_token)
    return Redirect(target, status_code=HTTP_303_SEE_OTHER)
