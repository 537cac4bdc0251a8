import asyncio
import gc
import re
import time
import warnings
from types import SimpleNamespace
from uuid import uuid4

import msgspec
import nats

from portal.settings import get_settings
from telemetry_ingest.live.hub import Hub
from telemetry_ingest.live.listening import listen
from telemetry_ingest.states import PilotState
from tests.people import make_person, organisation_of
from tests.services import services
from tests.telemetry_ingest.live.served import Reader, serving, session_for
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import SPO2

CLIENTS = 200


def said(device, *values, number=1):
    readings = [[place * 1_000_000, SPO2, value] for place, value in enumerate(values)]
    content = {
        "device": device.hex, "number": number, "readings": readings, "status": None, "alarms": [],
    }  # fmt: skip
    return f"live.{device.hex}", msgspec.msgpack.encode(content)


async def test_what_is_published_reaches_those_who_watch_and_broken_messages_nobody():
    hub, device, other = Hub(), uuid4(), uuid4()
    task = asyncio.create_task(listen(hub, get_settings()))
    broker = await nats.connect(services().nats_url)
    try:
        with hub.watching([device.hex], uuid4()) as watcher:
            await watcher.take(0.5)  # until the subscription stands
            await broker.publish(f"live.{device.hex}", b"\xc1")
            await broker.publish(f"live.{device.hex}", said(other, 1.0)[1])
            await broker.publish(*said(other, 2.0))
            await broker.publish(*said(device, 97.5, None))

            [event] = await watcher.take(5)

        assert event.startswith(b"event: readings\ndata: {")
        assert b'"readings":[[0,150456,97.5],[1000000,150456,null]]' in event
    finally:
        task.cancel()
        await asyncio.wait({task})
        await broker.close()


async def test_without_a_broker_nothing_is_live_and_nothing_breaks():
    await listen(Hub(), SimpleNamespace(nats_url=None))


async def test_a_portal_that_stops_while_it_connects_leaves_no_connection_open():
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for place in range(60):
            task = asyncio.create_task(listen(Hub(), get_settings()))
            await asyncio.sleep(place / 10_000)  # from « not begun » to « subscribed »
            task.cancel()
            await asyncio.wait({task})
        gc.collect()

    assert [str(one.message) for one in left if one.category is ResourceWarning] == []


async def test_two_hundred_readers_get_everything_and_the_server_stops_at_once(db):
    sides = await two_sides()
    pilot = await make_pilot(sides, PilotState.RUNNING)
    unit = await make_unit(pilot)
    hospital = await organisation_of(sides.host)
    people = [await make_person(organisation=hospital) for _ in range(CLIENTS // 20)]
    tokens = [await session_for(one) for one in people]
    path = f"/fr/pilots/{pilot.id}/live/events"
    async with serving() as (port, process):
        readers = [await Reader.open(port, path, tokens[n % len(tokens)]) for n in range(CLIENTS)]
        broker = await nats.connect(services().nats_url)
        for number in range(10):
            await broker.publish(*said(unit.id, 90.5 + number))
        await broker.flush()

        await asyncio.gather(*(one.until(b"99.5") for one in readers))
        wrong = [one for one in readers if one.seen.count(b"event: readings") != 10]
        assert wrong == []

        for one in readers[:50]:
            await one.close()  # they go; the others do not notice
        await broker.publish(*said(unit.id, 42.25))
        await asyncio.gather(*(one.until(b"42.25") for one in readers[50:]))

        began = time.monotonic()
        process.terminate()
        await asyncio.gather(*(one.end() for one in readers[50:]))
        await asyncio.to_thread(process.wait, 15)
        assert time.monotonic() - began < 5
        await broker.close()
        for one in readers[50:]:
            await one.close()


async def test_a_reader_who_does_not_read_holds_up_nobody_and_learns_what_was_skipped(db):
    sides = await two_sides()
    unit = await make_unit(pilot := await make_pilot(sides, PilotState.RUNNING))
    token = await session_for(sides.host)
    path = f"/fr/pilots/{pilot.id}/live/events?device={unit.id}"
    async with serving() as (port, _process):
        slow = await Reader.open(port, path, token, limit=1024)
        quick = await Reader.open(port, path, token)
        broker = await nats.connect(services().nats_url)
        for number in range(2_000):
            await broker.publish(*said(unit.id, *[float(number)] * 200))
            if number % 50 == 0:
                await quick.until(b",%d.0]" % number)
        await broker.publish(*said(unit.id, 123.25))
        await broker.flush()
        await quick.until(b"123.25")

        await slow.until(b"123.25")
        skipped = re.findall(rb'event: skipped\ndata: {"events":(\d+)}', slow.seen)
        assert skipped != []
        assert sum(map(int, skipped)) + slow.seen.count(b"event: readings") == 2_001
        await broker.close()
        await slow.close()
        await quick.close()
