"""Organisations as their members see them: the facts, and changing them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.accounts.access import (
    MEMBERS_INVITE,
    MEMBERS_MANAGE,
    ORGANISATION_EDIT,
    ORGANISATION_REGISTER,
    ORGANISATION_VIEW,
)
from portal.accounts.actions.organisations import update_organisation
from portal.accounts.actions.registration import register_organisation
from portal.accounts.forms import OrganisationForm
from portal.accounts.identifiers import Doubt, read_ice
from portal.accounts.naming import KINDS, ROLES, STATES
from portal.accounts.pages.done import done_in, go
from portal.accounts.pages.registration import organisation_choices, place_errors
from portal.accounts.queries.organisations import OrganisationDetail, organisation, successions
from portal.accounts.queries.people import invitations_of, members_of
from portal.accounts.states import OrganisationState
from portal.permissions import may
from portal.web.forms import as_typed, chosen, read
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page, url

DOUBTS = {
    Doubt.LENGTH: lazy("An ICE has 15 digits; this one has another length."),
    Doubt.DIGITS: lazy("An ICE has digits only."),
    Doubt.CONTROL: lazy("The last two digits of this ICE do not fit the others."),
    Doubt.EMPTY_ENTERPRISE: lazy("The first nine digits of this ICE are all zero."),
}


def ice_doubt(one: OrganisationDetail) -> str:
    """Return the msgid of what is doubtful about the ICE; nothing when it looks right."""
    doubt = read_ice(one.ice).doubt if one.ice else None
    return DOUBTS[doubt] if doubt else ""


@get("/organisations/new", name="accounts.organisation.new", guards=[allow(ORGANISATION_REGISTER)])
async def new_page(request: Request[Any, Any, Any]) -> Template:
    """Show the form to register one more organisation."""
    return await _form(request, None, {}, {})


@post(
    "/organisations/new", name="accounts.organisation.create", guards=[allow(ORGANISATION_REGISTER)]
)
async def create(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Register one more organisation, administered by who registers it."""
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(OrganisationForm, typed)
    errors = await place_errors(form) if form else errors
    if form is None or errors:
        return await _form(request, None, typed, errors)
    organisation_id = await register_organisation(form.columns(), actor=actor_of(request))
    return go(request, "accounts.organisation", done="registered", organisation_id=organisation_id)


@get(
    "/organisations/{organisation_id:uuid}",
    name="accounts.organisation",
    guards=[allow(ORGANISATION_VIEW)],
)
async def show(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Show an organisation to its members and to those who verify."""
    one = await organisation(organisation_id)
    actor = require(request, ORGANISATION_VIEW, one)
    manages = may(actor, MEMBERS_MANAGE, one)
    return page(
        request,
        "accounts/organisation.html",
        title=one.name,
        breadcrumbs=[(_("My account"), url(request, "accounts.account")), (one.name, "")],
        organisation=one,
        ice_doubt=ice_doubt(one),
        members=await members_of(one.id),
        invitations=await invitations_of(one.id) if manages else [],
        successions=await successions(one.id),
        manages=manages,
        invites=may(actor, MEMBERS_INVITE, one),
        edits=may(actor, ORGANISATION_EDIT, one),
        is_member=any(m.organisation_id == one.id for m in actor.memberships),
        kinds=KINDS,
        roles=ROLES,
        states=STATES,
        done=done_in(request),
    )


@get(
    "/organisations/{organisation_id:uuid}/edit",
    name="accounts.organisation.edit",
    guards=[allow(ORGANISATION_EDIT)],
)
async def edit_page(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Show the form with what the organisation said before."""
    one = await organisation(organisation_id)
    require(request, ORGANISATION_EDIT, one)
    typed = asdict(one) | {"other_kinds": list(one.other_kinds)}
    return await _form(request, one, typed, {})


@post(
    "/organisations/{organisation_id:uuid}/edit",
    name="accounts.organisation.update",
    guards=[allow(ORGANISATION_EDIT)],
)
async def edit(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template | Redirect:
    """Change what the organisation says about itself."""
    one = await organisation(organisation_id)
    actor = require(request, ORGANISATION_EDIT, one)
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(OrganisationForm, typed)
    errors = await place_errors(form) if form else errors
    if form is None or errors:
        return await _form(request, one, typed, errors)
    after = await update_organisation(one.id, form.columns(), actor=actor)
    waits_again = after != one.state and after == OrganisationState.REGISTERED
    return go(
        request,
        "accounts.organisation",
        done="again" if waits_again else "saved",
        organisation_id=one.id,
    )


async def _form(
    request: Request[Any, Any, Any],
    one: OrganisationDetail | None,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    title = _("Register an organisation") if one is None else _("Change the organisation")
    above = (
        (_("My account"), url(request, "accounts.account"))
        if one is None
        else (one.name, url(request, "accounts.organisation", organisation_id=one.id))
    )
    return page(
        request,
        "accounts/organisation_form.html",
        title=title,
        breadcrumbs=[above, (title, "")],
        organisation=one,
        typed=typed,
        errors=errors,
        chosen_kinds=chosen(typed, "other_kinds"),
        status_code=422 if errors else 200,
        **await organisation_choices(),
    )
