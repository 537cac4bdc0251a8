"""Law 09-08: the register of processing, and one's own data in one's own hands."""

from typing import Any

from litestar import Request, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Response, Template

from portal.accounts.actions.privacy import erase_me
from portal.accounts.errors import LastAdmin, WrongCredentials
from portal.accounts.forms import PasswordForm
from portal.accounts.identity import sessions_of, take_cookie
from portal.accounts.pages.account import me, trail
from portal.accounts.pages.done import go
from portal.accounts.pages.entering import CODE, check_limit, now
from portal.package import Package
from portal.permissions import SIGNED_IN
from portal.web.forms import read
from portal.web.guards import allow, public
from portal.web.i18n import gettext as _
from portal.web.page import page


def packages_of(request: Request[Any, Any, Any]) -> tuple[Package, ...]:
    """Return the packages of this deployment."""
    packages: tuple[Package, ...] = request.app.state.packages
    return packages


@get("/privacy/register", name="accounts.processing", guards=[public])
async def processing(request: Request[Any, Any, Any]) -> Template:
    """Show the register of processing, as the packages of this deployment describe it."""
    settings = request.app.state.settings
    return page(
        request,
        "accounts/processing.html",
        title=_("Register of processing"),
        lead=_("What this portal keeps about people, why, for how long, and what you can ask for."),
        entries=[kept for package in packages_of(request) for kept in package.personal_data],
        inactive_days=settings.inactive_account_days,
        audit_days=settings.audit_retention_days,
    )


async def everything_about(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return what every package keeps about the person who asks."""
    return {
        package.name: [await kept.export(me(request)) for kept in package.personal_data]
        for package in packages_of(request)
        if package.personal_data
    }


@get("/account/data", name="accounts.data", guards=[allow(SIGNED_IN)])
async def my_data(request: Request[Any, Any, Any]) -> Template:
    """Show everything the portal keeps about the person who asks."""
    return page(
        request,
        "accounts/data.html",
        title=_("My data"),
        breadcrumbs=trail(request, _("My data")),
        parts=[
            (kept, await kept.export(me(request)))
            for package in packages_of(request)
            for kept in package.personal_data
        ],
        coded=coded_values(packages_of(request)),
    )


def coded_values(packages: tuple[Package, ...]) -> dict[str, dict[str, str]]:
    """Return what the coded values of audit records mean: they name events of every package."""
    return {
        "event": {key: text for one in packages for key, text in one.events.items()},
        "subject_kind": {kind.kind: kind.word for one in packages for kind in one.audit_subjects},
    }


@get("/account/data.json", name="accounts.data.json", guards=[allow(SIGNED_IN)])
async def my_data_json(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Give the same as a file a program can read."""
    return Response(
        await everything_about(request),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="tajhiz-my-data.json"',
            "Cache-Control": "no-store",
        },
    )


@get("/account/erase", name="accounts.erase", guards=[allow(SIGNED_IN)])
async def erase_page(request: Request[Any, Any, Any]) -> Template:
    """Say what erasing means, and ask for the password."""
    return _erase(request, {})


@post("/account/erase", name="accounts.erase.post", guards=[allow(SIGNED_IN)])
async def erase(
    request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Erase one's own account and sign out everywhere."""
    form, errors = read(PasswordForm, data)
    if form is None:
        return _erase(request, errors)
    person_id = me(request)
    await check_limit(request, CODE, f"password {person_id}")
    try:
        await erase_me(person_id, form.password, now=now())
    except WrongCredentials:
        return _erase(request, {"password": _("This is not your present password.")})
    except LastAdmin as error:
        return _erase(request, {"": error.text()})
    await sessions_of(request).close_all(person_id)
    response = go(request, "accounts.sign_in", done="erased")
    take_cookie(request, response)
    return response


def _erase(request: Request[Any, Any, Any], errors: dict[str, str]) -> Template:
    return page(
        request,
        "accounts/erase.html",
        title=_("Erase my account"),
        breadcrumbs=trail(request, _("Erase my account")),
        errors=errors,
        status_code=422 if errors else 200,
    )
