"""Which pilot an address means to a person, and for which of its sides they act."""

from typing import Any
from uuid import UUID

from litestar import Request

from portal.permissions import Action, Actor, OrganisationKind, Role, may
from portal.web.guards import actor_of
from portal.web.i18n import gettext as _
from portal.web.page import url
from telemetry_ingest.access import (
    PILOT_AGREE,
    PILOT_RUN,
    PILOT_VIEW,
    SIDES,
)
from telemetry_ingest.errors import PilotNotFound
from telemetry_ingest.queries.pilots import PilotView, pilot
from telemetry_ingest.states import Move

WHO: dict[Move, Action] = {
    Move.START: PILOT_RUN,
    Move.CLOSE: PILOT_RUN,
    Move.WITHDRAW: PILOT_AGREE,
}
ORDER = list(Role)


async def shown_pilot(request: Request[Any, Any, Any], pilot_id: UUID) -> PilotView:
    """Return a pilot to its two sides and the authorities.

    Raises:
        PilotNotFound: there is none, or that is nobody else's business.
    """
    one = await pilot(pilot_id)
    if one is None or not may(actor_of(request), PILOT_VIEW, one):
        raise PilotNotFound
    return one


def sides_of(actor: Actor, one: PilotView) -> list[UUID]:
    """Return the sides of this pilot that a person belongs to, where they may most first."""
    mine = [
        each for each in actor.memberships if each.organisation_id in (one.owner_id, one.host_id)
    ]
    mine.sort(key=lambda each: -ORDER.index(each.role))
    return [each.organisation_id for each in mine]


def side_to_agree(actor: Actor, one: PilotView) -> UUID | None:
    """Return the side for which this person can put its name to the protocol, if it is missing."""
    mine = _open_sides(actor, one)
    return next((side for side in mine if one.signer_of(one.other_side(side)) != actor.label), None)


def agreed_for_the_other(actor: Actor, one: PilotView) -> bool:
    """Say whether this person could agree, but has agreed for the other side: it takes two."""
    return bool(_open_sides(actor, one)) and side_to_agree(actor, one) is None


def _open_sides(actor: Actor, one: PilotView) -> list[UUID]:
    """Return the sides that have not agreed and of which this person is an administrator."""
    if not may(actor, PILOT_AGREE, one):
        return []
    admins = {each.organisation_id for each in actor.memberships if each.role is Role.ADMIN}
    return [side for side in sides_of(actor, one) if side in admins and not one.agreed_by(side)]


def acting_side(actor: Actor, one: PilotView, action: Action) -> UUID:
    """Return the side for which this person does something they may do."""
    if action is PILOT_RUN:
        return one.host_id
    return sides_of(actor, one)[0]


def own_organisations(actor: Actor) -> dict[UUID, str]:
    """Return the organisations for which this person may propose a pilot."""
    return {
        one.organisation_id: one.organisation_name
        for one in actor.memberships
        if one.kinds & SIDES
        and one.verified
        and not one.suspended_at
        and ORDER.index(one.role) >= ORDER.index(Role.EDITOR)
    }


def listed_organisations(actor: Actor) -> list[UUID] | None:
    """Return whose pilots this person sees; ``None`` means all, for authorities."""
    kinds = [one for one in actor.memberships if OrganisationKind.AUTHORITY in one.kinds]
    if any(one.verified for one in kinds):
        return None
    return [one.organisation_id for one in actor.memberships if one.kinds & SIDES]


def under_pilots(request: Request[Any, Any, Any], *last: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way to a page below the list of pilots."""
    return [(_("Pilots"), url(request, "pilots.list")), *last]


def under_pilot(
    request: Request[Any, Any, Any], one: PilotView, last: str
) -> list[tuple[str, str]]:
    """Return the way to a page below one pilot."""
    here = url(request, "pilots.one", pilot_id=one.id)
    return under_pilots(request, (one.protocol.title, here), (last, ""))
