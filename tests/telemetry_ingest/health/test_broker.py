"""What the broker says of itself: full, behind, without a stream, away."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from nats.js.errors import APIError, NotFoundError

from telemetry_ingest.broker import streams
from telemetry_ingest.health.broker import Away, NoStream, ask, word
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared

SUBJECT = "$MQTT.msgs.pilots.{}.readings".format("a" * 32)


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        yield connection


async def test_what_waits_and_since_when(nc):
    js = nc.jetstream()
    empty = await ask(services().nats_url)
    for _ in range(5):
        await js.publish(SUBJECT, b"x")
    waiting = await js.pull_subscribe("", durable=streams.CONSUMER, stream=STREAM)
    for one in await waiting.fetch(2):
        await one.ack_sync()
    [held] = await waiting.fetch(1)

    seen = await ask(services().nats_url)
    await held.ack_sync()

    assert (empty.behind, empty.oldest_at) == (0, None)
    assert (seen.waiting, seen.unacknowledged, seen.behind) == (2, 1, 3)
    assert (seen.last - empty.last, seen.done - empty.last) == (5, 2)
    assert seen.oldest_at is not None
    assert timedelta(0) <= datetime.now(UTC) - seen.oldest_at < timedelta(seconds=10)
    assert await word(services().nats_url) == "ok"


async def test_a_full_stream_refuses_what_is_new_and_keeps_what_it_has(nc):
    js = nc.jetstream()
    await streams.prepare(nc, most_bytes=1024**2)
    kept = 0
    with pytest.raises(APIError, match="maximum bytes"):
        while True:
            await js.publish(SUBJECT, b"x" * 1000)
            kept += 1

    state = (await js.stream_info(STREAM)).state
    said = await word(services().nats_url)
    await streams.prepare(nc, most_bytes=2 * 1024**2)  # more room: they are taken again
    await js.publish(SUBJECT, b"x" * 1000)

    assert (state.messages, said) == (kept, "full")
    assert await word(services().nats_url) == "ok"


async def test_a_broker_without_a_stream_and_one_that_is_away(nc):
    with suppress(NotFoundError):
        await nc.jetstream().delete_stream(STREAM)
    with pytest.raises(NoStream):
        await ask(services().nats_url)
    said = await word(services().nats_url)
    await streams.prepare(nc)

    assert (said, await word("nats://127.0.0.1:1")) == ("no stream", "away")


async def test_a_broker_that_takes_connections_and_says_nothing_is_away():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other side gives up
        writer.close()

    began = asyncio.get_running_loop().time()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Away):
            await ask(f"nats://127.0.0.1:{port}")

    assert asyncio.get_running_loop().time() - began < 2
