"""Members of an organisation and the invitations that bring them in."""

from datetime import datetime
from uuid import UUID, uuid4

from portal import database
from portal.accounts.actions.registration import NewPerson, insert_person
from portal.accounts.errors import (
    AlreadyMember,
    InvitationForAnother,
    InvitationSpent,
    LastAdmin,
    PersonNotFound,
)
from portal.accounts.links import INVITED_FOR, invitation_link
from portal.accounts.passwords import hashed
from portal.accounts.queries.organisations import OrganisationDetail, organisation
from portal.accounts.rules import loses_last_admin
from portal.accounts.sealing import digest, new_token
from portal.accounts.tables import MembershipRow, Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor, Role


async def change_role(
    organisation_id: UUID, person_id: UUID, role: Role | None, *, actor: Actor
) -> None:
    """Give a member another role, or end the membership when ``role`` is ``None``.

    Raises:
        PersonNotFound: this person is not a member.
        LastAdmin: nobody would administer the organisation any more.
    """
    async with database.transaction():
        # Two administrators who leave at the same moment wait for each other here.
        await database.fetch(
            "SELECT id FROM organisation WHERE id = $1 FOR UPDATE", organisation_id
        )
        rows = await database.fetch(
            "SELECT person, role FROM membership WHERE organisation = $1", organisation_id
        )
        roles = [(row["person"], Role(row["role"])) for row in rows]
        if person_id not in dict(roles):
            raise PersonNotFound
        if loses_last_admin(roles, person_id, role):
            raise LastAdmin
        await _write_role(organisation_id, person_id, role)
        await record(
            "membership.ended" if role is None else "membership.changed",
            subject=("person", person_id),
            actor=actor,
            organisation_id=organisation_id,
            before=dict(roles)[person_id],
            role=role,
        )


async def _write_role(organisation_id: UUID, person_id: UUID, role: Role | None) -> None:
    where = (MembershipRow.organisation == organisation_id) & (MembershipRow.person == person_id)
    if role is None:
        await MembershipRow.delete().where(where)
    else:
        await MembershipRow.update({MembershipRow.role: role.value}).where(where)


async def invite(
    organisation_id: UUID, email: str, role: Role, *, language: str, actor: Actor, now: datetime
) -> UUID:
    """Invite an address; an open invitation to the same address is replaced.

    Raises:
        OrganisationNotFound: there is none with this id.
        AlreadyMember: the address belongs to a member.
    """
    invitation_id, token = uuid4(), new_token()
    async with database.transaction():
        found = await organisation(organisation_id)
        await database.fetch(
            "SELECT id FROM organisation WHERE id = $1 FOR UPDATE", organisation_id
        )
        if await _is_member(organisation_id, email):
            raise AlreadyMember
        await database.fetch(
            """UPDATE invitation SET revoked_at = $3 WHERE organisation = $1 AND email = $2
               AND accepted_at IS NULL AND revoked_at IS NULL""",
            organisation_id,
            email,
            now,
        )
        await database.fetch(
            """INSERT INTO invitation (id, organisation, email, role, language, digest, invited_by,
                                       expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
            invitation_id,
            organisation_id,
            email,
            role.value,
            language,
            digest(token),
            actor.person_id,
            now + INVITED_FOR,
        )
        await _send(found, email, language, token, actor)
        await _noted("invitation.sent", invitation_id, organisation_id, actor, role=role)
    return invitation_id


async def resend_invitation(
    organisation_id: UUID, invitation_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Send an open invitation again with a new link; the old link ends.

    Raises:
        InvitationSpent: it was accepted or revoked, or belongs to another organisation.
    """
    token = new_token()
    async with database.transaction():
        rows = await database.fetch(
            """UPDATE invitation SET digest = $3, expires_at = $4
               WHERE id = $1 AND organisation = $2 AND accepted_at IS NULL AND revoked_at IS NULL
               RETURNING email, language""",
            invitation_id,
            organisation_id,
            digest(token),
            now + INVITED_FOR,
        )
        if not rows:
            raise InvitationSpent
        found = await organisation(organisation_id)
        await _send(found, rows[0]["email"], rows[0]["language"], token, actor)
        await _noted("invitation.resent", invitation_id, organisation_id, actor)


async def revoke_invitation(
    organisation_id: UUID, invitation_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Withdraw an open invitation.

    Raises:
        InvitationSpent: it was accepted or revoked, or belongs to another organisation.
    """
    async with database.transaction():
        rows = await database.fetch(
            """UPDATE invitation SET revoked_at = $3
               WHERE id = $1 AND organisation = $2 AND accepted_at IS NULL AND revoked_at IS NULL
               RETURNING id""",
            invitation_id,
            organisation_id,
            now,
        )
        if not rows:
            raise InvitationSpent
        await _noted("invitation.revoked", invitation_id, organisation_id, actor)


async def accept_invitation(token: str, *, actor: Actor, now: datetime) -> UUID:
    """Join as somebody who has an account; return the organisation.

    Raises:
        InvitationSpent: the invitation cannot be used.
        InvitationForAnother: it was sent to another address.
    """
    assert actor.person_id is not None
    async with database.transaction():
        invitation = await _spend(token, now)
        person = await Person.objects().get(Person.id == actor.person_id)
        if person is None or person.email != invitation["email"]:
            raise InvitationForAnother
        await _join(invitation, actor.person_id)
    return UUID(str(invitation["organisation"]))


async def join_by_invitation(token: str, new: NewPerson, *, now: datetime) -> UUID:
    """Register with an invitation: its link proves the address; return the new person.

    Raises:
        InvitationSpent: the invitation cannot be used.
        InvitationForAnother: the address has an account by now: sign in and accept.
    """
    password_hash = await hashed(new.password)
    async with database.transaction():
        invitation = await _spend(token, now)
        invited = NewPerson(str(invitation["email"]), new.name, new.language, "")
        person_id = await insert_person(invited, password_hash, confirmed_at=now)
        if person_id is None:
            raise InvitationForAnother
        await _join(invitation, person_id)
    return person_id


async def _spend(token: str, now: datetime) -> dict[str, object]:
    """Use the invitation up: of two who press at once, one gets it."""
    rows = await database.fetch(
        """UPDATE invitation SET accepted_at = $2
           WHERE digest = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2
           RETURNING id, organisation, email, role""",
        digest(token),
        now,
    )
    if not rows:
        raise InvitationSpent
    return dict(rows[0])


async def _join(invitation: dict[str, object], person_id: UUID) -> None:
    organisation_id = UUID(str(invitation["organisation"]))
    joined = await database.fetch(
        """INSERT INTO membership (id, person, organisation, role) VALUES ($1, $2, $3, $4)
           ON CONFLICT (person, organisation) DO NOTHING RETURNING id""",
        uuid4(),
        person_id,
        organisation_id,
        invitation["role"],
    )
    if not joined:
        raise AlreadyMember
    await record(
        "membership.started",
        subject=("person", person_id),
        actor=Actor(person_id),
        organisation_id=organisation_id,
        role=invitation["role"],
        invitation=invitation["id"],
    )


async def _is_member(organisation_id: UUID, email: str) -> bool:
    rows = await database.fetch(
        """SELECT 1 FROM membership m JOIN person p ON p.id = m.person
           WHERE m.organisation = $1 AND p.email = $2""",
        organisation_id,
        email,
    )
    return bool(rows)


async def _send(
    found: OrganisationDetail, email: str, language: str, token: str, actor: Actor
) -> None:
    await notify(
        email,
        template="accounts/mail/invitation",
        language=language,
        organisation=found.name_fr,
        invited_by=actor.name,
        link=invitation_link(token, language),
        days=INVITED_FOR.days,
    )


async def _noted(
    event: str, invitation_id: UUID, organisation_id: UUID, actor: Actor, **details: object
) -> None:
    await record(
        event,
        subject=("invitation", invitation_id),
        actor=actor,
        organisation_id=organisation_id,
        **details,
    )
