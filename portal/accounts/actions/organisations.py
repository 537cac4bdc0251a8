"""Organisations: what they say about themselves, their verification, their succession."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from portal import database
from portal.accounts.errors import (
    ChangedMeanwhile,
    MoveRefused,
    NotYoursToDecide,
    ReasonMissing,
    SuccessionRefused,
)
from portal.accounts.links import organisation_link
from portal.accounts.queries.organisations import (
    OrganisationDetail,
    acting_for,
    organisation,
)
from portal.accounts.queries.people import admins_of
from portal.accounts.rules import VERIFIED_COLUMNS, may_decide
from portal.accounts.states import MoveNotAllowed, OrganisationState, check_move
from portal.accounts.tables import Organisation
from portal.audit.actions import record
from portal.notifications.actions import inform, notify
from portal.package import load
from portal.permissions import Actor
from portal.settings import get_settings
from portal.web.i18n import lazy

DECISIONS = {
    OrganisationState.VERIFIED: "organisation.verified",
    OrganisationState.REFUSED: "organisation.refused",
    OrganisationState.SUSPENDED: "organisation.suspended",
}


async def update_organisation(
    organisation_id: UUID, values: dict[str, Any], *, actor: Actor
) -> OrganisationState:
    """Change what an organisation says about itself, and return its state after that.

    A change of what was verified, or of a refused organisation, asks for a new verification.

    Raises:
        OrganisationNotFound: there is none with this id.
    """
    async with database.transaction():
        await _lock(organisation_id)
        before = await organisation(organisation_id)
        changed = sorted(name for name, value in values.items() if _differs(before, name, value))
        if not changed:
            return before.state
        after = _state_after(before, changed)
        columns: dict[Any, Any] = dict(values)
        if after != before.state:
            columns |= {"state": after.value, "state_reason": ""}
            columns |= {"asked_again_at": datetime.now(UTC)}
        await Organisation.update(columns).where(Organisation.id == organisation_id)
        await record(
            "organisation.updated",
            subject=("organisation", organisation_id),
            actor=actor,
            organisation_id=organisation_id,
            changed=changed,
            state=after,
        )
        await tell_packages(organisation_id)
    return after


def _differs(before: OrganisationDetail, name: str, value: object) -> bool:
    old = getattr(before, name)
    return (list(old) if isinstance(old, tuple) else old) != value


def _state_after(before: OrganisationDetail, changed: list[str]) -> OrganisationState:
    asks_again = before.state == OrganisationState.REFUSED and changed
    shakes = before.state == OrganisationState.VERIFIED and set(changed) & set(VERIFIED_COLUMNS)
    return OrganisationState.REGISTERED if asks_again or shakes else before.state


async def decide(
    organisation_id: UUID,
    target: OrganisationState,
    *,
    actor: Actor,
    now: datetime,
    seen: str,
    reason: str = "",
) -> None:
    """Verify, refuse or suspend an organisation, and tell its administrators.

    When it is no longer what the decider had ``seen`` (its ``version``), nothing is done.

    Raises:
        OrganisationNotFound: there is none with this id.
        NotYoursToDecide: this actor may not decide about this organisation.
        ReasonMissing: a refusal or suspension without a reason.
        MoveRefused: the decision cannot follow the present state.
        ChangedMeanwhile: it is no longer what was seen.
    """
    async with database.transaction():
        await _lock(organisation_id)
        before = await organisation(organisation_id)
        if before.version != seen:
            raise ChangedMeanwhile
        _check_decision(before, target, actor, reason)
        await _move(before, target, actor, now, reason)
        await record(
            DECISIONS[target],
            subject=("organisation", organisation_id),
            actor=actor,
            organisation_id=organisation_id,
            before=before.state,
            reason=reason,
        )
        await tell_packages(organisation_id)
        await _tell_admins(before, target, reason)


def _check_decision(
    before: OrganisationDetail, target: OrganisationState, actor: Actor, reason: str
) -> None:
    if not may_decide(actor, before.id, before.kinds):
        raise NotYoursToDecide
    if target != OrganisationState.VERIFIED and not reason.strip():
        raise ReasonMissing
    try:
        check_move(before.state, target)
    except MoveNotAllowed as error:
        raise MoveRefused from error


async def _move(
    before: OrganisationDetail,
    target: OrganisationState,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """Write the state if nobody else did meanwhile."""
    verified = target == OrganisationState.VERIFIED
    moved = await database.fetch(
        """UPDATE organisation SET state = $3, state_reason = $4,
                  verified_at = CASE WHEN $5 THEN $6 ELSE verified_at END,
                  verified_by = CASE WHEN $5 THEN $7 ELSE verified_by END,
                  suspended_at = CASE WHEN $3::varchar = 'suspended' THEN $6::timestamptz END,
                  withdrawn_at = CASE WHEN $3::varchar = 'refused' AND verified_at IS NOT NULL
                                      THEN $6::timestamptz END
           WHERE id = $1 AND state = $2 RETURNING id""",
        before.id,
        before.state.value,
        target.value,
        reason.strip(),
        verified,
        now,
        actor.person_id,
    )
    if not moved:
        raise ChangedMeanwhile


# What the administrators read in the portal; the mail of the same state says more.
TOLD = {
    OrganisationState.VERIFIED: lazy("%(organisation)s is verified"),
    OrganisationState.REFUSED: lazy("%(organisation)s was not verified"),
    OrganisationState.SUSPENDED: lazy("%(organisation)s is suspended"),
}


async def _tell_admins(before: OrganisationDetail, target: OrganisationState, reason: str) -> None:
    for admin in await admins_of(before.id):
        await inform(
            admin.id,
            TOLD[target],
            route="accounts.organisation",
            path_values={"organisation_id": before.id},
            organisation=before.name_fr,
        )
        await notify(
            admin.email,
            template=f"accounts/mail/{target.value}",
            language=admin.language,
            organisation=before.name_fr,
            reason=reason.strip(),
            link=organisation_link(before.id, admin.language),
        )


async def record_succession(
    predecessor: UUID, successor: UUID, *, starts_on: date, source: str, actor: Actor
) -> UUID:
    """Note that from a day on one organisation acts in another's place.

    Raises:
        OrganisationNotFound: one of them does not exist.
        SuccessionRefused: it is noted already, or would close a circle.
    """
    succession_id = uuid4()
    async with database.transaction():
        await database.fetch("LOCK TABLE organisation_succession IN SHARE ROW EXCLUSIVE MODE")
        for one in (predecessor, successor):
            await organisation(one)
        if await acting_for(successor, date.max) == predecessor or predecessor == successor:
            raise SuccessionRefused
        inserted = await database.fetch(
            """INSERT INTO organisation_succession (id, predecessor, successor, starts_on, source)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (predecessor, successor) DO NOTHING
               RETURNING id""",
            succession_id,
            predecessor,
            successor,
            starts_on,
            source,
        )
        if not inserted:
            raise SuccessionRefused
        await record(
            "organisation.succeeded",
            subject=("organisation", predecessor),
            actor=actor,
            organisation_id=successor,
            successor=successor,
            starts_on=starts_on,
            source=source,
        )
    return succession_id


async def tell_packages(organisation_id: UUID) -> None:
    """Let the other packages follow a change, in its transaction (what they index, for example)."""
    for package in load(get_settings().packages):
        if package.organisation_changed:
            await package.organisation_changed(organisation_id)


async def _lock(organisation_id: UUID) -> None:
    await database.fetch("SELECT id FROM organisation WHERE id = $1 FOR UPDATE", organisation_id)
