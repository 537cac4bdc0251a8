"""Who may connect: the broker asks us about every device (NATS auth callout)."""

import asyncio
import logging
import re
from uuid import UUID

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from telemetry_ingest.broker import tokens
from telemetry_ingest.broker.jwt import Asked, Issuer, read
from telemetry_ingest.queries.credentials import enrolled

log = logging.getLogger(__name__)

SUBJECT = "$SYS.REQ.USER.AUTH"
GROUP = "callout"
# What waits longer is answered by the broker itself: refused, and the device tries again.
PATIENCE_S = 2.0
AT_ONCE = 64
# What the broker makes up for a client without an identifier.
_MADE_UP = re.compile(r"[0-9A-Za-z]{22}")
# A session that is to last stands in the broker's store for ever: a device has a hundred at most.
_SUFFIX = re.compile(r"(-\d{1,2})?")


def may_be_called(client_id: str, device: UUID) -> bool:
    """Say whether a device may call its MQTT session so.

    A second session of the same name ends the first: only one's own name, or none, is safe.
    """
    begins, suffix = client_id[:32] == device.hex, client_id[32:]
    return bool((begins and _SUFFIX.fullmatch(suffix)) or _MADE_UP.fullmatch(client_id))


class Callout:
    """Answers the broker; several processes share the questions."""

    def __init__(self, nc: Client, issuer: Issuer) -> None:
        self._nc = nc
        self._issuer = issuer
        self._free = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._subscription: Subscription | None = None
        self.allowed = 0
        self.refused = 0

    async def start(self) -> None:
        """Answer from now on."""
        self._subscription = await self._nc.subscribe(SUBJECT, queue=GROUP, cb=self._begin)
        await self._nc.flush()

    async def stop(self) -> None:
        """Take no more questions, and answer those that came."""
        if self._subscription is not None:
            await self._subscription.unsubscribe()
        if self._running:
            await asyncio.wait(self._running, timeout=PATIENCE_S)

    async def _begin(self, message: Msg) -> None:
        await self._free.acquire()
        task = asyncio.create_task(self._answer(message))
        self._running.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()
        if not task.cancelled() and task.exception() is not None:
            log.error("A connection could not be answered.", exc_info=task.exception())

    async def _answer(self, message: Msg) -> None:
        try:
            asked = read(message.data)
        except ValueError:
            log.warning("What came as a question about a connection is none.")
            return
        why = await self._objection(asked)
        if why or asked.shown is None:
            self.refused += 1
            await message.respond(self._issuer.refused(asked, why))
        else:
            self.allowed += 1
            await message.respond(self._issuer.allowed(asked, asked.shown.device))

    async def _objection(self, asked: Asked) -> str:
        """Return why not, for the broker's log; the device hears the same whatever it is."""
        if asked.shown is None or asked.kind != "mqtt":
            return "no device connects like this"
        if not may_be_called(asked.client_id, asked.shown.device):
            return "the client identifier is the device's own, or empty"
        try:
            async with asyncio.timeout(PATIENCE_S):
                known = await enrolled(asked.shown.device)
        except Exception:  # the database is away: a device that tries again loses nothing
            log.exception("The database does not say who may connect.")
            return "not known at the moment"
        kept = known.token_hash if known else None
        # Compared also when there is no such device: how long it takes tells nothing.
        if not tokens.matches(asked.shown.token, kept) or known is None:
            return "unknown device or wrong token"
        return "" if known.may_connect else "revoked, suspended, or its pilot does not run"
