"""Signing in and out, and choosing a new password when the old one is forgotten."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import profile
from portal.accounts.actions import sign_in as actions
from portal.accounts.errors import LinkSpent, WrongCode, WrongCredentials
from portal.accounts.forms import CodeForm, EmailForm, NewPasswordForm, SignInForm
from portal.accounts.identity import session_of, sessions_of, take_cookie
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.entering import (
    ACCOUNT,
    CODE,
    check_limit,
    enter,
    next_page,
    now,
    remember_language,
    same_time,
)
from portal.accounts.queries.people import link_is_good, person
from portal.accounts.sessions import Session
from portal.web.forms import read
from portal.web.guards import actor_of, public
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.limits import strictly_limited
from portal.web.page import page, see_other, url

Next = Annotated[str, QueryParameter(name="next", max_length=2000)]


@get("/sign-in", name="accounts.sign_in", guards=[public])
async def sign_in_page(request: Request[Any, Any, Any], target: Next = "") -> Template | Redirect:
    """Show the form to sign in; somebody who is signed in goes on."""
    if actor_of(request).signed_in:
        return Redirect(next_page(target, language.get()))
    return _sign_in(request, {"next": target}, {})


@post("/sign-in", name="accounts.sign_in.post", guards=[public, strictly_limited])
async def sign_in(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Check address and password; then ask for the second factor, or go on."""
    form, errors = read(SignInForm, data)
    if form is None:
        return _sign_in(request, data, errors)
    await check_limit(request, ACCOUNT, form.email)
    try:
        known = await actions.check_password(form.email, form.password, now=now())
    except WrongCredentials as error:
        return _sign_in(request, data, {"email": error.text()})
    if not known.confirmed:
        return _unconfirmed(request, form.email)
    target = next_page(data.get("next"), known.language)
    if known.protected:
        waiting = f"{url(request, 'accounts.sign_in.code')}?{_query(target)}"
        return await enter(request, known.person_id, waiting, complete=False)
    await actions.note_sign_in(known.person_id, now=now(), factor="password")
    return await _go_on(request, known.person_id, target, known.language)


async def _go_on(
    request: Request[Any, Any, Any], person_id: Any, target: str, code: str
) -> Redirect:
    response = await enter(request, person_id, target)
    remember_language(response, code, secure=not request.app.state.settings.is_local)
    return response


def _query(target: str) -> str:
    return urlencode({"next": target})


def _sign_in(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/sign_in.html",
        title=_("Sign in"),
        typed=typed,
        errors=errors,
        done=done_in(request),
        status_code=422 if errors else 200,
    )


def _unconfirmed(request: Request[Any, Any, Any], email: str) -> Template:
    return page(
        request,
        "accounts/resend.html",
        title=_("Confirm your e-mail address"),
        typed={"email": email},
        errors={},
        waiting=True,
        status_code=403,
    )


def _waiting_session(request: Request[Any, Any, Any]) -> Session | None:
    session = session_of(request)
    return session if session is not None and not session.complete else None


@get("/sign-in/code", name="accounts.sign_in.code", guards=[public])
async def code_page(request: Request[Any, Any, Any], target: Next = "") -> Template | Redirect:
    """Ask for the code of the application."""
    if _waiting_session(request) is None:
        return see_other(request, "accounts.sign_in")
    return _code(request, {"next": target}, {})


@post("/sign-in/code", name="accounts.sign_in.code.post", guards=[public, strictly_limited])
async def code(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Check the code and complete the sign-in with a new session."""
    session = _waiting_session(request)
    if session is None:
        return see_other(request, "accounts.sign_in")
    form, errors = read(CodeForm, data)
    if form is None:
        return _code(request, data, errors)
    await check_limit(request, CODE, str(session.person_id))
    try:
        factor = await actions.check_code(session.person_id, form.code, now=now())
    except WrongCode as error:
        return _code(request, data, {"code": error.text()})
    await actions.note_sign_in(session.person_id, now=now(), factor=factor)
    known = await person(session.person_id)
    target = next_page(data.get("next"), known.language)
    return await _go_on(request, known.id, target, known.language)


def _code(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/code.html",
        title=_("Second factor"),
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )


@post("/sign-out", name="accounts.sign_out", guards=[public])
async def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    """End this browser's session."""
    session = session_of(request)
    if session is not None:
        await sessions_of(request).close(session.person_id, session.key)
    response = go(request, "accounts.sign_in", done="signed_out")
    take_cookie(request, response)
    return response


@get("/password/forgotten", name="accounts.forgotten", guards=[public])
async def forgotten_page(request: Request[Any, Any, Any]) -> Template:
    """Show the form to ask for a link to a new password."""
    return _forgotten(request, {}, {})


@post("/password/forgotten", name="accounts.forgotten.post", guards=[public, strictly_limited])
async def forgotten(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Send the link if the address has an account; the answer is the same if not."""
    form, errors = read(EmailForm, data)
    if form is None:
        return _forgotten(request, data, errors)
    async with same_time():
        await profile.ask_for_reset(form.email, now=now())
    return see_other(request, "accounts.registered")


def _forgotten(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/forgotten.html",
        title=_("Choose a new password"),
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )


@get("/password/new/{token:str}", name="accounts.reset", guards=[public])
async def reset_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """Show the form for the new password."""
    if not await link_is_good(token, "reset", now()):
        raise LinkSpent
    return _reset(request, {})


@post("/password/new/{token:str}", name="accounts.reset.post", guards=[public, strictly_limited])
async def reset(
    request: Request[Any, Any, Any], token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Set the new password and sign every browser out."""
    form, errors = read(NewPasswordForm, data)
    if form is None:
        return _reset(request, errors)
    person_id = await profile.reset_password(token, form.password, now=now())
    await sessions_of(request).close_all(person_id)
    return go(request, "accounts.sign_in", done="reset")


def _reset(request: Request[Any, Any, Any], errors: dict[str, str]) -> Template:
    return page(
        request,
        "accounts/reset.html",
        title=_("Choose a new password"),
        errors=errors,
        status_code=422 if errors else 200,
    )
