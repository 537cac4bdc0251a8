"""Sends what devices measured, each over a line of its own, until it is acknowledged."""

import asyncio
import ssl as tls
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from telemetry_ingest.simulate.https import HttpTrouble, Poster
from telemetry_ingest.simulate.mqtt import MqttTrouble, Publisher, connect
from telemetry_ingest.simulate.scenario import Plan, Row, Sent, messages

SECOND_US = 1_000_000
LONGEST_PAUSE_S = 5.0
ENCODE = {"json": msgspec.json.encode, "msgpack": msgspec.msgpack.encode}
MEDIA_TYPES = {"json": "application/json", "msgpack": "application/msgpack"}


@dataclass(frozen=True)
class Credentials:
    """What one device signs in with."""

    device: str
    token: str = field(repr=False)


@dataclass
class Tally:
    """What was sent and what became of it."""

    messages: int = 0
    readings: int = 0
    again: int = 0
    refused: int = 0
    troubles: int = 0
    last_trouble: str = ""


class Line(Protocol):
    """A way to the portal."""

    async def send(self, content: bytes) -> bool:
        """Deliver one message; ``False`` when it is refused for good."""

    async def close(self) -> None:
        """Let go of it."""


@dataclass
class MqttLine:
    """One device's connection to the broker; it is made again when it is lost."""

    address: str
    credentials: Credentials
    tally: Tally
    _publisher: Publisher | None = None

    async def send(self, content: bytes) -> bool:
        """Publish until the broker acknowledges."""
        pause_s = 0.2
        while True:
            try:
                publisher = self._publisher = self._publisher or await self._connect()
                topic = f"pilots/{self.credentials.device}/readings"
                await asyncio.wait_for(publisher.publish(topic, content), 10)
            except (MqttTrouble, TimeoutError) as error:
                self._publisher = None
                self.tally.troubles += 1
                self.tally.last_trouble = str(error) or "no acknowledgement"
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            else:
                return True

    async def close(self) -> None:
        """Say goodbye to the broker."""
        if self._publisher is not None:
            await self._publisher.close()

    async def _connect(self) -> Publisher:
        parts = urlsplit(self.address)
        secure = parts.scheme == "mqtts"
        return await connect(
            parts.hostname or "",
            parts.port or (8883 if secure else 1883),
            self.credentials.device,
            self.credentials.token,
            ssl=tls.create_default_context() if secure else None,
        )


@dataclass
class HttpsLine:
    """One device's connection to the gateway."""

    poster: Poster
    media_type: str
    tally: Tally

    async def send(self, content: bytes) -> bool:
        """Post until it is kept, or refused for good."""
        pause_s = 0.2
        while True:
            try:
                status = await self.poster.post("readings", content, self.media_type)
            except HttpTrouble as trouble:
                status, self.tally.last_trouble = 503, str(trouble)
            if status == 202:
                return True
            self.tally.troubles += 1
            if status < 500 and status != 429:
                self.tally.last_trouble = f"status {status}"
                return False
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def close(self) -> None:
        """Let go of the connection."""
        await self.poster.close()


@dataclass(frozen=True, kw_only=True)
class Run:
    """How to deliver.

    Attributes:
        address: ``mqtt://``, ``mqtts://``, ``http://`` or ``https://``.
        most_s: when to stop.
        since_s: how long ago the devices began to measure; they catch up first.
        speed: how many times faster than time they catch up; 0 is as fast as they can.
    """

    plan: Plan
    address: str
    format: str = "json"
    most_s: float = 60.0
    since_s: float = 0.0
    speed: float = 0.0
    recordings: Sequence[Sequence[Row]] = ()

    def line(self, credentials: Credentials, tally: Tally) -> Line:
        """Return the line of one device."""
        if self.address.startswith("mqtt"):
            return MqttLine(self.address, credentials, tally)
        bearer = f"Bearer {credentials.device}.{credentials.token}"
        return HttpsLine(Poster(self.address, bearer), MEDIA_TYPES[self.format], tally)

    async def devices(self, credentials: Sequence[Credentials], tally: Tally) -> None:
        """Let all devices send until the time is over."""
        began_us = time.time_ns() // 1000
        try:
            async with asyncio.timeout(self.most_s), asyncio.TaskGroup() as group:
                for number, one in enumerate(credentials):
                    group.create_task(self._device(number, one, began_us, tally))
        except TimeoutError:
            return

    async def _device(
        self, number: int, credentials: Credentials, began_us: int, tally: Tally
    ) -> None:
        line = self.line(credentials, tally)
        rows = self.recordings[number % len(self.recordings)] if self.recordings else ()
        start_us = began_us - round(self.since_s * SECOND_US)
        try:
            for sent in messages(self.plan, number, start_us, rows):
                await asyncio.sleep(self._wait_s(sent, start_us, began_us))
                await self._send(line, sent, tally)
        finally:
            await line.close()

    async def _send(self, line: Line, sent: Sent, tally: Tally) -> None:
        if not await line.send(ENCODE[self.format](sent.body)):
            tally.refused += 1
        elif sent.again:
            tally.again += 1
        else:
            tally.messages += 1
            tally.readings += len(sent.body["readings"])

    def _wait_s(self, sent: Sent, start_us: int, began_us: int) -> float:
        """Return how long to wait: nothing is sent before it was measured."""
        due_us: float = sent.due_us
        if self.speed:
            due_us = max(due_us, began_us + (sent.due_us - start_us) / self.speed)
        return max(0.0, (due_us - time.time_ns() / 1000) / SECOND_US)
