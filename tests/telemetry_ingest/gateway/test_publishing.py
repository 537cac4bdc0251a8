"""The broker goes away and comes back: « kept » is true, and nothing is kept twice."""

import asyncio
import signal
import time
from pathlib import Path

import pytest

from portal.local.nats import Nats
from portal.local.places import Places, any_port
from telemetry_ingest.broker import streams
from telemetry_ingest.gateway import publishing
from telemetry_ingest.gateway.publishing import Ack, NotKept, Publisher
from telemetry_ingest.wire.subjects import STREAM
from tests.telemetry_ingest.gateway.gateways import enrolled, gateway, readings, send


@pytest.fixture
async def own(tmp_path, db):
    """A broker that may be stopped."""
    nats = Nats(Places(tmp_path), any_port(), any_port(), any_port())
    nats.places.make()
    nats.prepare()
    children = []

    def start():
        children.append(nats.child())
        children[-1].start()
        children[-1].wait_ready()

    nats.__dict__["start"], nats.__dict__["stop"] = start, lambda: children[-1].stop()

    def sends(number):
        return lambda: children[-1].process.send_signal(number)

    nats.__dict__["pause"] = lambda: stand_still(children[-1].process)
    nats.__dict__["go_on"] = sends(signal.SIGCONT)
    nats.__dict__["kill"] = sends(signal.SIGKILL)
    start()
    yield nats
    children[-1].stop()


def stand_still(process) -> None:
    """Stop a process, and return when every thread of it stands still."""
    process.send_signal(signal.SIGSTOP)
    states = {"?"}
    while states != {"T"}:
        threads = Path(f"/proc/{process.pid}/task").glob("*/stat")
        states = {one.read_text().rpartition(") ")[2][0] for one in threads}


async def prepare(nats) -> int:
    import nats as library

    nc = await library.connect(nats.url)
    try:
        await streams.prepare(nc)
        return (await nc.jetstream().stream_info(STREAM)).state.messages
    finally:
        await nc.close()


async def until_kept(client, device, message):
    for _ in range(300):
        answer = await send(client, device, message)
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError("never kept")


async def test_without_the_broker_a_device_is_told_to_try_again(own):
    await prepare(own)
    device = await enrolled()
    from pydantic import SecretStr

    async with gateway(nats_url=SecretStr(own.url)) as client:
        first = await send(client, device, readings())
        own.stop()
        away = await send(client, device, readings(seq=2))
        ready = await client.get("/readyz")
        own.start()
        again = await until_kept(client, device, readings(seq=2))

    assert (first.status_code, away.status_code, ready.status_code) == (202, 503, 503)
    assert (away.headers["retry-after"], away.json()["type"]) == ("5", "urn:tajhiz:ingest:not_kept")
    assert (again.status_code, await prepare(own)) == (202, 2)


async def test_a_broker_without_the_stream_keeps_nothing(own):
    publisher = Publisher(own.url, patience_s=2)
    await publisher.start()
    try:
        with pytest.raises(NotKept):
            await publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", "1")
        assert publisher.waiting == 0
    finally:
        await publisher.stop()


async def test_a_broker_that_comes_late_is_found(own):
    own.stop()
    publisher = Publisher(own.url, patience_s=1)
    await publisher.start()
    before = publisher.connected
    own.start()
    for _ in range(300):
        if publisher.connected:
            break
        await asyncio.sleep(0.1)
    after = publisher.connected
    await publisher.stop()

    assert (before, after) == (False, True)


async def test_many_at_once_each_get_their_own_answer(own):
    await prepare(own)
    publisher = Publisher(own.url)
    await publisher.start()
    acks = await asyncio.gather(
        *(publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", str(n % 50)) for n in range(100))
    )
    await publisher.stop()

    assert sum(ack.duplicate for ack in acks) == 50


async def test_a_broker_that_hangs_is_waited_for_so_long_and_let_go_of(own, monkeypatch):
    monkeypatch.setattr(publishing, "PING_EVERY_S", 0.3)
    await prepare(own)
    publisher = Publisher(own.url, patience_s=1)
    await publisher.start()
    own.pause()
    began = time.monotonic()
    outcomes = await asyncio.gather(
        *(publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", str(n)) for n in range(50)),
        return_exceptions=True,
    )
    waited = time.monotonic() - began
    own.go_on()
    for _ in range(300):
        if publisher.connected:
            break
        await asyncio.sleep(0.1)
    ack = await publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", "100")
    left = publisher.waiting
    await publisher.stop()

    assert {type(one) for one in outcomes} == {NotKept}
    assert (waited < 20, ack.duplicate, left) == (True, False, 0)


async def test_so_many_may_wait_and_not_more(own, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_WAITING", 10)
    await prepare(own)
    publisher = Publisher(own.url)
    await publisher.start()
    outcomes = await asyncio.gather(
        *(publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", str(n)) for n in range(15)),
        return_exceptions=True,
    )
    await publisher.stop()

    assert [type(one) for one in outcomes] == [Ack] * 10 + [NotKept] * 5
    assert await prepare(own) == 10


async def test_whoever_waits_when_the_broker_is_killed_is_told_at_once(own):
    await prepare(own)
    publisher = Publisher(own.url, patience_s=120)
    await publisher.start()
    own.pause()
    waiting = asyncio.gather(
        *(publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", str(n)) for n in range(5)),
        return_exceptions=True,
    )
    await asyncio.sleep(0.1)
    began = time.monotonic()
    own.kill()
    outcomes = await waiting
    waited = time.monotonic() - began
    await publisher.stop()

    assert ({type(one) for one in outcomes}, waited < 20) == ({NotKept}, True)
