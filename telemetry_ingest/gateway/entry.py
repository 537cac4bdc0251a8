"""Who may send: what is known of a token gets two seconds old, so it is revoked at once."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from portal import database
from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway.problems import Problem, not_running, not_signed_in, too_often
from telemetry_ingest.states import PilotState

KNOWN_S = 2.0
MOST_KNOWN = 50_000
MINUTE_S = 60
MOST_FAILURES = 300  # a minute and address: a hospital's devices share one
# Late readings of a pilot that is closed are still its readings.
OPEN = {PilotState.RUNNING, PilotState.CLOSED, PilotState.EVIDENCED}
FIND = """
    SELECT device.number, device.token_hash, pilot.state
    FROM pilot_device device JOIN pilot ON pilot.id = device.pilot
    WHERE device.id = $1 AND device.revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database said of a device, and when that was."""

    number: int
    token_hash: bytes | None
    is_open: bool
    at: float


@dataclass(frozen=True, slots=True)
class Sender:
    """A device whose token was right."""

    device: UUID
    number: int


Find = Callable[[UUID], Awaitable[Known | None]]


async def find(device: UUID) -> Known | None:
    """Ask the database for a device that is enrolled and not revoked."""
    rows = await database.fetch(FIND, device)
    if not rows:
        return None
    row = rows[0]
    return Known(row["number"], row["token_hash"], row["state"] in OPEN, time.monotonic())


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

    def __init__(self, *, most_a_minute: int, known_s: float = KNOWN_S, ask: Find = find) -> None:
        self._ask = ask
        self._known_s = known_s
        self._known: dict[UUID, Known] = {}
        self._requests = Counts(most_a_minute)
        self._failures = Counts(MOST_FAILURES)

    async def admit(self, authorization: str | None, address: str) -> Sender:
        """Return who sends.

        Raises:
            Problem: no device with this token, its pilot does not run, or it comes too often.
        """
        shown = tokens.bearer(authorization)
        if shown is None:
            raise self._failed(address)
        known = await self._known_of(shown.device, address)
        if known is None or not tokens.matches(shown.token, known.token_hash):
            raise self._failed(address)
        if not known.is_open:
            raise not_running()
        wait = self._requests.wait_s(shown.device)
        if wait:
            raise too_often(wait)
        return Sender(shown.device, known.number)

    async def _known_of(self, device: UUID, address: str) -> Known | None:
        known = self._known.get(device)
        if known is not None and time.monotonic() - known.at < self._known_s:
            return known
        # Who guesses is stopped before the database; a device that got in lately is not.
        if known is None and (wait := self._failures.wait_s(address, count=False)):
            raise too_often(wait)
        found = await self._ask(device)
        if found is None:
            self._known.pop(device, None)
            return None
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[device] = found
        return found

    def _failed(self, address: str) -> Problem:
        wait = self._failures.wait_s(address)
        return too_often(wait) if wait else not_signed_in()
