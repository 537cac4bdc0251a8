"""Rate limits, counted in Valkey so that all web processes share them."""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import TooManyRequestsException
from litestar.handlers.base import BaseRouteHandler
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from portal.web.client import client_address, subscriber

logger = logging.getLogger(__name__)
TELL_EVERY_S = 1.0


@dataclass(frozen=True)
class Limit:
    """So many requests of one kind in so many seconds, for one key."""

    name: str
    most: int
    seconds: int


class Alone:
    """What this process counted by itself, for the time when Valkey does not answer.

    It keeps a bounded number of counts: what ended goes first, then what was counted longest ago.
    """

    def __init__(self, most_kept: int = 20_000) -> None:
        self.most_kept = most_kept
        self._counts: dict[str, tuple[int, float]] = {}  # name → count, moment of its end

    def count(self, name: str, now: float, seconds: int) -> int:
        """Count one more under ``name``, which names its window, and return how many it were."""
        if name not in self._counts and len(self._counts) >= self.most_kept:
            self._forget(now)
        count = self._counts.pop(name, (0, 0.0))[0] + 1
        self._counts[name] = (count, now - now % seconds + seconds)
        return count

    def _forget(self, now: float) -> None:
        live = {name: kept for name, kept in self._counts.items() if kept[1] > now}
        # The last counted stand last.
        self._counts = dict(list(live.items())[-self.most_kept * 9 // 10 :])


ALONE = Alone()


async def seconds_to_wait(valkey: Valkey, limit: Limit, key: str, now: float) -> int:
    """Count one more request; return 0 when it may pass, else the seconds until it may.

    Without Valkey each process counts by itself, with what it let through before: an outage gives
    nobody more guesses than one round of the limit at each process.
    """
    window, passed = divmod(now, limit.seconds)
    name = f"limit:{limit.name}:{key}:{int(window)}"
    own = ALONE.count(name, now, limit.seconds)
    try:
        count = int(await valkey.incr(name))
        if count == 1:
            await valkey.expire(name, limit.seconds)
    except (ValkeyError, OSError) as error:
        logger.warning(
            "limits counted in this process alone: Valkey does not answer (%s)",
            type(error).__name__,
        )
        count = own
    return 0 if count <= limit.most else max(1, int(limit.seconds - passed))


class Tally:
    """A limit that each process counts by itself, telling the others once a second.

    One statement to Valkey a request would take a quarter of the time of a short answer. What
    several processes let through too much is what arrives within that second.
    """

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._window = 0
        self._counted: Counter[str] = Counter()  # by all processes, as far as known here
        self._untold: Counter[str] = Counter()
        self._told_at = float("-inf")

    async def seconds_to_wait(self, valkey: Valkey, key: str, now: float) -> int:
        """Count one more request; return 0 when it may pass, else the seconds until it may."""
        window, passed = divmod(now, self.limit.seconds)
        if window != self._window:
            self._window, self._counted, self._untold = int(window), Counter(), Counter()
        self._counted[key] += 1
        self._untold[key] += 1
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            await self._tell(valkey)
        if self._counted[key] <= self.limit.most:
            return 0
        return max(1, int(self.limit.seconds - passed))

    async def _tell(self, valkey: Valkey) -> None:
        """Add what was counted here to what all have counted, and learn that."""
        window, untold, self._untold = self._window, self._untold, Counter()
        try:
            async with valkey.pipeline(transaction=False) as line:
                for key, count in untold.items():
                    name = f"limit:{self.limit.name}:{key}:{window}"
                    line.incrby(name, count)
                    line.expire(name, self.limit.seconds)
                totals = (await line.execute())[::2]
        except (ValkeyError, OSError) as error:
            logger.warning("limits not shared: Valkey does not answer (%s)", type(error).__name__)
            return
        if window == self._window:
            for key, total in zip(untold, totals, strict=True):
                self._counted[key] = int(total) + self._untold[key]


def too_many(wait: int) -> TooManyRequestsException:
    """Return the refusal, with the time after which to try again."""
    return TooManyRequestsException(headers={"Retry-After": str(wait)})


async def strictly_limited(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Guard of what can be guessed or sends mail: sign-in, registration, codes, resets.

    Only posts count, per subscriber and hour (``sign_in_attempts_per_hour``).
    """
    if connection.scope.get("method") != "POST":
        return
    settings = connection.app.state.settings
    limit = Limit("strict", settings.sign_in_attempts_per_hour, 3600)
    key = subscriber(client_address(connection.scope, settings.trusted_proxies))
    wait = await seconds_to_wait(connection.app.state.valkey, limit, key, time.time())
    if wait:
        raise too_many(wait)
