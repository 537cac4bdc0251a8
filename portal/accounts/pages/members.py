"""Members of an organisation: roles, invitations, leaving."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from portal.accounts.access import MEMBERS_INVITE, MEMBERS_MANAGE, MEMBERSHIP_LEAVE
from portal.accounts.actions import members as actions
from portal.accounts.actions.registration import NewPerson
from portal.accounts.errors import AlreadyMember, PersonNotFound
from portal.accounts.forms import InvitationForm, JoinForm, RoleForm
from portal.accounts.naming import ROLES
from portal.accounts.pages.account import me
from portal.accounts.pages.done import go
from portal.accounts.pages.entering import check_mails, enter, now
from portal.accounts.queries.organisations import OrganisationDetail, organisation
from portal.accounts.queries.people import (
    InvitationDetail,
    MemberRow,
    invitation,
    members_of,
    person,
)
from portal.permissions import SIGNED_IN
from portal.web.forms import read
from portal.web.guards import actor_of, allow, public, require
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.limits import strictly_limited
from portal.web.page import page, url

MEMBER = "/organisations/{organisation_id:uuid}/members/{person_id:uuid}"
INVITATION = "/organisations/{organisation_id:uuid}/invitations/{invitation_id:uuid}"


@get(
    "/organisations/{organisation_id:uuid}/invite",
    name="accounts.invite",
    guards=[allow(MEMBERS_INVITE)],
)
async def invite_page(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Show the form to invite somebody."""
    one = await organisation(organisation_id)
    require(request, MEMBERS_INVITE, one)
    return _invite(request, one, {}, {})


@post(
    "/organisations/{organisation_id:uuid}/invite",
    name="accounts.invite.post",
    guards=[allow(MEMBERS_INVITE)],
)
async def invite(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Send an invitation."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERS_INVITE, one)
    form, errors = read(InvitationForm, data)
    if form is None:
        return _invite(request, one, data, errors)
    await check_mails(request, actor.person_id)
    try:
        await actions.invite(
            one.id, form.email, form.role, language=language.get(), actor=actor, now=now()
        )
    except AlreadyMember as error:
        return _invite(request, one, data, {"email": error.text()})
    return go(request, "accounts.organisation", done="invited", organisation_id=one.id)


def _invite(
    request: Request[Any, Any, Any],
    one: OrganisationDetail,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    return page(
        request,
        "accounts/invite.html",
        title=_("Invite somebody"),
        breadcrumbs=_trail(request, one, _("Invite somebody")),
        organisation=one,
        roles=ROLES,
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )


def _trail(
    request: Request[Any, Any, Any], one: OrganisationDetail, title: str
) -> list[tuple[str, str]]:
    return [
        (one.name, url(request, "accounts.organisation", organisation_id=one.id)),
        (title, ""),
    ]


@post(f"{INVITATION}/resend", name="accounts.invitation.resend", guards=[allow(MEMBERS_INVITE)])
async def resend(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[UUID],
    invitation_id: FromPath[UUID],
) -> Redirect:
    """Send an invitation again, with a new link."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERS_INVITE, one)
    await check_mails(request, actor.person_id)
    await actions.resend_invitation(one.id, invitation_id, actor=actor, now=now())
    return go(request, "accounts.organisation", done="resent", organisation_id=one.id)


@post(f"{INVITATION}/revoke", name="accounts.invitation.revoke", guards=[allow(MEMBERS_MANAGE)])
async def revoke(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[UUID],
    invitation_id: FromPath[UUID],
) -> Redirect:
    """Withdraw an invitation."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERS_MANAGE, one)
    await actions.revoke_invitation(one.id, invitation_id, actor=actor, now=now())
    return go(request, "accounts.organisation", done="revoked", organisation_id=one.id)


@get(MEMBER, name="accounts.member", guards=[allow(MEMBERS_MANAGE)])
async def member_page(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Template:
    """Show a member, with the forms to change the role and to remove them."""
    one = await organisation(organisation_id)
    require(request, MEMBERS_MANAGE, one)
    return _member(request, one, await _member_of(one.id, person_id), {})


async def _member_of(organisation_id: UUID, person_id: UUID) -> MemberRow:
    for row in await members_of(organisation_id):
        if row.person_id == person_id:
            return row
    raise PersonNotFound


@post(f"{MEMBER}/role", name="accounts.member.role", guards=[allow(MEMBERS_MANAGE)])
async def change_role(
    request: Request[Any, Any, Any],
    organisation_id: FromPath[UUID],
    person_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Give a member another role."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERS_MANAGE, one)
    form, errors = read(RoleForm, data)
    if form is None:
        return _member(request, one, await _member_of(one.id, person_id), errors)
    await actions.change_role(one.id, person_id, form.role, actor=actor)
    return go(request, "accounts.organisation", done="role", organisation_id=one.id)


@post(f"{MEMBER}/remove", name="accounts.member.remove", guards=[allow(MEMBERS_MANAGE)])
async def remove(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Redirect:
    """End a membership."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERS_MANAGE, one)
    await actions.change_role(one.id, person_id, None, actor=actor)
    if person_id == actor.person_id:
        return go(request, "accounts.account", done="left")
    return go(request, "accounts.organisation", done="removed", organisation_id=one.id)


@get(
    "/organisations/{organisation_id:uuid}/leave",
    name="accounts.leave",
    guards=[allow(MEMBERSHIP_LEAVE)],
)
async def leave_page(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Ask before one leaves an organisation."""
    one = await organisation(organisation_id)
    require(request, MEMBERSHIP_LEAVE, one)
    return page(
        request,
        "accounts/leave.html",
        title=_("Leave the organisation"),
        breadcrumbs=_trail(request, one, _("Leave the organisation")),
        organisation=one,
    )


@post(
    "/organisations/{organisation_id:uuid}/leave",
    name="accounts.leave.post",
    guards=[allow(MEMBERSHIP_LEAVE)],
)
async def leave(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Redirect:
    """End one's own membership."""
    one = await organisation(organisation_id)
    actor = require(request, MEMBERSHIP_LEAVE, one)
    await actions.change_role(one.id, me(request), None, actor=actor)
    return go(request, "accounts.account", done="left")


def _member(
    request: Request[Any, Any, Any],
    one: OrganisationDetail,
    row: MemberRow,
    errors: dict[str, str],
) -> Template:
    return page(
        request,
        "accounts/member.html",
        title=row.name,
        breadcrumbs=_trail(request, one, row.name),
        organisation=one,
        member=row,
        roles=ROLES,
        errors=errors,
        status_code=422 if errors else 200,
    )


@get("/invitations/{token:str}", name="accounts.invitation", guards=[public])
async def invitation_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """Show an invitation: join with one's account, or create one."""
    return await _invitation(request, await invitation(token, now()), {}, {})


@post(
    "/invitations/{token:str}/accept", name="accounts.invitation.accept", guards=[allow(SIGNED_IN)]
)
async def accept(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect:
    """Join as the person who is signed in."""
    organisation_id = await actions.accept_invitation(token, actor=actor_of(request), now=now())
    return go(request, "accounts.organisation", done="joined", organisation_id=organisation_id)


@post(
    "/invitations/{token:str}", name="accounts.invitation.join", guards=[public, strictly_limited]
)
async def join(
    request: Request[Any, Any, Any], token: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Create an account and join; the link of the mail proves the address."""
    invited = await invitation(token, now())
    form, errors = read(JoinForm, data | {"email": invited.email})
    if form is None:
        return await _invitation(request, invited, data, errors)
    new = NewPerson(invited.email, form.name, language.get(), form.password)
    person_id = await actions.join_by_invitation(token, new, now=now())
    target = url(request, "accounts.organisation", organisation_id=invited.organisation_id)
    return await enter(request, person_id, f"{target}?done=joined")


async def _invitation(
    request: Request[Any, Any, Any],
    invited: InvitationDetail,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    actor = actor_of(request)
    known = await person(actor.person_id) if actor.person_id else None
    return page(
        request,
        "accounts/invitation.html",
        title=_("Invitation"),
        invitation=invited,
        known=known,
        roles=ROLES,
        typed=typed,
        errors=errors,
        status_code=422 if errors else 200,
    )
