"""The process ``tajhiz ingest``: who may connect, and the lanes that bring readings home.

Any number of them may run; they share the work. When the broker or the database is away at the
start, it waits; SIGTERM lets the lanes finish the batch they have.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from contextlib import AsyncExitStack, suppress

import asyncpg
import msgspec
import nats.errors
from nats.aio.client import Client

from portal import database
from portal.settings import Settings
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.pull import Puller
from telemetry_ingest.broker.service import guarding
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.figures import Figures
from telemetry_ingest.consumer.live import Live
from telemetry_ingest.consumer.loop import Lane
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.health.beats import INGEST, beating
from telemetry_ingest.wire.subjects import STREAM

log = logging.getLogger(__name__)

LOG_S = 60.0
PAUSE_S = 1.0
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, nats.errors.Error)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    figures = Figures(started_at=time.time())
    # What was loaded stays for good: no collection has to look through it, again and again.
    gc.collect()
    gc.freeze()
    url = settings.valkey_url.get_secret_value()
    # It says that it is there also while it waits for the broker or the database.
    async with beating(url, INGEST, lambda: msgspec.to_builtins(figures)):
        await _keep_serving(settings, figures, stopping)


async def _keep_serving(settings: Settings, figures: Figures, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        begun = asyncio.Event()
        serving = asyncio.create_task(serve(settings, figures, stopping, begun))
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if not begun.is_set() and stopping.is_set():
            serving.cancel()  # it still waits for the services; there is nothing to finish
        try:
            await serving
        except asyncio.CancelledError:
            return
        except AWAY as error:
            log.warning("Not all services are there (%s: %s).", type(error).__name__, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), PAUSE_S)


async def serve(
    settings: Settings, figures: Figures, stopping: asyncio.Event, begun: asyncio.Event
) -> None:
    """Run the lanes until told to stop; ``begun`` says that all services were there."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            database.pool(min_size=1, max_size=settings.database_pool_size)
        )
        nc = await stack.enter_async_context(guarding(settings))
        stack.push_async_callback(_end, asyncio.create_task(_log(figures)))
        lanes = lanes_of(settings, nc, figures, stopping)
        begun.set()
        log.info("Ingesting.", extra={"lanes": len(lanes)})
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(lane.run())
        log.info("Stopped.", extra=msgspec.to_builtins(figures))


def lanes_of(
    settings: Settings, nc: Client, figures: Figures, stopping: asyncio.Event
) -> list[Lane]:
    """Return the lanes of this process; while one waits for the database, another decodes."""
    assert settings.nats_url is not None
    url, dsn = settings.nats_url.get_secret_value(), settings.database_url.get_secret_value()
    catalogue, live = Catalogue(), Live(nc)
    return [
        Lane(
            Puller(url, STREAM, streams.CONSUMER),
            Store(
                dsn,
                patience_s=settings.ingest_patience_s,
                most_held=settings.quarantine_per_device,
            ),
            catalogue,
            figures,
            tell=live.tell,
            stopping=stopping,
        )
        for _ in range(settings.ingest_lanes)
    ]


async def _log(figures: Figures) -> None:
    """Log once a minute how it goes, when anything came."""
    before = figures.messages
    while True:
        await asyncio.sleep(LOG_S)
        if figures.messages != before:
            log.info("So far.", extra=msgspec.to_builtins(figures))
            before = figures.messages


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
