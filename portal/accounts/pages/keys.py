"""One's access keys: the list, a new one that is shown once, revoking one."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.actions import keys as actions
from portal.accounts.errors import TooManyKeys, WrongCredentials
from portal.accounts.forms import KeyForm
from portal.accounts.keys import DAYS
from portal.accounts.pages.account import me, trail
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.entering import CODE, check_limit, now
from portal.accounts.queries.keys import keys_of
from portal.permissions import SIGNED_IN
from portal.settings import get_settings
from portal.web.forms import read
from portal.web.guards import allow
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext
from portal.web.page import VARY, page
from portal.web.programs import example_path

USUAL_DAYS = DAYS[1]


@get("/account/keys", name="accounts.keys", guards=[allow(SIGNED_IN)])
async def list_keys(request: Request[Any, Any, Any]) -> Template:
    """List one's keys, with the form for a new one."""
    return await _show(request, {"days": str(USUAL_DAYS)}, {})


@post("/account/keys", name="accounts.keys.post", guards=[allow(SIGNED_IN)])
async def make(request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]) -> Template:
    """Make a key, with the password, and show it for the only time."""
    form, errors = read(KeyForm, data)
    if form is None:
        return await _show(request, data, errors)
    await check_limit(request, CODE, f"password {me(request)}")
    wish = actions.Wish(form.name, form.purpose, int(form.days))
    try:
        key = await actions.make_key(me(request), wish, form.password, now=now())
    except WrongCredentials:
        return await _show(request, data, {"password": _("This is not your present password.")})
    except TooManyKeys as error:
        return await _show(request, data, {"": error.text()})
    return _made(request, form.name, key)


def _made(request: Request[Any, Any, Any], name: str, key: str) -> Template:
    """Show a key; nothing on the way may keep this page."""
    address = get_settings().base_url + example_path(request)
    shown = page(
        request,
        "accounts/key.html",
        title=_("Your new access key"),
        breadcrumbs=trail(request, _("Your new access key")),
        called=name,
        key=key,
        line=f'curl -H "Authorization: Bearer {key}" {address}',
    )
    shown.headers = {**VARY, "Cache-Control": "no-store"}
    return shown


@post("/account/keys/{key_id:uuid}/revoke", name="accounts.key.revoke", guards=[allow(SIGNED_IN)])
async def revoke(request: Request[Any, Any, Any], key_id: FromPath[UUID]) -> Redirect:
    """End one of one's keys."""
    await actions.revoke_key(me(request), key_id, now=now())
    return go(request, "accounts.keys", done="key_revoked")


async def _show(
    request: Request[Any, Any, Any], typed: dict[str, str], errors: dict[str, str]
) -> Template:
    title = _("Access keys")
    return page(
        request,
        "accounts/keys.html",
        title=title,
        lead=_("With a key of yours a program reads what you may read, and changes nothing."),
        breadcrumbs=trail(request, title),
        keys=await keys_of(me(request)),
        now=now(),
        lasting=[(days, ngettext("%(num)s day", "%(num)s days", days)) for days in DAYS],
        typed={name: typed.get(name, "") for name in ("name", "purpose", "days")},
        errors=errors,
        done=done_in(request),
        status_code=422 if errors else 200,
    )
