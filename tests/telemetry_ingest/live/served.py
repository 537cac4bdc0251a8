"""The portal in a process of its own, and readers of its streams that can be slow or go away."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from valkey.asyncio import Valkey

from portal.accounts.sessions import Browser, Sessions
from portal.local.places import any_port
from portal.settings import get_settings
from tests.services import services

ROOT = Path(__file__).parent.parent.parent.parent


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the web server on the services of this worker; give its port and its process."""
    port = any_port()
    environment = {
        **os.environ, **services().environment(), "TAJHIZ_RATE_LIMIT_PER_MINUTE": "100000",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    process = subprocess.Popen(  # noqa: ASYNC220 — it only starts it
        [*command, "--log-level", "error", "portal.asgi:app"], cwd=ROOT, env=environment
    )
    try:
        await _ready(port, process)
        yield port, process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    async with httpx.AsyncClient() as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise TimeoutError("the portal did not become ready")


async def session_for(person: Any) -> str:
    """Return the cookie of a new session."""
    async with Valkey.from_url(get_settings().valkey_url.get_secret_value()) as valkey:
        return await Sessions.of(valkey, get_settings()).open(
            person.id, Browser("tests", "127.0.0.1"), datetime.now(UTC)
        )


class Reader:
    """One open stream, read by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.seen = bytearray()

    @classmethod
    async def open(cls, port: int, path: str, token: str, *, limit: int = 2**16) -> "Reader":
        """Ask for a stream and read its greeting."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=limit)
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: session={token}\r\n\r\n"
        writer.write(request.encode())
        one = cls(reader, writer)
        await one.until(b"welcome\n\n")
        return one

    async def until(self, wanted: bytes, within_s: float = 20) -> None:
        """Read until ``wanted`` came."""
        looked = 0
        async with asyncio.timeout(within_s):
            while self.seen.find(wanted, looked) < 0:
                looked = max(0, len(self.seen) - len(wanted))
                piece = await self.reader.read(65_536)
                assert piece, f"the stream ended: {self.seen[-500:]!r}"
                self.seen += piece

    async def end(self, within_s: float = 20) -> None:
        """Read until the server ends it."""
        async with asyncio.timeout(within_s):
            while piece := await self.reader.read(65_536):
                self.seen += piece
                if self.seen.endswith(b"0\r\n\r\n"):
                    break

    async def close(self) -> None:
        """Go away without a word."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()
