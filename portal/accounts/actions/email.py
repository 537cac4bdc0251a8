"""Changing one's e-mail address: asked for here, confirmed at the new one, undone from the old."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from portal import database
from portal.accounts.actions.keys import revoke_all_keys
from portal.accounts.actions.links import make_link
from portal.accounts.actions.registration import hold_addresses, is_held_for_another
from portal.accounts.actions.sign_in import check_code
from portal.accounts.errors import AddressTaken, LinkSpent, SameAddress, WrongCredentials
from portal.accounts.links import (
    CHANGE_EMAIL_FOR,
    RESET_FOR,
    UNDO_EMAIL_FOR,
    email_link,
    undo_email_link,
)
from portal.accounts.passwords import matches
from portal.accounts.sealing import digest, new_token, undo_token
from portal.accounts.tables import EmailChange, Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor


async def ask_email_change(
    person_id: UUID, new_email: str, password: str, code: str, *, now: datetime
) -> None:
    """Write to the new address a link to confirm, and to the present one a way out.

    Whether the new address belongs to an account is not said here: its owner is told by mail.

    Raises:
        WrongCredentials: the password is wrong.
        WrongCode: the second factor is on, and the code is wrong or spent.
        SameAddress: it is the present address.
    """
    person = await Person.objects().get(Person.id == person_id)
    if person is None or not await matches(person.password_hash, password):
        raise WrongCredentials
    if person.email == new_email:
        raise SameAddress
    if person.totp_secret is not None:
        await check_code(person_id, code, now=now)
    await _ask(person, new_email, now)


async def _ask(person: Person, new_email: str, now: datetime) -> None:
    async with database.transaction():
        await _lock(person.id)
        await end_open_changes(person.id)
        change_id, token = uuid4(), new_token()
        await EmailChange.insert(
            EmailChange(
                id=change_id,
                person=person.id,
                old_email=person.email,
                new_email=new_email,
                confirm_digest=digest(token),
                undo_digest=digest(undo_token(change_id)),
                asked_at=now,
                expires_at=now + CHANGE_EMAIL_FOR,
                undo_until=now + UNDO_EMAIL_FOR,
            )
        )
        subject = ("person", person.id)
        await record("person.email_change_asked", subject=subject, actor=Actor(person.id))
        await _ask_new(person, new_email, token)
        await _tell_old("email_change", change_id, person.email, person, hide(new_email))


def hide(email: str) -> str:
    """Return an address as far as somebody who knows it recognises it."""
    local, _, host = email.partition("@")
    return f"{local[:1]}…@{host}"


async def _ask_new(person: Person, new_email: str, token: str) -> None:
    """Send the link; the owner of an address that has an account reads that instead."""
    owner = await Person.objects().where(Person.email == new_email).first()
    if owner is not None:
        await notify(
            new_email,
            template="accounts/mail/email_taken",
            language=owner.language,
            name=owner.name,
        )
        return
    await notify(
        new_email,
        template="accounts/mail/email_confirm",
        language=person.language,
        name=person.name,
        link=email_link(token, person.language),
        days=CHANGE_EMAIL_FOR.days,
    )


async def _tell_old(
    template: str, change_id: UUID, old_email: str, person: Person, new_email: str
) -> None:
    await notify(
        old_email,
        template=f"accounts/mail/{template}",
        language=person.language,
        name=person.name,
        new_email=new_email,
        link=undo_email_link(undo_token(change_id), person.language),
        days=UNDO_EMAIL_FOR.days,
    )


async def confirm_email_change(token: str, *, now: datetime) -> UUID:
    """Take the new address, and return whose it is; every session of theirs has to end.

    Raises:
        LinkSpent: the link cannot be used.
        AddressTaken: the address has belonged to another account since.
    """
    try:
        return await _confirm(token, now)
    except UniqueViolationError as error:
        raise AddressTaken from error


async def _confirm(token: str, now: datetime) -> UUID:
    async with database.transaction():
        change, person = await _open_change(
            "confirm_digest = $1 AND confirmed_at IS NULL AND expires_at > $2", token, now
        )
        if person.email != change.old_email:
            raise LinkSpent
        await hold_addresses(change.old_email, change.new_email)
        if await is_held_for_another(change.new_email, person.id):
            raise AddressTaken
        await Person.update({Person.email: change.new_email, Person.email_confirmed_at: now}).where(
            Person.id == person.id
        )
        until = now + UNDO_EMAIL_FOR
        await EmailChange.update(
            {EmailChange.confirmed_at: now, EmailChange.undo_until: until}
        ).where(EmailChange.id == change.id)
        await record("person.email_changed", subject=("person", person.id), actor=Actor(person.id))
        await _tell_old(
            "email_changed", change.id, change.old_email, person, hide(change.new_email)
        )
    return person.id


@dataclass(frozen=True)
class Undone:
    """An account that has its former address again, and the link to a new password."""

    person_id: UUID
    reset_token: str


async def undo_email_change(token: str, *, now: datetime) -> Undone:
    """Give the former address back to somebody who did not ask for another one.

    Whoever asked knew the password, so it ends too; the link to choose another comes with the
    answer. A second factor stays on.

    Raises:
        LinkSpent: the link cannot be used.
        AddressTaken: the address has belonged to another account since.
    """
    try:
        return await _undo(token, now)
    except UniqueViolationError as error:
        raise AddressTaken from error


async def _undo(token: str, now: datetime) -> Undone:
    async with database.transaction():
        change, person = await _open_change("undo_digest = $1 AND undo_until > $2", token, now)
        await hold_addresses(change.old_email)
        await Person.update({Person.email: change.old_email, Person.password_hash: ""}).where(
            Person.id == person.id
        )
        # Those asked for later too: whoever took the account may have moved it on. Not those
        # before: the way out of a second change would close the one their victim holds.
        await database.fetch(
            "UPDATE email_change SET ended_at = $2"
            " WHERE person = $1 AND ended_at IS NULL AND asked_at >= $3",
            person.id,
            now,
            change.asked_at,
        )
        await revoke_all_keys(person.id)
        await record(
            "person.email_change_undone", subject=("person", person.id), actor=Actor(person.id)
        )
        reset = await make_link(person.id, "reset", change.old_email, now=now, lasts=RESET_FOR)
    return Undone(person.id, reset)


async def _open_change(condition: str, token: str, now: datetime) -> tuple[EmailChange, Person]:
    """Lock and return the change of a link and its person; of two who press, one finds it."""
    rows = await database.fetch(
        f"SELECT id, person FROM email_change WHERE ended_at IS NULL AND {condition}",  # noqa: S608 - own words only
        digest(token),
        now,
    )
    if not rows:
        raise LinkSpent
    await _lock(rows[0]["person"])
    again = await database.fetch(
        f"SELECT id FROM email_change WHERE ended_at IS NULL AND {condition}",  # noqa: S608 - own words only
        digest(token),
        now,
    )
    change = await EmailChange.objects().get(EmailChange.id == rows[0]["id"]) if again else None
    person = await Person.objects().get(Person.id == rows[0]["person"])
    if change is None or person is None or person.erased_at is not None:
        raise LinkSpent
    return change, person


async def end_open_changes(person_id: UUID) -> None:
    """End the links to confirm that wait, as if they had never lasted; the ways out stay good."""
    await database.fetch(
        "UPDATE email_change SET expires_at = asked_at WHERE person = $1 AND confirmed_at IS NULL",
        person_id,
    )


async def _lock(person_id: UUID) -> None:
    await database.fetch("SELECT id FROM person WHERE id = $1 FOR UPDATE", person_id)
