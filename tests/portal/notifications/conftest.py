import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP

from portal.settings import Settings, get_settings


class MailServer:
    """A real mail server that answers as a test tells it to."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.answer.startswith("2"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(server, hostname="localhost", loop=loop, enable_SMTPUTF8=True),
        "127.0.0.1",
        0,
    )
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


@pytest.fixture
def smtp(mail_server, monkeypatch) -> Settings:
    """Point the settings of this process at the test's own mail server."""
    monkeypatch.setenv("TAJHIZ_SMTP_PORT", str(mail_server.port))
    monkeypatch.setenv("TAJHIZ_SMTP_HOST", "127.0.0.1")
    get_settings.cache_clear()
    yield get_settings()
    monkeypatch.undo()
    get_settings.cache_clear()
