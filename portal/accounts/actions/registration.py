"""Registering: a person, with an organisation or for one that invited them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from portal import database
from portal.accounts.actions.links import make_link
from portal.accounts.links import CONFIRM_FOR, confirm_link, sign_in_link
from portal.accounts.passwords import hashed
from portal.accounts.tables import MembershipRow, Organisation, Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor, Role


@dataclass(frozen=True)
class NewPerson:
    """What somebody says about themselves to register; ``email`` is lower case."""

    email: str
    name: str
    language: str
    password: str


async def register(
    new: NewPerson, organisation: dict[str, Any] | None, *, now: datetime
) -> UUID | None:
    """Register a person, and the organisation they administer; ask them to confirm by mail.

    When the address has an account already nothing changes but a mail that says so: the page
    answers the same, so that nobody learns who has an account.

    Returns:
        The id of the new person, or ``None`` when the address was taken.
    """
    password_hash = await hashed(new.password)
    async with database.transaction():
        person_id = await insert_person(new, password_hash)
        if person_id is None:
            await _tell_the_owner(new)
            return None
        if organisation is not None:
            await add_organisation(organisation, person_id)
        await _ask_to_confirm(person_id, new.email, new.language, new.name, now)
    return person_id


async def insert_person(
    new: NewPerson, password_hash: str, *, confirmed_at: datetime | None = None
) -> UUID | None:
    """Insert a person in the present transaction; ``None`` when the address is taken."""
    await hold_addresses(new.email)
    if await is_held_for_another(new.email, None):
        return None
    rows = await database.fetch(
        """INSERT INTO person (id, email, name, language, password_hash, email_confirmed_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING RETURNING id""",
        uuid4(),
        new.email,
        new.name,
        new.language,
        password_hash,
        confirmed_at,
    )
    if not rows:
        return None
    person_id = UUID(str(rows[0]["id"]))
    await record("person.registered", subject=("person", person_id), actor=Actor(person_id))
    return person_id


async def hold_addresses(*emails: str) -> None:
    """Let nobody else take these addresses before the present transaction ends."""
    for email in sorted(emails):
        await database.fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", email)


async def is_held_for_another(email: str, person_id: UUID | None) -> bool:
    """Say whether an address was given up so lately that its owner may still take it back.

    Otherwise whoever takes over an account could close the way back by registering the address.
    """
    rows = await database.fetch(
        """SELECT 1 FROM email_change
           WHERE old_email = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL
                 AND undo_until > now() AND person IS DISTINCT FROM $2 LIMIT 1""",
        email,
        person_id,
    )
    return bool(rows)


async def add_organisation(values: dict[str, Any], person_id: UUID) -> UUID:
    """Insert an organisation and its first administrator, in the present transaction."""
    organisation = Organisation(**values)
    await organisation.save()
    await MembershipRow.insert(
        MembershipRow(person=person_id, organisation=organisation.id, role=Role.ADMIN)
    )
    await record(
        "organisation.registered",
        subject=("organisation", organisation.id),
        actor=Actor(person_id),
        organisation_id=organisation.id,
        kind=organisation.kind,
        ice_doubtful=organisation.ice_doubtful,
    )
    return UUID(str(organisation.id))


async def register_organisation(values: dict[str, Any], *, actor: Actor) -> UUID:
    """Register one more organisation for somebody who is signed in."""
    assert actor.person_id is not None
    async with database.transaction():
        return await add_organisation(values, actor.person_id)


async def resend_confirmation(email: str, *, now: datetime) -> None:
    """Send the confirmation link again, if this address waits for one; say nothing otherwise."""
    async with database.transaction():
        person = await Person.objects().where(
            (Person.email == email)
            & Person.email_confirmed_at.is_null()
            & Person.erased_at.is_null()
        ).first()  # fmt: skip
        if person is not None:
            await _ask_to_confirm(person.id, email, person.language, person.name, now)


async def _ask_to_confirm(
    person_id: UUID, email: str, language: str, name: str, now: datetime
) -> None:
    token = await make_link(person_id, "confirm", email, now=now, lasts=CONFIRM_FOR)
    await notify(
        email,
        template="accounts/mail/confirm",
        language=language,
        name=name,
        link=confirm_link(token, language),
        days=CONFIRM_FOR.days,
    )


async def _tell_the_owner(new: NewPerson) -> None:
    owner = await Person.objects().where(Person.email == new.email).first()
    if owner is not None and owner.erased_at is None:
        await notify(
            owner.email,
            template="accounts/mail/known",
            language=owner.language,
            name=owner.name,
            link=sign_in_link(owner.language),
        )
    if owner is None:
        await notify(new.email, template="accounts/mail/email_held", language=new.language)
