"""The local mail server: keeps every message as a file for the mailbox page, sends nothing on."""

import asyncio
import os
import secrets
import signal
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.local.places import Places
from portal.local.process import Child

MESSAGE_LIMIT_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True)
class Mail:
    """One server and the folder it fills."""

    places: Places
    port: int

    @property
    def folder(self) -> Path:
        """Return where the messages are kept, one `.eml` file each."""
        return self.places.var / "mail"

    def child(self) -> Child:
        """Return the server process."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Child(
            name="mail",
            command=[sys.executable, "-m", "portal.local.mail", str(self.port), str(self.folder)],
            log=self.places.log_of("mail"),
            pid_file=self.places.pid_of("mail"),
            healthy=self.ready,
        )

    def ready(self) -> bool:
        """Say whether the server greets."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                return line.recv(3) == b"220"
        except OSError:
            return False


class Keeper:
    """Writes each accepted message to a file; aiosmtpd calls it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, whole or not at all, and say so to the sender."""
        received = datetime.now(UTC)
        name = f"{received:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        content = envelope.content or b""
        body = content.encode() if isinstance(content, str) else content
        fresh = self.folder / f"{name}.part"
        fresh.write_bytes(body)
        os.chmod(fresh, 0o600)
        fresh.rename(self.folder / f"{name}.eml")
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Take mail on ``port`` of the loopback address until told to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(
            keeper,
            enable_SMTPUTF8=True,
            data_size_limit=MESSAGE_LIMIT_BYTES,
            hostname="localhost",
            loop=loop,
        ),
        "127.0.0.1",
        port,
    )
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
