"""One's own account: profile, password, browsers that are signed in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import profile
from portal.accounts.browsers import browser_name
from portal.accounts.errors import WrongCredentials
from portal.accounts.forms import ChangePasswordForm, ProfileForm
from portal.accounts.identity import session_of, sessions_of
from portal.accounts.naming import ROLES
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.entering import ACCOUNT, check_limit, now, remember_language, rotate
from portal.accounts.queries.people import person
from portal.permissions import SIGNED_IN
from portal.web.forms import read
from portal.web.guards import actor_of, allow
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.page import page, url


def me(request: Request[Any, Any, Any]) -> UUID:
    """Return the id of the person who is signed in; the guard let nobody else through."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    return person_id


def trail(request: Request[Any, Any, Any], title: str) -> list[tuple[str, str]]:
    """Return the breadcrumbs of a page below one's account."""
    return [(_("My account"), url(request, "accounts.account")), (title, "")]


@get("/account", name="accounts.account", guards=[allow(SIGNED_IN)])
async def account(request: Request[Any, Any, Any]) -> Template:
    """Show one's account."""
    return await _account(request, None, {})


@post("/account", name="accounts.account.post", guards=[allow(SIGNED_IN)])
async def update_account(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Change name and language."""
    form, errors = read(ProfileForm, data)
    if form is None:
        return await _account(request, data, errors)
    await profile.update_profile(me(request), name=form.name, language=form.language)
    language.set(form.language)
    response = go(request, "accounts.account", done="saved")
    remember_language(response, form.language, secure=not request.app.state.settings.is_local)
    return response


async def _account(
    request: Request[Any, Any, Any], typed: dict[str, str] | None, errors: dict[str, str]
) -> Template:
    known = await person(me(request))
    return page(
        request,
        "accounts/account.html",
        title=_("My account"),
        person=known,
        roles=ROLES,
        typed=typed if typed is not None else {"name": known.name, "language": known.language},
        errors=errors,
        done=done_in(request),
        status_code=422 if errors else 200,
    )


@get("/account/password", name="accounts.password", guards=[allow(SIGNED_IN)])
async def password_page(request: Request[Any, Any, Any]) -> Template:
    """Show the form to change one's password."""
    return _password(request, {})


@post("/account/password", name="accounts.password.post", guards=[allow(SIGNED_IN)])
async def change_password(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Change one's password; every other browser is signed out."""
    known = await person(me(request))
    form, errors = read(ChangePasswordForm, data | {"name": known.name, "email": known.email})
    if form is None:
        return _password(request, errors)
    await check_limit(request, ACCOUNT, known.email)
    try:
        await profile.change_password(known.id, old=form.old, new=form.password)
    except WrongCredentials:
        return _password(request, {"old": _("This is not your present password.")})
    response = go(request, "accounts.account", done="password")
    await rotate(request, response)
    return response


def _password(request: Request[Any, Any, Any], errors: dict[str, str]) -> Template:
    return page(
        request,
        "accounts/password.html",
        title=_("Change your password"),
        breadcrumbs=trail(request, _("Change your password")),
        errors=errors,
        status_code=422 if errors else 200,
    )


@get("/account/sessions", name="accounts.sessions", guards=[allow(SIGNED_IN)])
async def sessions(request: Request[Any, Any, Any]) -> Template:
    """List the browsers in which one is signed in."""
    present = session_of(request)
    rows = [
        {
            "key": one.key,
            "agent": browser_name(one.agent),
            "address": one.address,
            "opened_at": datetime.fromtimestamp(one.opened_at, UTC),
            "seen_at": datetime.fromtimestamp(one.seen_at, UTC),
            "is_this": present is not None and one.key == present.key,
        }
        for one in await sessions_of(request).all_of(me(request), now())
    ]
    return page(
        request,
        "accounts/sessions.html",
        title=_("Where you are signed in"),
        breadcrumbs=trail(request, _("Where you are signed in")),
        sessions=rows,
        done=done_in(request),
    )


@post("/account/sessions/others/end", name="accounts.sessions.end", guards=[allow(SIGNED_IN)])
async def end_others(request: Request[Any, Any, Any]) -> Redirect:
    """Sign out everywhere else, with a new session here."""
    response = go(request, "accounts.sessions", done="sessions")
    await rotate(request, response)
    return response


@post("/account/sessions/{key:str}/end", name="accounts.session.end", guards=[allow(SIGNED_IN)])
async def end_session(request: Request[Any, Any, Any], key: FromPath[str]) -> Redirect:
    """Sign one browser out; it is no error when it was gone already."""
    await sessions_of(request).close(me(request), key)
    return go(request, "accounts.sessions", done="session")
