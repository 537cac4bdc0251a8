"""Asking for a mail or a notice, in the transaction of the action it tells of; and its moves."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import database
from portal.notifications.errors import UnusableAddress
from portal.notifications.states import pause_after
from portal.notifications.tables import Mail, Notice
from portal.settings import DEFAULT_LANGUAGE, LANGUAGES

LOST_AFTER = timedelta(minutes=10)  # a worker that took a mail so long ago is gone
FORGET_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Taken:
    """A mail this worker has to send."""

    id: UUID
    recipient: str
    language: str
    template: str
    details: dict[str, Any]
    attempts: int


async def notify(person_email: str, *, template: str, language: str, **values: object) -> UUID:
    """Ask for a mail; it is sent after the commit, within seconds, at least once.

    Args:
        person_email: where it goes.
        template: name of ``<name>.txt`` (and ``<name>.html`` if there is one) in a package's
            ``templates``, e.g. ``"accounts/mail/confirm"``; its first line is the subject.
        language: of the person it goes to.
        **values: what the template needs; everything but numbers and text is written as text.

    Raises:
        UnusableAddress: it has no ``@``, or a blank or control character.
    """
    address = person_email.strip()
    if address.count("@") != 1 or not address.isprintable() or " " in address:
        raise UnusableAddress(person_email)
    mail = Mail(
        recipient=address,
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
        template=template,
        details=json.dumps(values, default=str, ensure_ascii=False),
    )
    await Mail.insert(mail)
    return mail.id


async def inform(
    person_id: UUID,
    message: str,
    *,
    route: str | None = None,
    path_values: dict[str, object] | None = None,
    **values: object,
) -> None:
    """Show a person one line in the portal: ``message`` is a msgid marked with ``lazy``."""
    await Notice.insert(
        Notice(
            person_id=person_id,
            message=message,
            details=json.dumps(values, default=str, ensure_ascii=False),
            route=route,
            path_values=json.dumps(path_values or {}, default=str),
        )
    )


async def take_mail(mail_id: UUID) -> Taken | None:
    """Take a mail that is due, or ``None`` when another worker has it or it is not due."""
    rows = await database.fetch(
        "UPDATE mail SET state = 'sending', taken_at = now(), attempts = attempts + 1"
        " WHERE id = $1 AND state = 'created' AND due_at <= now()"
        " RETURNING id, recipient, language, template, details::text AS details, attempts",
        mail_id,
    )
    if not rows:
        return None
    return Taken(**{**dict(rows[0]), "details": json.loads(rows[0]["details"])})


async def mark_sent(mail: Taken) -> None:
    """Note that the mail server took it, and forget what it said."""
    await _leave(mail, "state = 'sent', sent_at = now(), last_error = NULL, details = '{}'")


async def mark_refused(mail: Taken, why: str) -> None:
    """Note that it will not be sent; an operator may look at why."""
    await _leave(mail, "state = 'failed', last_error = $3", why)


async def mark_delayed(mail: Taken, why: str) -> None:
    """Try again later, or give up after the last attempt."""
    pause = pause_after(mail.attempts)
    if pause is None:
        await mark_refused(mail, f"given up after {mail.attempts} attempts: {why}")
        return
    due = datetime.now(UTC) + pause
    await _leave(mail, "state = 'created', last_error = $3, due_at = $4", why, due)


async def _leave(mail: Taken, change: str, *values: object) -> None:
    """Change a mail only while it is still this attempt's."""
    await database.fetch(
        f"UPDATE mail SET {change} WHERE id = $1 AND state = 'sending' AND attempts = $2",  # noqa: S608 - own words only
        mail.id,
        mail.attempts,
        *values,
    )


async def free_lost_mail(now: datetime) -> int:
    """Give back mails whose worker was killed; they may go out twice, never not at all."""
    rows = await database.fetch(
        "UPDATE mail SET state = 'created', last_error = 'its worker ended'"
        " WHERE state = 'sending' AND taken_at < $1 RETURNING id",
        now - LOST_AFTER,
    )
    return len(rows)


async def retry_failed_mail(mail_id: UUID | None = None) -> int:
    """Make failed mails (or one of them) due again, with all attempts before them."""
    rows = await database.fetch(
        "UPDATE mail SET state = 'created', attempts = 0, due_at = now()"
        " WHERE state = 'failed' AND ($1::uuid IS NULL OR id = $1) RETURNING id",
        mail_id,
    )
    return len(rows)


async def forget_old_mail(now: datetime) -> int:
    """Delete the rows of mails sent long ago, and notices read long ago: personal data."""
    limit = now - FORGET_AFTER
    mails = await database.fetch("DELETE FROM mail WHERE sent_at < $1 RETURNING id", limit)
    notices = await database.fetch("DELETE FROM notice WHERE read_at < $1 RETURNING id", limit)
    return len(mails) + len(notices)


async def mark_read(person_id: UUID) -> None:
    """Note that a person has seen their notices."""
    await database.fetch(
        "UPDATE notice SET read_at = now() WHERE person_id = $1 AND read_at IS NULL", person_id
    )


async def erase_messages(person_id: UUID) -> None:
    """Delete the notices of a person, and the mails to the address they still have."""
    await database.fetch("DELETE FROM notice WHERE person_id = $1", person_id)
    await database.fetch(
        "DELETE FROM mail WHERE recipient = (SELECT email FROM person WHERE id = $1)"
        " AND state IN ('sent', 'failed')",
        person_id,
    )
