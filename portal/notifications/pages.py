"""A person's notices, and the mailbox of a portal that runs on somebody's own machine."""

from pathlib import Path
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.notifications import actions, mailbox, queries
from portal.permissions import SIGNED_IN
from portal.settings import Settings
from portal.web.errors import NotFound
from portal.web.guards import actor_of, allow, public
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, url


@get("/notices", name="notifications.list", guards=[allow(SIGNED_IN)])
async def notices(request: Request[Any, Any, Any]) -> Template:
    """Show what happened that concerns this person."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    return page(
        request,
        "notifications/notices.html",
        title=_("Your notices"),
        breadcrumbs=[(_("Your notices"), "")],
        notices=await queries.notices(person_id),
    )


@post("/notices/read", name="notifications.read", guards=[allow(SIGNED_IN)])
async def read_notices(request: Request[Any, Any, Any]) -> Redirect:
    """Note that this person has seen them all."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    await actions.mark_read(person_id)
    return see_other(request, "notifications.list")


def mailbox_folder(settings: Settings) -> Path:
    """Return where the local mails are; a portal in production has no such page."""
    if not settings.is_local or settings.mailbox_dir is None:
        raise NotFound
    return settings.mailbox_dir


@get("/mailbox", name="notifications.mailbox", guards=[public], sync_to_thread=True)
def show_mailbox(request: Request[Any, Any, Any]) -> Template:
    """List the mails that this portal sent to anybody."""
    folder = mailbox_folder(request.app.state.settings)
    return page(
        request,
        "notifications/mailbox.html",
        part="notifications/_mailbox.html",
        title=_("Local mailbox"),
        lead=_("On your own machine no mail leaves; every message is kept here."),
        breadcrumbs=[(_("Local mailbox"), "")],
        letters=mailbox.letters(folder),
    )


@get("/mailbox/{letter:str}", name="notifications.letter", guards=[public], sync_to_thread=True)
def show_letter(request: Request[Any, Any, Any], letter: FromPath[str]) -> Template:
    """Show one mail as text; its links can be followed."""
    found = mailbox.letter(mailbox_folder(request.app.state.settings), letter)
    if found is None:
        raise NotFound
    return page(
        request,
        "notifications/letter.html",
        title=found.subject or _("Without a subject"),
        breadcrumbs=[(_("Local mailbox"), url(request, "notifications.mailbox"))],
        letter=found,
    )
