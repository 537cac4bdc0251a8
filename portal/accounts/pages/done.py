"""What a page says at its top after a form was sent: a word in the address, a sentence here."""

from typing import Any

from litestar import Request
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.web.i18n import lazy
from portal.web.page import url

DONE = {
    "confirmed": lazy("Your e-mail address is confirmed. You can sign in now."),
    "disowned": lazy("The registration with your address is erased. You need do nothing else."),
    "saved": lazy("Your changes are saved."),
    "password": lazy("Your password is changed. All other browsers were signed out."),
    "reset": lazy("Your password is changed. Sign in with the new one."),
    "unprotected": lazy("The second factor is off."),
    "email_asked": lazy(
        "We wrote to the new address. Open the link in that mail; until then nothing changes."
    ),
    "email": lazy(
        "Your e-mail address is changed and all other browsers were signed out. Sign in with the "
        "new address from now on."
    ),
    "session": lazy("This browser was signed out."),
    "sessions": lazy("All other browsers were signed out."),
    "registered": lazy("Your organisation is registered. It will be verified soon."),
    "again": lazy(
        "Your changes are saved. Because they change what was verified, the organisation is "
        "waiting for verification again."
    ),
    "invited": lazy("The invitation is on its way."),
    "resent": lazy("The invitation was sent again. The earlier link no longer works."),
    "revoked": lazy("The invitation is withdrawn."),
    "key_revoked": lazy("The access key is revoked. Programs that use it are refused from now on."),
    "role": lazy("The role is changed."),
    "removed": lazy("The member was removed from the organisation."),
    "joined": lazy("Welcome. You are now a member of this organisation."),
    "verified": lazy("The organisation is verified. Its administrators were told by e-mail."),
    "refused": lazy("The organisation is refused. Its administrators were told the reason."),
    "suspended": lazy("The organisation is suspended. Its administrators were told the reason."),
    "succession": lazy("The succession is recorded."),
    "left": lazy("You are no longer a member of this organisation."),
    "erased": lazy("Your account is erased and you are signed out."),
    "signed_out": lazy("You are signed out."),
}


def done_in(request: Request[Any, Any, Any]) -> str:
    """Return the msgid of what was just done, or nothing."""
    return DONE.get(request.query_params.get("done", ""), "")


def go(request: Request[Any, Any, Any], name: str, *, done: str, **values: object) -> Redirect:
    """Go to a named page that says what was done."""
    return Redirect(f"{url(request, name, **values)}?done={done}", status_code=HTTP_303_SEE_OTHER)
