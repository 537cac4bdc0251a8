"""Everything we do for the broker while it runs: who connects, who no longer may, who tried."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import nats
from nats.aio.client import Client

from portal.settings import Settings
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.disconnecting import keep_disconnecting
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.broker.room import keep_room
from telemetry_ingest.broker.violations import keep_counting

log = logging.getLogger(__name__)

STREAM_PATIENCE_S = 30


@asynccontextmanager
async def guarding(settings: Settings) -> AsyncIterator[Client]:
    """Prepare the stream and decide about connections while the block runs.

    Needs the database's pool. Gives the connection, for whoever else publishes.
    """
    assert settings.nats_url is not None, "TAJHIZ_NATS_URL is not set"
    nc = await connect(settings.nats_url.get_secret_value())
    try:
        await _prepare(nc, settings)
        async with _deciding(nc, settings), _watching(settings), _running(keep_room(nc)):
            yield nc
    finally:
        await nc.close()


async def connect(url: str) -> Client:
    """Connect to the broker and stay connected, however often it goes away."""
    return await nats.connect(
        url.split(","),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,
        error_cb=_trouble,
        allow_reconnect=True,
    )


@asynccontextmanager
async def _deciding(nc: Client, settings: Settings) -> AsyncIterator[None]:
    if settings.nats_issuer_seed is None:
        log.warning("TAJHIZ_NATS_ISSUER_SEED is not set: no device can connect over MQTT.")
        yield
        return
    callout = Callout(nc, Issuer(settings.nats_issuer_seed.get_secret_value()))
    await callout.start()
    try:
        yield
    finally:
        await callout.stop()


@asynccontextmanager
async def _watching(settings: Settings) -> AsyncIterator[None]:
    if settings.nats_system_url is None:
        log.warning(
            "TAJHIZ_NATS_SYSTEM_URL is not set: a revoked device that is connected stays so "
            "for up to an hour, and what devices try and may not is not counted."
        )
        yield
        return
    system = await connect(settings.nats_system_url.get_secret_value())
    works = [keep_disconnecting(system)]
    if settings.nats_log_dir is not None:
        works.append(keep_counting(system, settings.nats_log_dir))
    try:
        async with _running(*works):
            yield
    finally:
        await system.close()


@asynccontextmanager
async def _running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _prepare(nc: Client, settings: Settings) -> None:
    """Prepare the stream; a cluster that just starts has no leader for some seconds."""
    until = asyncio.get_running_loop().time() + STREAM_PATIENCE_S
    while True:
        try:
            await streams.prepare(
                nc, most_bytes=settings.nats_stream_bytes, replicas=settings.nats_replicas
            )
        except Exception:
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(0.5)
        else:
            return


async def _trouble(error: Exception) -> None:
    log.warning("The broker: %s", str(error) or type(error).__name__)
