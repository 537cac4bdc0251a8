"""Sends what devices measured, each over a line of its own, until it is acknowledged."""

import asyncio
import ssl as tls
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from portal.web.i18n import lazy
from telemetry_ingest.simulate.https import HttpTrouble, Poster
from telemetry_ingest.simulate.mqtt import MqttTrouble, Publisher, connect
from telemetry_ingest.simulate.scenario import Break, Lost, Plan, Row, Sent, messages
from telemetry_ingest.simulate.trouble import Trouble
from telemetry_ingest.states import Topic
from telemetry_ingest.wire.subjects import NAMES

SECOND_US = 1_000_000
LONGEST_PAUSE_S = 5.0
GRACE_S = 2.0
NOT_ACKNOWLEDGED = lazy("the broker did not acknowledge in time")
ENCODE = {"json": msgspec.json.encode, "msgpack": msgspec.msgpack.encode}
MEDIA_TYPES = {"json": "application/json", "msgpack": "application/msgpack"}


@dataclass(frozen=True)
class Credentials:
    """What one device signs in with."""

    device: str
    token: str = field(repr=False)


@dataclass
class Tally:
    """What was sent and what became of it.

    Attributes:
        messages: acknowledged, by what they are about.
        again: second copies that were acknowledged.
        refused: messages that are refused for good.
        lost: readings of messages that were left out on purpose.
        breaks: times a line was broken on purpose.
        troubles: times that nothing was acknowledged, and it was tried again.
    """

    messages: dict[Topic, int] = field(default_factory=lambda: dict.fromkeys(Topic, 0))
    readings: int = 0
    again: int = 0
    refused: int = 0
    lost: int = 0
    breaks: int = 0
    troubles: int = 0
    last: Trouble | None = None

    def trouble(self, what: Trouble) -> None:
        """Count one more."""
        self.troubles, self.last = self.troubles + 1, what

    @property
    def total(self) -> int:
        """Return how many messages were acknowledged, second copies left out."""
        return sum(self.messages.values())


class Line(Protocol):
    """A way to the portal."""

    async def send(self, topic: str, content: bytes) -> bool:
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

    async def send(self, topic: str, content: bytes) -> bool:
        """Publish until the broker acknowledges."""
        pause_s = 0.2
        while True:
            try:
                publisher = self._publisher = self._publisher or await self._connect()
                place = f"pilots/{self.credentials.device}/{topic}"
                await asyncio.wait_for(publisher.publish(place, content), 10)
                return True
            except MqttTrouble as trouble:
                self.tally.trouble(trouble)
            except TimeoutError:
                self.tally.trouble(MqttTrouble(NOT_ACKNOWLEDGED))
            await self.close()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def close(self) -> None:
        """Say goodbye to the broker."""
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            await publisher.close()

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

    async def send(self, topic: str, content: bytes) -> bool:
        """Post until it is kept, or refused for good."""
        pause_s = 0.2
        while True:
            try:
                status = await self.poster.post(topic, content, self.media_type)
            except HttpTrouble as trouble:
                status = 503
                self.tally.trouble(trouble)
            else:
                if status == 202:
                    return True
                self.tally.trouble(self.poster.trouble(status))
            if status < 500 and status != 429:
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
        """Let all devices send until the time is over; what is under way may still arrive."""
        began_us = time.time_ns() // 1000
        try:
            async with asyncio.timeout(self.most_s + GRACE_S), asyncio.TaskGroup() as group:
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
            for one in messages(self.plan, number, start_us, rows):
                wait_s = self._wait_s(one.due_us, start_us, began_us)
                if time.time() + wait_s > began_us / SECOND_US + self.most_s:
                    break
                await asyncio.sleep(wait_s)
                await self._do(line, one, tally)
        finally:
            await line.close()

    async def _do(self, line: Line, one: Sent | Break | Lost, tally: Tally) -> None:
        if isinstance(one, Break):
            tally.breaks += 1
            await line.close()
        elif isinstance(one, Lost):
            tally.lost += one.readings
        elif not await line.send(NAMES[one.topic], ENCODE[self.format](one.body)):
            tally.refused += 1
        elif one.again:
            tally.again += 1
        else:
            tally.messages[one.topic] += 1
            tally.readings += len(one.body.get("readings", ()))

    def _wait_s(self, sent_us: int, start_us: int, began_us: int) -> float:
        """Return how long to wait: nothing is sent before it was measured."""
        due_us: float = sent_us
        if self.speed:
            due_us = max(due_us, began_us + (sent_us - start_us) / self.speed)
        return max(0.0, (due_us - time.time_ns() / 1000) / SECOND_US)
