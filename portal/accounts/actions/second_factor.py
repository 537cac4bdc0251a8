"""Switching the second factor on and off, and its recovery codes."""

from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.errors import AlreadyProtected, WrongCode, WrongCredentials
from portal.accounts.passwords import matches
from portal.accounts.sealing import new_recovery_codes, recovery_digest, seal, unseal
from portal.accounts.second_factor import matching_step, new_secret
from portal.accounts.tables import Person, RecoveryCode
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.permissions import Actor


async def pending_secret(person_id: UUID) -> str:
    """Return the secret to be scanned, the same one until it is proven.

    Raises:
        AlreadyProtected: the second factor is on.
    """
    sealed = seal(new_secret())
    rows = await database.fetch(
        """UPDATE person SET totp_pending = coalesce(totp_pending, $2)
           WHERE id = $1 AND totp_secret IS NULL RETURNING totp_pending""",
        person_id,
        sealed,
    )
    if not rows:
        raise AlreadyProtected
    return unseal(rows[0]["totp_pending"])


async def switch_on(person_id: UUID, code: str, *, now: datetime) -> list[str]:
    """Switch the second factor on after a first right code; return the recovery codes, once.

    Raises:
        WrongCode: the code does not belong to the secret that was shown.
        AlreadyProtected: it is on already.
    """
    async with database.transaction():
        person = await _locked(person_id)
        if person.totp_secret is not None:
            raise AlreadyProtected
        step = person.totp_pending and matching_step(unseal(person.totp_pending), code, now, 0)
        if not step:
            raise WrongCode
        await Person.update(
            {
                Person.totp_secret: person.totp_pending,
                Person.totp_pending: None,
                Person.totp_last_step: step,
            }
        ).where(Person.id == person_id)
        codes = await _replace_codes(person_id)
        await record("person.protected", subject=("person", person_id), actor=Actor(person_id))
        await notify(
            person.email,
            template="accounts/mail/protected",
            language=person.language,
            name=person.name,
        )
    return codes


async def switch_off(person_id: UUID, password: str) -> None:
    """Switch the second factor off; the password has to be given again.

    Raises:
        WrongCredentials: the password is wrong.
    """
    await _check_password(person_id, password)
    async with database.transaction():
        person = await _locked(person_id)
        await Person.update(
            {Person.totp_secret: None, Person.totp_pending: None, Person.totp_last_step: 0}
        ).where(Person.id == person_id)
        await RecoveryCode.delete().where(RecoveryCode.person == person_id)
        await record("person.unprotected", subject=("person", person_id), actor=Actor(person_id))
        await notify(
            person.email,
            template="accounts/mail/unprotected",
            language=person.language,
            name=person.name,
        )


async def renew_recovery_codes(person_id: UUID, password: str) -> list[str]:
    """Make new recovery codes, which ends the old ones; return them, once.

    Raises:
        WrongCredentials: the password is wrong.
    """
    await _check_password(person_id, password)
    async with database.transaction():
        await _locked(person_id)
        codes = await _replace_codes(person_id)
        await record(
            "person.recovery_codes_renewed",
            subject=("person", person_id),
            actor=Actor(person_id),
        )
    return codes


async def _check_password(person_id: UUID, password: str) -> None:
    person = await Person.objects().get(Person.id == person_id)
    if person is None or not await matches(person.password_hash, password):
        raise WrongCredentials


async def _locked(person_id: UUID) -> Person:
    await database.fetch("SELECT id FROM person WHERE id = $1 FOR UPDATE", person_id)
    person = await Person.objects().get(Person.id == person_id)
    assert person is not None, "it is the person who is signed in"
    return person


async def _replace_codes(person_id: UUID) -> list[str]:
    codes = new_recovery_codes()
    await RecoveryCode.delete().where(RecoveryCode.person == person_id)
    await RecoveryCode.insert(
        *(RecoveryCode(person=person_id, digest=recovery_digest(code)) for code in codes)
    )
    return codes
