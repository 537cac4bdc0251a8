"""Erasing: at a person's own wish, or because nobody has used the account for years."""

from datetime import datetime, timedelta
from uuid import UUID

from portal import database
from portal.accounts.errors import AlreadyErased, LastAdmin, WrongCredentials
from portal.accounts.links import sign_in_link
from portal.accounts.passwords import matches
from portal.accounts.rules import WARNING_BEFORE_ERASURE, loses_last_admin
from portal.accounts.tables import Person
from portal.audit.actions import record
from portal.notifications.actions import notify
from portal.package import load
from portal.permissions import Actor, Role
from portal.settings import get_settings

UNCONFIRMED_FOR = timedelta(days=30)
SPENT_LINKS_FOR = timedelta(days=7)
SPENT_INVITATIONS_FOR = timedelta(days=90)
SPENT_KEYS_FOR = timedelta(days=90)
AT_A_TIME = 200  # people in one run of the sweep

ROLES = """
    SELECT organisation, person, role FROM membership
    WHERE organisation IN (SELECT organisation FROM membership WHERE person = $1)
"""
ANONYMISE = """
    UPDATE person SET email = 'erased-' || id || '@erased.invalid', name = '', password_hash = '',
           totp_secret = NULL, totp_pending = NULL, totp_last_step = 0, email_confirmed_at = NULL,
           signed_in_at = NULL, warned_at = NULL, erased_at = $2
    WHERE id = $1
"""


async def erase_me(person_id: UUID, password: str, *, now: datetime) -> None:
    """Erase one's own account, after the password was given again.

    Raises:
        WrongCredentials: the password is wrong.
        LastAdmin: other members would be left without an administrator.
    """
    person = await Person.objects().get(Person.id == person_id)
    if person is None or not await matches(person.password_hash, password):
        raise WrongCredentials
    await erase(person_id, actor=Actor(person_id), now=now, reason="own wish")


async def erase(person_id: UUID, *, actor: Actor, now: datetime, reason: str) -> None:
    """Take out of every package what names a person; the audit keeps the bare id.

    Raises:
        AlreadyErased: nothing is left to erase.
        LastAdmin: other members would be left without an administrator.
    """
    async with database.transaction():
        rows = await database.fetch(
            "SELECT email FROM person WHERE id = $1 AND erased_at IS NULL FOR UPDATE", person_id
        )
        if not rows:
            raise AlreadyErased
        await _check_not_needed(person_id)
        for package in load(get_settings().packages):
            for kept in package.personal_data:
                if kept.erase is not None:
                    await kept.erase(person_id)
        await record("person.erased", subject=("person", person_id), actor=actor, reason=reason)
        await _anonymise(person_id, rows[0]["email"], now)


async def _check_not_needed(person_id: UUID) -> None:
    """Refuse while others depend on this person as their only administrator."""
    await database.fetch(
        "SELECT o.id FROM organisation o JOIN membership m ON m.organisation = o.id "
        "WHERE m.person = $1 ORDER BY o.id FOR UPDATE OF o",
        person_id,
    )
    organisations: dict[UUID, list[tuple[object, Role]]] = {}
    for row in await database.fetch(ROLES, person_id):
        organisations.setdefault(row["organisation"], []).append((row["person"], Role(row["role"])))
    for roles in organisations.values():
        if len(roles) > 1 and loses_last_admin(roles, person_id, None):
            raise LastAdmin


async def _anonymise(person_id: UUID, email: str, now: datetime) -> None:
    await database.fetch("DELETE FROM membership WHERE person = $1", person_id)
    await database.fetch("DELETE FROM recovery_code WHERE person = $1", person_id)
    await database.fetch("DELETE FROM account_token WHERE person = $1", person_id)
    await database.fetch("DELETE FROM email_change WHERE person = $1", person_id)
    await database.fetch("DELETE FROM access_key WHERE person = $1", person_id)
    await database.fetch("DELETE FROM invitation WHERE email = $1", email)
    await database.fetch(ANONYMISE, person_id, now)


async def forget_spent_links(now: datetime) -> int:
    """Delete links, invitations, keys and former addresses past their use; return how many."""
    links = await database.fetch(
        "DELETE FROM account_token WHERE least(expires_at, used_at) < $1 RETURNING id",
        now - SPENT_LINKS_FOR,
    )
    invitations = await database.fetch(
        "DELETE FROM invitation WHERE least(expires_at, accepted_at, revoked_at) < $1 RETURNING id",
        now - SPENT_INVITATIONS_FOR,
    )
    changes = await database.fetch(
        "DELETE FROM email_change WHERE undo_until < $1 RETURNING id", now - SPENT_LINKS_FOR
    )
    keys = await database.fetch(
        "DELETE FROM access_key WHERE least(ends_at, revoked_at) < $1 RETURNING id",
        now - SPENT_KEYS_FOR,
    )
    return len(links) + len(invitations) + len(changes) + len(keys)


async def forget_unconfirmed(now: datetime) -> int:
    """Erase accounts whose address was never confirmed, with the organisation only they knew."""
    rows = await database.fetch(
        """SELECT id FROM person WHERE email_confirmed_at IS NULL AND erased_at IS NULL
           AND created_at < $1 ORDER BY created_at LIMIT $2""",
        now - UNCONFIRMED_FOR,
        AT_A_TIME,
    )
    for row in rows:
        await forget_registration(row["id"], now, "never confirmed")
    return len(rows)


async def forget_registration(person_id: UUID, now: datetime, reason: str) -> None:
    """Erase an account that was never confirmed, with the organisation only it knew."""
    await _forget_organisation_of(person_id)
    await _erase_unless_needed(person_id, now, reason)


async def _forget_organisation_of(person_id: UUID) -> None:
    await database.fetch(
        """DELETE FROM organisation o USING membership m
           WHERE m.organisation = o.id AND m.person = $1 AND o.state = 'registered'
                 AND (SELECT count(*) FROM membership x WHERE x.organisation = o.id) = 1""",
        person_id,
    )


async def warn_inactive(now: datetime, inactive_days: int) -> int:
    """Tell people that their unused account will be erased in thirty days; return how many."""
    limit = now - timedelta(days=inactive_days) + WARNING_BEFORE_ERASURE
    rows = await database.fetch(
        """SELECT id FROM person WHERE coalesce(signed_in_at, created_at) < $1
           AND warned_at IS NULL AND erased_at IS NULL AND email_confirmed_at IS NOT NULL
           ORDER BY created_at LIMIT $2""",
        limit,
        AT_A_TIME,
    )
    for row in rows:
        await _warn(row["id"], now)
    return len(rows)


async def _warn(person_id: UUID, now: datetime) -> None:
    async with database.transaction():
        rows = await database.fetch(
            "UPDATE person SET warned_at = $2 WHERE id = $1 AND warned_at IS NULL "
            "RETURNING email, name, language",
            person_id,
            now,
        )
        for row in rows:
            await notify(
                row["email"],
                template="accounts/mail/inactive",
                language=row["language"],
                name=row["name"],
                days=WARNING_BEFORE_ERASURE.days,
                link=sign_in_link(row["language"]),
            )


async def erase_inactive(now: datetime) -> int:
    """Erase the accounts that were warned thirty days ago and not used since; return how many."""
    rows = await database.fetch(
        """SELECT id FROM person WHERE warned_at < $1 AND erased_at IS NULL
           AND coalesce(signed_in_at, created_at) < warned_at ORDER BY warned_at LIMIT $2""",
        now - WARNING_BEFORE_ERASURE,
        AT_A_TIME,
    )
    return sum([await _erase_unless_needed(row["id"], now, "inactive") for row in rows])


async def _erase_unless_needed(person_id: UUID, now: datetime, reason: str) -> bool:
    """Erase, unless others depend on this administrator or it was done meanwhile."""
    try:
        await erase(person_id, actor=Actor(), now=now, reason=reason)
    except (LastAdmin, AlreadyErased):
        return False
    return True
