"""Writing a mail: its text from a template in the person's language, its HTML from the text."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
)

from portal.notifications.errors import Refused
from portal.package import load
from portal.settings import get_settings
from portal.web import i18n

LAYOUT = "notifications/mail/layout.html"
LINK = re.compile(r"(https?://[^\s<>\"]+)")


@lru_cache
def environment() -> Environment:
    """Return the environment of mails: a mail has no request, so no ``url`` and no ``actor``."""
    folders = [package.folder / "templates" for package in load(get_settings().packages)]
    env = Environment(
        loader=FileSystemLoader(list(dict.fromkeys(folders))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals |= {
        "_": i18n.gettext,
        "language": i18n.language.get,
        "direction": i18n.direction,
        "base_url": get_settings().base_url,
    }
    env.filters |= {"number": i18n.number, "day": i18n.day, "moment": i18n.moment}
    return env


def written(template: str, values: Mapping[str, Any], language: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail.

    Raises:
        Refused: there is no such template, it lacks a value, or it has no subject.
    """
    before = i18n.language.set(language)
    try:
        text = environment().overlay(autoescape=False).get_template(f"{template}.txt")
        subject, _, body = text.render(values).strip().partition("\n")
        if not subject.strip() or not body.strip():
            raise Refused(f"{template}.txt needs a subject in its first line, and a body")
        return subject.strip(), body.strip() + "\n", _html(template, values, subject, body)
    except (TemplateError, TypeError, KeyError, ValueError) as error:
        raise Refused(f"{template}: {type(error).__name__}: {error}") from error
    finally:
        i18n.language.reset(before)


def _html(template: str, values: Mapping[str, Any], subject: str, body: str) -> str:
    try:
        return environment().get_template(f"{template}.html").render(values)
    except TemplateNotFound:
        paragraphs = [pieces(part) for part in re.split(r"\n\s*\n", body.strip())]
        layout = environment().get_template(LAYOUT)
        return layout.render(subject=subject.strip(), paragraphs=paragraphs)


def pieces(paragraph: str) -> list[tuple[str, bool]]:
    """Cut a paragraph into texts and addresses (``True``), for the layout to link."""
    pieces = LINK.split(paragraph)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]


def message(
    mail_id: UUID, recipient: str, written_mail: tuple[str, str, str], language: str, now: datetime
) -> EmailMessage:
    """Return the mail as it goes out; its Message-ID is the same if it goes out twice."""
    settings = get_settings()
    subject, text, html = written_mail
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    host = urlsplit(settings.base_url).hostname or "localhost"
    mail["Message-ID"] = f"<{mail_id}@{host}>"
    mail["Content-Language"] = language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail
