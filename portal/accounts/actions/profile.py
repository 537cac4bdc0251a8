"""One's own account: name, language, password."""

from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.actions.email import end_open_changes
from portal.accounts.actions.keys import revoke_all_keys
from portal.accounts.actions.links import make_link, spend_link
from portal.accounts.errors import WrongCredentials
from portal.accounts.links import RESET_FOR, reset_link
from portal.accounts.passwords import hashed, matches
from portal.accounts.tables import Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor


async def update_profile(person_id: UUID, *, name: str, language: str) -> None:
    """Change how a person is called and which language they read."""
    async with database.transaction():
        await Person.update({Person.name: name, Person.language: language}).where(
            Person.id == person_id
        )
        await record(
            "person.updated",
            subject=("person", person_id),
            actor=Actor(person_id),
            language=language,
        )


async def remember_language(person_id: UUID, language: str) -> None:
    """Keep the language a person chose."""
    await Person.update({Person.language: language}).where(Person.id == person_id)


async def change_password(person_id: UUID, *, old: str, new: str) -> None:
    """Replace the password of somebody who knows the present one.

    Raises:
        WrongCredentials: the present password is wrong.
    """
    person = await Person.objects().get(Person.id == person_id)
    if person is None or not await matches(person.password_hash, old):
        raise WrongCredentials
    await _set_password(person_id, await hashed(new), "person.password_changed")


async def ask_for_reset(email: str, *, now: datetime) -> None:
    """Send a link to choose a new password, if the address has an account; say nothing else."""
    async with database.transaction():
        person = await Person.objects().where(
            (Person.email == email) & Person.erased_at.is_null()
        ).first()  # fmt: skip
        if person is None:
            return
        token = await make_link(person.id, "reset", email, now=now, lasts=RESET_FOR)
        await record("person.reset_asked", subject=("person", person.id), actor=Actor())
        await notify(
            email,
            template="accounts/mail/reset",
            language=person.language,
            name=person.name,
            link=reset_link(token, person.language),
        )


async def reset_password(token: str, new: str, *, now: datetime) -> UUID:
    """Set the password with a link of a mail, which also proves the address; return whose it is.

    Raises:
        LinkSpent: the link cannot be used.
    """
    password_hash = await hashed(new)
    async with database.transaction():
        person_id = await spend_link(token, "reset", now)
        await database.fetch(
            "UPDATE person SET email_confirmed_at = coalesce(email_confirmed_at, $2) WHERE id = $1",
            person_id,
            now,
        )
        await _write_password(person_id, password_hash, "person.password_reset")
    return person_id


async def _set_password(person_id: UUID, password_hash: str, event: str) -> None:
    async with database.transaction():
        await _write_password(person_id, password_hash, event)


async def _write_password(person_id: UUID, password_hash: str, event: str) -> None:
    await Person.update({Person.password_hash: password_hash}).where(Person.id == person_id)
    # Whoever knew the former one may have asked for another address meanwhile, or made a key.
    await end_open_changes(person_id)
    await revoke_all_keys(person_id)
    await record(event, subject=("person", person_id), actor=Actor(person_id))
    person = await Person.objects().get(Person.id == person_id)
    assert person is not None
    await notify(
        person.email,
        template="accounts/mail/password_changed",
        language=person.language,
        name=person.name,
    )
