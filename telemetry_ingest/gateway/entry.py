"""Who may send: known devices are looked up again together, so a revoked one is out at once."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec import Struct, field

from portal import database
from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway.problems import (
    Problem,
    not_running,
    not_signed_in,
    suspended,
    too_often,
)
from telemetry_ingest.queries.credentials import VOUCHED_FOR
from telemetry_ingest.states import PilotState

logger = logging.getLogger(__name__)
# Every so often all devices that sent lately are looked up, in one query.
EVERY_S = 0.5
LATELY_S = 15.0
FORGOTTEN_S = 3600.0
# What is older is not believed any more: when the database is away nobody is let in.
KNOWN_S = 2.0
MOST_KNOWN = 50_000
MINUTE_S = 60
MOST_FAILURES = 300  # a minute and address: a hospital's devices share one
# Late readings of a pilot that is closed are still its readings.
OPEN = {PilotState.RUNNING, PilotState.CLOSED, PilotState.EVIDENCED}
FIND = f"""
    SELECT device.id, device.number, device.token_hash, p.state, {VOUCHED_FOR} AS vouched_for
    FROM pilot_device device JOIN pilot p ON p.id = device.pilot
    WHERE device.id = ANY($1) AND device.revoked_at IS NULL
"""  # noqa: S608 — a constant


class Known(Struct, frozen=True):
    """What the database says of a device."""

    number: int
    token_hash: bytes | None
    is_open: bool
    vouched_for: bool = True


class Sender(Struct):
    """A device whose token was right.

    Attributes:
        at: when the database was asked; what it says is at least as new as that.
        used_at: when it sent something.
        held: what ends its open connections, called when the token does not hold any more.
    """

    device: UUID
    known: Known
    at: float
    used_at: float
    held: set[Callable[[], None]] = field(default_factory=set)

    @property
    def number(self) -> int:
        """Return the number under which its readings are stored."""
        return self.known.number


Find = Callable[[list[UUID]], Awaitable[dict[UUID, Known]]]


async def find(devices: list[UUID]) -> dict[UUID, Known]:
    """Ask the database for devices that are enrolled and not revoked."""
    return {
        UUID(int=row["id"].int): Known(
            row["number"], row["token_hash"], row["state"] in OPEN, row["vouched_for"]
        )
        for row in await database.fetch(FIND, devices)
    }


class Counts:
    """How often each key came in the present minute, in this process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = 0
        self._counts: dict[object, int] = {}

    def wait_s(self, key: object, *, count: bool = True) -> int:
        """Count one more; return 0 when it may pass, else the seconds until it may."""
        minute, passed = divmod(time.monotonic(), MINUTE_S)
        if minute != self._minute:
            self._minute, self._counts = int(minute), {}
        number = self._counts.get(key, 0) + count
        self._counts[key] = number
        return 0 if number <= self.most else max(1, int(MINUTE_S - passed))


class Entry:
    """Lets devices in, or says why not."""

    def __init__(self, *, most_a_minute: int, ask: Find = find) -> None:
        self._ask = ask
        # By the hash of what it shows: no token stays in memory.
        self._senders: dict[bytes, Sender] = {}
        self._requests = Counts(most_a_minute)
        self._failures = Counts(MOST_FAILURES)

    def known(self, authorization: bytes) -> Sender | None:
        """Return who sends, when that is known well enough; else the database has to be asked.

        Raises:
            Problem: its pilot does not run or is suspended, or it comes too often.
        """
        sender = self._senders.get(hashlib.sha256(authorization).digest())
        now = time.monotonic()
        if sender is None or now - sender.at > KNOWN_S:
            return None
        sender.used_at = now
        return self._let_in(sender)

    async def admit(self, authorization: bytes, address: str) -> Sender:
        """Return who sends, as the database says.

        Raises:
            Problem: no device with this token, or what ``known`` says.
        """
        shown = hashlib.sha256(authorization).digest()
        was_in = shown in self._senders
        said = tokens.bearer(authorization.decode("latin-1"))
        if said is None:
            raise self._failed(address)
        # Who guesses is stopped before the database; a device that got in lately is not.
        if not was_in and (wait := self._failures.wait_s(address, count=False)):
            raise too_often(wait)
        asked_at = time.monotonic()
        known = (await self._ask([said.device])).get(said.device)
        if known is None or not tokens.matches(said.token, known.token_hash):
            self._out(shown)
            raise self._failed(address)
        return self._let_in(self._remembered(shown, Sender(said.device, known, asked_at, asked_at)))

    def _remembered(self, shown: bytes, sender: Sender) -> Sender:
        """Return the one sender of all its messages, with what is known now."""
        if len(self._senders) >= MOST_KNOWN:
            self._senders = {key: each for key, each in self._senders.items() if each.held}
        before = self._senders.get(shown)
        if before is not None and before.known != sender.known:
            self._out(shown)
        one = self._senders.setdefault(shown, sender)
        one.known, one.at, one.used_at = sender.known, sender.at, sender.used_at
        return one

    def _out(self, shown: bytes) -> None:
        """Forget a sender who is not as before, and end its connections."""
        sender = self._senders.pop(shown, None)
        for end in tuple(sender.held) if sender else ():
            end()

    def _let_in(self, sender: Sender) -> Sender:
        if not sender.known.vouched_for:
            raise suspended()
        if not sender.known.is_open:
            raise not_running()
        wait = self._requests.wait_s(sender.device)
        if wait:
            raise too_often(wait)
        return sender

    async def keep_up(self) -> None:
        """Look known devices up for ever; what cannot be looked up is soon too old."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                async with asyncio.timeout(KNOWN_S):
                    await self.look_up()
            except Exception as error:  # asyncpg raises several families of them when it cannot
                logger.warning("devices cannot be looked up: %s", type(error).__name__)

    async def look_up(self) -> None:
        """Look up all devices that sent lately or are connected.

        Who is not as before has to sign in again.
        """
        asked_at = time.monotonic()
        lately = {
            shown: one
            for shown, one in self._senders.items()
            if one.held or asked_at - one.used_at < LATELY_S
        }
        found = await self._ask([one.device for one in lately.values()]) if lately else {}
        for shown, sender in lately.items():
            if found.get(sender.device) == sender.known:
                sender.at = max(sender.at, asked_at)
            else:  # revoked, renewed, suspended, or its pilot moved
                self._out(shown)
        for shown, sender in list(self._senders.items()):
            if not sender.held and asked_at - sender.used_at > FORGOTTEN_S:
                del self._senders[shown]

    def _failed(self, address: str) -> Problem:
        wait = self._failures.wait_s(address)
        return too_often(wait) if wait else not_signed_in()
