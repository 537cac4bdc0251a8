"""Reading mails that are due and a person's notices."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.web.i18n import gettext as _


@dataclass(frozen=True)
class NoticeRow:
    """One line for a person."""

    id: UUID
    message: str
    details: dict[str, Any]
    route: str | None
    path_values: dict[str, str]
    created_at: datetime
    read_at: datetime | None

    @property
    def text(self) -> str:
        """Return the message in the language of this request."""
        return _(self.message, **self.details)


@dataclass(frozen=True)
class FailedMail:
    """A mail nobody will get unless an operator does something."""

    id: UUID
    template: str
    attempts: int
    last_error: str
    created_at: datetime


async def due_mail(limit: int = 200) -> list[UUID]:
    """Return the mails that should be on their way by now, the longest due first."""
    rows = await database.fetch(
        "SELECT id FROM mail WHERE state = 'created' AND due_at <= now() ORDER BY due_at LIMIT $1",
        limit,
    )
    return [row["id"] for row in rows]


async def failed_mail() -> list[FailedMail]:
    """Return the mails that were given up, the latest first."""
    rows = await database.fetch(
        "SELECT id, template, attempts, coalesce(last_error, '') AS last_error, created_at"
        " FROM mail WHERE state = 'failed' ORDER BY created_at DESC LIMIT 200"
    )
    return [FailedMail(**dict(row)) for row in rows]


async def mail_counts() -> dict[str, int]:
    """Return how many mails are in each state."""
    rows = await database.fetch("SELECT state, count(*) AS number FROM mail GROUP BY state")
    return {row["state"]: row["number"] for row in rows}


async def notices(person_id: UUID, limit: int = 100) -> list[NoticeRow]:
    """Return a person's notices, the latest first."""
    rows = await database.fetch(
        "SELECT id, message, details::text, route, path_values::text, created_at, read_at"
        " FROM notice WHERE person_id = $1 ORDER BY created_at DESC LIMIT $2",
        person_id,
        limit,
    )
    return [
        NoticeRow(
            **{
                **dict(row),
                "details": json.loads(row["details"]),
                "path_values": json.loads(row["path_values"]),
            }
        )
        for row in rows
    ]


async def unread_count(person_id: UUID) -> int:
    """Return how many notices a person has not seen."""
    rows = await database.fetch(
        "SELECT count(*) AS number FROM notice WHERE person_id = $1 AND read_at IS NULL", person_id
    )
    return int(rows[0]["number"])


async def messages_of(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the notices and mails of one person, for their copy of their data."""
    mails = await database.fetch(
        "SELECT template, language, state, created_at, sent_at FROM mail"
        " WHERE recipient = (SELECT email FROM person WHERE id = $1) ORDER BY created_at",
        person_id,
    )
    return {
        "notices": [
            {"message": one.message, "details": one.details, "at": one.created_at.isoformat()}
            for one in await notices(person_id, limit=10_000)
        ],
        "mails": [
            {
                "template": row["template"],
                "language": row["language"],
                "state": row["state"],
                "at": (row["sent_at"] or row["created_at"]).isoformat(),
            }
            for row in mails
        ],
    }
