"""A small HTTP client that posts messages over one connection that stays open."""

import asyncio
import ssl as tls
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from portal.web.i18n import language, lazy
from telemetry_ingest.simulate.trouble import Trouble

PATIENCE_S = 10
NO_ANSWER = lazy("no answer from %(place)s")
REFUSED = lazy("the gateway answers %(status)s: %(detail)s")


class _Problem(msgspec.Struct):
    detail: str = ""


class HttpTrouble(Trouble):
    """The gateway did not answer."""


@dataclass
class Poster:
    """Posts to one gateway as one device; ``address`` is that of the gateway."""

    address: str
    authorization: str = field(repr=False)
    _reader: asyncio.StreamReader | None = field(default=None, repr=False)
    _writer: asyncio.StreamWriter | None = field(default=None, repr=False)
    _detail: str = field(default="", repr=False)

    def trouble(self, status: int) -> HttpTrouble:
        """Return what the gateway said when it did not take the last message."""
        return HttpTrouble(REFUSED, status=status, detail=self._detail)

    async def post(self, topic: str, content: bytes, media_type: str) -> int:
        """Post one message and return the status.

        Raises:
            HttpTrouble: nobody answers.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._post(topic, content, media_type)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            await self.close()
            raise HttpTrouble(NO_ANSWER, place=urlsplit(self.address).netloc) from error

    async def close(self) -> None:
        """Let go of the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _post(self, topic: str, content: bytes, media_type: str) -> int:
        parts = urlsplit(self.address)
        if self._writer is None or self._reader is None:
            secure = parts.scheme == "https"
            self._reader, self._writer = await asyncio.open_connection(
                parts.hostname,
                parts.port or (443 if secure else 80),
                ssl=tls.create_default_context() if secure else None,
            )
        head = (
            f"POST {parts.path.rstrip('/')}/v1/{topic} HTTP/1.1\r\nhost: {parts.netloc}\r\n"
            f"authorization: {self.authorization}\r\ncontent-type: {media_type}\r\n"
            f"accept-language: {language.get()}\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        return await self._answer()

    async def _answer(self) -> int:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        lines = head.split("\r\n")
        headers = dict(line.split(":", 1) for line in lines[1:] if ":" in line)
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        self._detail = _detail_of(body)
        if headers.get("connection", "").strip() == "close":
            await self.close()
        return int(lines[0].split()[1])


def _detail_of(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Problem).detail
    except msgspec.DecodeError:
        return ""
