"""The process itself: started as in a deployment, told to stop as one."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from valkey.asyncio import Valkey

from portal import database
from portal.settings import get_settings
from telemetry_ingest.consumer.figures import Figures
from telemetry_ingest.health.beats import Beat, beats
from telemetry_ingest.process import lanes_of
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import subject_of
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.consumer.devices import drop_days, make_pilot_device, readings

TAJHIZ = str(Path(sys.executable).with_name("tajhiz"))


@pytest.fixture
async def broker(db):
    async with prepared(services()) as nc:
        yield nc
    await drop_days()


@asynccontextmanager
async def ingesting(output: int | None = None, **environment: str):
    surroundings = {**os.environ, **services().environment(), **environment}
    process = await asyncio.create_subprocess_exec(
        TAJHIZ,
        "ingest",
        env=surroundings,
        stdout=output,
        stderr=output and asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stored(many: int) -> int:
    found = 0
    for _ in range(600):
        found = (await database.fetch("SELECT count(*) FROM reading"))[0][0]
        if found >= many:
            break
        await asyncio.sleep(0.05)
    return found


async def heard_of(valkey: Valkey) -> list[Beat]:
    for _ in range(100):
        found = [one for one in await beats(valkey) if one.figures.get("readings")]
        if found:
            return found
        await asyncio.sleep(0.2)
    return []


async def test_it_stores_says_how_it_is_and_stops_when_told(broker):
    one = await make_pilot_device()
    valkey = Valkey.from_url(get_settings().valkey_url.get_secret_value())
    for seq in range(0, 100, 10):
        content = msgspec.msgpack.encode(readings(seq, [97.0] * 10))
        await broker.jetstream().publish(subject_of(one.id, Topic.READINGS), content)

    async with ingesting() as process:
        found = await stored(100)
        [said] = await heard_of(valkey)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 30)

    assert (found, code) == (100, 0)
    assert (said.kind, said.figures["readings"], said.figures["refused"]) == ("ingest", 100, 0)
    assert said.memory > 10_000_000
    assert await beats(valkey) == []
    await valkey.aclose()


async def test_it_waits_for_a_broker_that_is_away(db):
    async with ingesting(asyncio.subprocess.PIPE, TAJHIZ_NATS_URL="nats://127.0.0.1:1") as process:
        lines = (line async for line in process.stdout if b"The broker: " in line)
        async with asyncio.timeout(60):
            said = [await anext(lines) for _ in range(2)]  # it goes on after the first
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 30)

    assert (len(said), code) == (2, 0)


async def test_a_process_has_as_many_lanes_as_it_is_told(broker):
    settings = get_settings().model_copy(update={"ingest_lanes": 3})

    assert len(lanes_of(settings, broker, Figures(), asyncio.Event())) == 3
