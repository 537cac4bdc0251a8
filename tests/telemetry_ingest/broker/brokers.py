"""A clean broker for a test, and devices that publish to it as real ones do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import nats
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from telemetry_ingest.broker import streams
from telemetry_ingest.wire.subjects import STREAM
from tests.services import Services


@asynccontextmanager
async def prepared(services: Services) -> AsyncIterator[Client]:
    """Give a connection to the broker of this worker, with an empty stream and its consumer."""
    nc = await nats.connect(services.nats_url)
    try:
        with suppress(NotFoundError):
            await nc.jetstream().delete_consumer(STREAM, streams.CONSUMER)
        with suppress(NotFoundError):
            await nc.jetstream().purge_stream(STREAM)
        await streams.prepare(nc)
        yield nc
    finally:
        await nc.close()
