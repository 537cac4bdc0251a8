"""The local mailbox: the files our own mail server keeps, read for the page that shows them."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from portal.notifications.rendering import pieces

NAME = re.compile(r"[0-9A-Za-z-]{1,80}\Z")
NEWEST = 200


@dataclass(frozen=True)
class Letter:
    """One mail as the page shows it: text only, whatever HTML it may carry."""

    name: str
    recipient: str
    subject: str
    sent_at: datetime | None
    paragraphs: tuple[list[tuple[str, bool]], ...] = ()


def letters(folder: Path) -> list[Letter]:
    """Return the newest mails, the latest first; one that is being removed is left out."""
    files = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)[:NEWEST]
    found = (letter(folder, file.stem) for file in files)
    return [one for one in found if one is not None]


def letter(folder: Path, name: str) -> Letter | None:
    """Return one mail, or nothing when there is none of this name."""
    if not NAME.match(name):
        return None
    try:
        data = (folder / f"{name}.eml").read_bytes()
    except OSError:
        return None
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    text = _text(mail)
    return Letter(
        name=name,
        recipient=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        sent_at=_date(mail),
        paragraphs=tuple(pieces(part) for part in re.split(r"\n\s*\n", text.strip())),
    )


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    try:
        return str(body.get_content()) if body else ""
    except (LookupError, ValueError, KeyError):
        return ""


def _date(mail: EmailMessage) -> datetime | None:
    date = getattr(mail["Date"], "datetime", None)
    return date if isinstance(date, datetime) and date.tzinfo else None
