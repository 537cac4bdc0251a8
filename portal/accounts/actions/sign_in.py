"""Signing in: the password, then the second factor for those who have one."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken

from portal import database
from portal.accounts.errors import WrongCode, WrongCredentials
from portal.accounts.passwords import HASHER, hashed, matches
from portal.accounts.sealing import recovery_digest, unseal
from portal.accounts.second_factor import matching_step
from portal.accounts.tables import Person
from portal.audit.actions import record
from portal.permissions import Actor

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recognised:
    """Somebody whose password was right."""

    person_id: UUID
    language: str
    confirmed: bool
    protected: bool  # has to give a code as well


async def check_password(email: str, password: str, *, now: datetime) -> Recognised:
    """Return whose address and password these are, in a time that tells nothing else.

    Raises:
        WrongCredentials: unknown address or wrong password; the words are the same.
    """
    person = await Person.objects().where(
        (Person.email == email) & Person.erased_at.is_null()
    ).first()  # fmt: skip
    right = await matches(person.password_hash if person else "", password)
    if person is None or not right:
        # Also for an unknown address: what is written takes time, and time tells.
        await _note_failure(person.id if person else "unknown", "password")
        raise WrongCredentials
    await _renew_hash(person, password)
    return Recognised(
        person_id=person.id,
        language=person.language,
        confirmed=person.email_confirmed_at is not None,
        protected=person.totp_secret is not None,
    )


async def note_sign_in(person_id: UUID, *, now: datetime, factor: str) -> None:
    """Record that somebody signed in."""
    async with database.transaction():
        await Person.update({Person.signed_in_at: now, Person.warned_at: None}).where(
            Person.id == person_id
        )
        await record(
            "person.signed_in",
            subject=("person", person_id),
            actor=Actor(person_id),
            factor=factor,
        )


async def check_code(person_id: UUID, code: str, *, now: datetime) -> str:
    """Accept a code of the application, or a recovery code, once; return which it was.

    Raises:
        WrongCode: it is wrong, too old, or was used before.
    """
    person = await Person.objects().get(Person.id == person_id)
    if person is None or person.totp_secret is None:
        raise WrongCode
    step = _matching(person, code, now)
    if step is not None and await _spend_step(person_id, step):
        return "code"
    if await _spend_recovery_code(person_id, code, now):
        return "recovery"
    await _note_failure(person_id, "code")
    raise WrongCode


def _matching(person: Person, code: str, now: datetime) -> int | None:
    """Return the time step of a right code; none is right once the secret key is another one."""
    try:
        secret = unseal(person.totp_secret)
    except InvalidToken:
        logger.error("a second factor cannot be unsealed: the secret key was changed")
        return None
    return matching_step(secret, code, now, person.totp_last_step)


async def _spend_step(person_id: UUID, step: int) -> bool:
    """Note the step; of two browsers with the same code only one passes."""
    rows = await database.fetch(
        "UPDATE person SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING id",
        person_id,
        step,
    )
    return bool(rows)


async def _spend_recovery_code(person_id: UUID, code: str, now: datetime) -> bool:
    rows = await database.fetch(
        """UPDATE recovery_code SET used_at = $3
           WHERE person = $1 AND digest = $2 AND used_at IS NULL RETURNING id""",
        person_id,
        recovery_digest(code),
        now,
    )
    return bool(rows)


async def _note_failure(person_id: UUID | str, factor: str) -> None:
    async with database.transaction():
        await record(
            "person.sign_in_failed",
            subject=("person", person_id),
            actor=Actor(),
            factor=factor,
        )


async def _renew_hash(person: Person, password: str) -> None:
    """Hash again when the cost was raised since."""
    if HASHER.check_needs_rehash(person.password_hash):
        await Person.update({Person.password_hash: await hashed(password)}).where(
            Person.id == person.id
        )
