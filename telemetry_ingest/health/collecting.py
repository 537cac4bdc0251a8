"""Asks all parts at once; one that is away costs its answer, never the others'."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from portal.queue import HEALTH_KEY
from portal.settings import Settings
from telemetry_ingest.health import trends
from telemetry_ingest.health.beats import Beat, beats
from telemetry_ingest.health.broker import Broker, NoStream, ask
from telemetry_ingest.health.snapshot import Snapshot
from telemetry_ingest.health.trends import Sample
from telemetry_ingest.queries.health import kept_now

logger = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE_S = 1.5
SAMPLES = "tajhiz:telemetry:samples"


async def look(settings: Settings, valkey: Any) -> Snapshot:
    """Return how telemetry is at this moment. Needs the database's pool."""
    (broker, no_stream), kept, alive, worker, before = await asyncio.gather(
        _broker(settings),
        _or_none(kept_now(settings.telemetry_raw_days)),
        _or_none(_beats(valkey)),
        _or_none(_worker(valkey)),
        _or_none(samples(valkey)),
    )
    return Snapshot(
        datetime.now(UTC),
        broker,
        no_stream,
        kept,
        alive,
        worker,
        trends.grown(before or [], kept.missing) if kept else None,
    )


async def remember(valkey: Any, one: Sample) -> None:
    """Keep a sample for an hour."""
    await valkey.rpush(SAMPLES, msgspec.json.encode(one))
    await valkey.ltrim(SAMPLES, -trends.KEPT, -1)


async def samples(valkey: Any) -> list[Sample]:
    """Return the samples of the last hour, the oldest first."""
    found = [msgspec.json.decode(one, type=Sample) for one in await valkey.lrange(SAMPLES, 0, -1)]
    since = time.time() - trends.KEPT * trends.EVERY_S
    return [one for one in found if one.at >= since]


async def _broker(settings: Settings) -> tuple[Broker | None, bool]:
    if settings.nats_url is None:
        return None, False
    try:
        return await ask(settings.nats_url.get_secret_value()), False
    except NoStream:
        return None, True
    except ConnectionError:
        return None, False


async def _beats(valkey: Any) -> tuple[Beat, ...]:
    return tuple(await beats(valkey))


async def _worker(valkey: Any) -> bool:
    return bool(await valkey.exists(HEALTH_KEY))


async def _or_none(asked: Awaitable[T]) -> T | None:
    """Return an answer, or ``None`` when there is none in time."""
    try:
        return await asyncio.wait_for(asked, PATIENCE_S)
    except Exception as error:  # each part has its own family of errors
        logger.warning("A part of telemetry does not answer: %s", type(error).__name__)
        return None
