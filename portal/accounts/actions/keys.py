"""Making and revoking access keys, with which a person's programs read what the person may read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import database
from portal.accounts import keys
from portal.accounts.errors import KeyNotFound, TooManyKeys, WrongCredentials
from portal.accounts.passwords import matches
from portal.accounts.sealing import digest
from portal.accounts.tables import AccessKey, Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor


@dataclass(frozen=True)
class Wish:
    """What a key is to be called, what it is for, and how many days it lasts."""

    name: str
    purpose: str
    days: int


async def make_key(person_id: UUID, wish: Wish, password: str, *, now: datetime) -> str:
    """Make a key and return it; this is the only time anybody sees it.

    Raises:
        WrongCredentials: the password is wrong.
        TooManyKeys: as many open as may.
    """
    person = await Person.objects().get(Person.id == person_id)
    if person is None or not await matches(person.password_hash, password):
        raise WrongCredentials
    key = keys.new_key()
    async with database.transaction():
        await _lock(person, now)
        await AccessKey(
            person=person_id,
            name=wish.name,
            purpose=wish.purpose,
            digest=digest(key),
            made_at=now,
            ends_at=now + timedelta(days=wish.days),
        ).save()
        await _record("person.key_made", person_id, days=wish.days)
        await notify(
            person.email,
            template="accounts/mail/key_made",
            language=person.language,
            name=person.name,
            key=wish.name,
        )
    return key


async def _lock(person: Person, now: datetime) -> None:
    """Let nobody change the person meanwhile, and say whether one more key may be made.

    Raises:
        WrongCredentials: the password changed while it was compared.
        TooManyKeys: as many open as may.
    """
    locked = await database.fetch(
        "SELECT password_hash FROM person WHERE id = $1 FOR UPDATE", person.id
    )
    if not locked or locked[0]["password_hash"] != person.password_hash:
        raise WrongCredentials
    rows = await database.fetch(
        "SELECT count(*) AS n FROM access_key"
        " WHERE person = $1 AND revoked_at IS NULL AND ends_at > $2",
        person.id,
        now,
    )
    if rows[0]["n"] >= keys.MOST:
        raise TooManyKeys(most=keys.MOST)


async def revoke_key(person_id: UUID, key_id: UUID, *, now: datetime) -> None:
    """End one of one's keys; it is no error when it had ended already.

    Raises:
        KeyNotFound: this person has no such key.
    """
    async with database.transaction():
        rows = await database.fetch(
            "SELECT revoked_at FROM access_key WHERE id = $1 AND person = $2 FOR UPDATE",
            key_id,
            person_id,
        )
        if not rows:
            raise KeyNotFound
        if rows[0]["revoked_at"] is None:
            await AccessKey.update({AccessKey.revoked_at: now}).where(AccessKey.id == key_id)
            await _record("person.key_revoked", person_id)


async def revoke_all_keys(person_id: UUID) -> None:
    """End every key of a person, in the transaction of what makes it necessary."""
    ended = await database.fetch(
        "UPDATE access_key SET revoked_at = now()"
        " WHERE person = $1 AND revoked_at IS NULL AND ends_at > now() RETURNING id",
        person_id,
    )
    for _key in ended:
        await _record("person.key_revoked", person_id)


async def note_use(key_id: UUID, today: date) -> None:
    """Keep the day on which a key was used last; only the first time that day writes."""
    await database.fetch(
        "UPDATE access_key SET used_on = $2 WHERE id = $1 AND used_on IS DISTINCT FROM $2",
        key_id,
        today,
    )


async def _record(event: str, person_id: UUID, **details: Any) -> None:
    await record(event, subject=("person", person_id), actor=Actor(person_id), **details)
