"""Sending mail: one job a mail, and a sweep that finds what is due, lost or too old to keep."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from arq import cron
from arq.worker import func

from portal.notifications import actions
from portal.notifications.errors import Refused, TemporaryTrouble
from portal.notifications.queries import due_mail
from portal.notifications.rendering import message, written
from portal.notifications.sending import send
from portal.settings import get_settings

logger = logging.getLogger(__name__)


async def send_mail(ctx: dict[str, Any], mail_id: str) -> str:
    """Send one mail if it is due and nobody else has it; safe to run twice, also at once."""
    mail = await actions.take_mail(UUID(mail_id))
    if mail is None:
        return "not due"
    try:
        said = written(mail.template, mail.details, mail.language)
        ready = message(mail.id, mail.recipient, said, mail.language, datetime.now(UTC))
        await send(ready, get_settings())
    except TemporaryTrouble as error:
        logger.warning("mail %s is delayed: %s", mail.id, error)
        await actions.mark_delayed(mail, str(error))
        return "delayed"
    except (Refused, ValueError) as error:
        logger.error("mail %s (%s) is refused: %s", mail.id, mail.template, error)
        await actions.mark_refused(mail, str(error))
        return "refused"
    await actions.mark_sent(mail)
    return "sent"


async def sweep(ctx: dict[str, Any]) -> int:
    """Enqueue the mails that are due: new ones, delayed ones, and those of a killed worker."""
    await actions.free_lost_mail(datetime.now(UTC))
    due = await due_mail()
    for mail_id in due:
        await ctx["redis"].enqueue_job(
            "notifications.send_mail", str(mail_id), _job_id=f"mail:{mail_id}"
        )
    return len(due)


async def forget(ctx: dict[str, Any]) -> int:
    """Delete what was sent and read long ago."""
    return await actions.forget_old_mail(datetime.now(UTC))


JOBS = (
    func(
        send_mail,
        name="notifications.send_mail",
        timeout=timedelta(minutes=2),
        keep_result=0,
        max_tries=2,
    ),
)
CRONS = (
    cron(sweep, name="notifications.sweep", second=set(range(0, 60, 5)), run_at_startup=True),
    cron(forget, name="notifications.forget", hour=3, minute=20),
)
