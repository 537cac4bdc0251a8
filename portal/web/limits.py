"""Rate limits, counted in Valkey so that all web processes share them."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import TooManyRequestsException
from litestar.handlers.base import BaseRouteHandler
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from portal.web.client import client_address, subscriber

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many requests of one kind in so many seconds, for one key."""

    name: str
    most: int
    seconds: int


async def seconds_to_wait(valkey: Valkey, limit: Limit, key: str, now: float) -> int:
    """Count one more request; return 0 when it may pass, else the seconds until it may.

    Without Valkey everything passes: a portal that refuses everybody protects nobody.
    """
    window, passed = divmod(now, limit.seconds)
    name = f"limit:{limit.name}:{key}:{int(window)}"
    try:
        count = int(await valkey.incr(name))
        if count == 1:
            await valkey.expire(name, limit.seconds)
    except (ValkeyError, OSError) as error:
        logger.warning("no limits: Valkey does not answer (%s)", type(error).__name__)
        return 0
    return 0 if count <= limit.most else max(1, int(limit.seconds - passed))


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
