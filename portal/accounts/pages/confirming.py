"""The page of the link that confirms an address: it says what it confirms, and for whom."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import confirming as actions
from portal.accounts.errors import WrongPassword
from portal.accounts.forms import PasswordForm
from portal.accounts.pages.done import go
from portal.accounts.pages.entering import ACCOUNT, check_limit, now
from portal.accounts.queries.confirming import Registration, registration_of
from portal.web.forms import read
from portal.web.guards import public
from portal.web.i18n import gettext as _
from portal.web.limits import strictly_limited
from portal.web.page import page


@get("/confirm/{token:str}", name="accounts.confirm", guards=[public])
async def confirm_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """Say whose account would be confirmed; to look uses up nothing: mail programs do it too."""
    return _confirm(request, token, await registration_of(token, now()), {})


@post("/confirm/{token:str}", name="accounts.confirm.post", guards=[public, strictly_limited])
async def confirm(
    request: Request[Any, Any, Any], token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Confirm the address with the password of the registration, and go on to sign in."""
    waiting = await registration_of(token, now())
    form, errors = read(PasswordForm, data)
    if form is None:
        return _confirm(request, token, waiting, errors)
    await check_limit(request, ACCOUNT, waiting.email)
    try:
        await actions.confirm_email(token, form.password, now=now())
    except WrongPassword as error:
        return _confirm(request, token, waiting, {"password": error.text()})
    return go(request, "accounts.sign_in", done="confirmed")


@post("/confirm/{token:str}/not-me", name="accounts.disown.post", guards=[public])
async def disown(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect:
    """Erase what a stranger registered with this address."""
    await actions.disown(token, now=now())
    return go(request, "accounts.sign_in", done="disowned")


def _confirm(
    request: Request[Any, Any, Any], token: str, waiting: Registration, errors: dict[str, str]
) -> Template:
    return page(
        request,
        "accounts/confirm.html",
        title=_("Confirm your e-mail address"),
        token=token,
        waiting=waiting,
        errors=errors,
        status_code=422 if errors else 200,
    )
