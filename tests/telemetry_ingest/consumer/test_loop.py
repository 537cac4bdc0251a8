"""From the broker to the tables and back to the acknowledgement, on the real ones."""

import asyncio
from contextlib import asynccontextmanager
from itertools import pairwise
from time import monotonic

import asyncpg
import msgspec
import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.pull import Puller
from telemetry_ingest.consumer import loop
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.figures import Figures
from telemetry_ingest.consumer.live import Live
from telemetry_ingest.consumer.loop import FIRST_MESSAGES, HOPELESS, SUSPECT, Lane, is_fault
from telemetry_ingest.consumer.reading import MOST_READINGS
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.states import PilotState
from telemetry_ingest.tables import Pilot
from telemetry_ingest.wire import subject_of
from telemetry_ingest.wire.subjects import STREAM, Topic
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.consumer.devices import (
    NOW,
    SPO2,
    drop_days,
    make_pilot,
    make_pilot_device,
    readings,
)


@pytest.fixture
async def broker(db):
    async with prepared(services()) as nc:
        yield nc
    await drop_days()


@asynccontextmanager
async def lane(*, puller=None, store=None, tell=None, stopping=None):
    dsn = get_settings().database_url.get_secret_value()
    made = Lane(
        puller or Puller(services().nats_url, STREAM, streams.CONSUMER),
        store or Store(dsn),
        Catalogue(),
        Figures(),
        tell=tell,
        stopping=stopping,
    )
    try:
        yield made
    finally:
        await made.close()


async def send(nc, device, *messages, topic=Topic.READINGS):
    for one in messages:
        content = one if isinstance(one, bytes) else msgspec.msgpack.encode(one)
        await nc.jetstream().publish(subject_of(device, topic), content)


async def values():
    rows = await database.fetch("SELECT seq, value FROM reading ORDER BY device, boot, seq")
    return [tuple(row) for row in rows]


async def waiting(nc):
    """Return what the consumer has still to do: not delivered, and not acknowledged.

    The broker takes acknowledgements in when it has the time: what is still to do is asked again.
    """
    for _ in range(100):
        found = await nc.jetstream().consumer_info(STREAM, streams.CONSUMER)
        if not found.num_pending and not found.num_ack_pending:
            break
        await asyncio.sleep(0.05)
    return found.num_pending, found.num_ack_pending


async def test_what_is_committed_is_acknowledged(broker):
    one = await make_pilot_device()
    await send(broker, one.id, readings(0, [97.0, 98.0]), b"not of our shape")

    async with lane() as made:
        done = await made.step(0.5)

    assert (done, await values(), await waiting(broker)) == (2, [(0, 97.0), (1, 98.0)], (0, 0))


async def test_nothing_is_acknowledged_before_it_is_committed(broker):
    one = await make_pilot_device()
    await send(broker, one.id, readings(0, [97.0]))
    stopping = asyncio.Event()

    class Away(Store):
        async def store(self, batch):
            stopping.set()
            raise OSError("no database")

    async with lane(store=Away(get_settings().database_url.get_secret_value()),
                    stopping=stopping) as made:  # fmt: skip
        await made.step(0.5)

    assert (await values(), await waiting(broker)) == ([], (0, 1))


async def test_what_was_not_acknowledged_comes_again_and_changes_nothing(broker):
    one = await make_pilot_device()
    await send(broker, one.id, readings(0, [97.0, 98.0]))

    class Deaf(Puller):
        async def ack(self, replies):
            """Lose the acknowledgement, as a worker that is killed does."""

    async with lane() as made:
        made._puller = Deaf(services().nats_url, STREAM, streams.CONSUMER)
        await made.step(0.5)
    await broker.jetstream().delete_consumer(STREAM, streams.CONSUMER)
    await streams.prepare(broker)
    async with lane() as made:
        await made.step(0.5)

    assert (await values(), await waiting(broker)) == ([(0, 97.0), (1, 98.0)], (0, 0))
    assert (made.figures.readings, made.figures.repeated) == (0, 2)


async def test_several_lanes_share_the_work(broker):
    one, other = await make_pilot_device(), await make_pilot_device()
    for seq in range(0, 200, 10):
        await send(broker, one.id, readings(seq, [float(seq)] * 10))
        await send(broker, other.id, readings(seq, [float(seq)] * 10))

    async with lane() as first, lane() as second, lane() as third:
        async with asyncio.timeout(30):
            while sum(each.figures.messages for each in (first, second, third)) < 40:
                await asyncio.gather(*(each.step(0.1) for each in (first, second, third)))

    assert (len(await values()), await waiting(broker)) == (400, (0, 0))
    ledger = await database.fetch("SELECT stored::text FROM device_ledger")
    assert [row["stored"] for row in ledger] == ["{[0,200)}"] * 2


async def test_the_next_answer_fills_one_batch(broker):
    one = await make_pilot_device()
    await send(broker, one.id, *[readings(seq, [1.0] * 200) for seq in (0, 200)])
    asked = []

    class Asked(Puller):
        async def fetch(self, most, wait_s):
            asked.append(most)
            return await super().fetch(most, wait_s)

    async with lane(puller=Asked(services().nats_url, STREAM, streams.CONSUMER)) as made:
        await made.step(0.5)
        await made.step(0.05)

    assert asked == [FIRST_MESSAGES, MOST_READINGS // 200 + 1]


async def test_one_message_the_database_refuses_goes_to_the_quarantine_alone(broker):
    one = await make_pilot_device()
    await database.fetch(f"ALTER TABLE reading ADD CONSTRAINT poison CHECK (seq <> {13})")
    try:
        for seq in range(20):
            await send(broker, one.id, readings(seq, [float(seq)]))
        async with lane() as made:
            await made.step(0.5)
    finally:
        await database.fetch("ALTER TABLE reading DROP CONSTRAINT poison")

    held = await database.fetch("SELECT reason, content IS NOT NULL AS kept FROM quarantine")
    assert [tuple(row) for row in held] == [("not_storable", True)]
    assert [seq for seq, _ in await values()] == [seq for seq in range(20) if seq != 13]
    assert await waiting(broker) == (0, 0)


async def delivered_often(broker, times: int) -> None:
    """Have the one message delivered so often, as by workers that are killed."""
    puller = Puller(services().nats_url, STREAM, streams.CONSUMER)
    for time in range(1, times + 1):
        [message] = await puller.fetch(1, 5)
        assert message.delivered == time
        await broker.publish(message.reply.decode(), b"-NAK")
        await broker.flush()
    await puller.close()


async def test_a_message_that_came_often_is_stored_all_the_same(broker):
    one = await make_pilot_device()
    await send(broker, one.id, readings(0, [97.0]))
    await delivered_often(broker, SUSPECT + 1)
    await send(broker, one.id, readings(1, [98.0]))

    async with lane() as made:
        done = await made.step(0.5)

    assert (done, await values()) == (2, [(0, 97.0), (1, 98.0)])
    assert (await waiting(broker), made.figures.batches) == ((0, 0), 2)


async def test_a_message_that_comes_for_ever_is_put_aside(broker):
    one = await make_pilot_device()
    await send(broker, one.id, readings(0, [97.0]))
    await delivered_often(broker, HOPELESS)

    async with lane() as made:
        await made.step(0.5)

    held = await database.fetch("SELECT reason, content IS NOT NULL AS kept FROM quarantine")
    assert [tuple(row) for row in held] == [("not_storable", True)]
    assert (await values(), await waiting(broker)) == ([], (0, 0))


async def test_a_pilot_that_starts_is_known_before_anything_is_refused(broker):
    pilot = await make_pilot(PilotState.AGREED)
    one = await make_pilot_device(pilot)
    await send(broker, one.id, readings(0, [97.0]))
    async with lane() as made:
        await made.step(0.5)
        await Pilot.update({Pilot.state: PilotState.RUNNING}).where(Pilot.id == pilot.id)

        await send(broker, one.id, readings(1, [98.0]))
        await made.step(0.5)

    assert await values() == [(1, 98.0)]


async def test_who_watches_is_told_after_the_commit(broker):
    one = await make_pilot_device()
    heard = await broker.subscribe("live.*")
    await broker.flush()
    last = {"boot": 1, "seq": 250, "sent": NOW, "readings": [[NOW + 9, SPO2, None]]}
    await send(broker, one.id, readings(0, [float(each) for each in range(250)]), last)
    status = {"boot": 1, "seq": 0, "sent": NOW, "at": NOW, "state": "partial"}
    await send(broker, one.id, status, topic=Topic.STATUS)

    async with lane(tell=Live(broker).tell) as made:
        await made.step(0.5)
    said = await heard.next_msg(5)

    found = msgspec.msgpack.decode(said.data)
    assert (said.subject, found["device"], found["number"]) == (
        f"live.{one.id.hex}", one.id.hex, one.number,
    )  # fmt: skip
    assert (len(found["readings"]), found["readings"][-1]) == (200, [NOW + 9, SPO2, None])
    assert (found["status"], found["alarms"]) == (
        {"at": NOW, "state": "partial", "firmware": None},
        [],
    )


async def test_it_stops_when_it_is_told_to(broker):
    stopping = asyncio.Event()
    async with lane(stopping=stopping) as made:
        running = asyncio.create_task(made.run())
        await asyncio.sleep(0.1)
        stopping.set()
        await asyncio.wait_for(running, 30)

    assert running.result() is None


class Timed(Puller):
    """Fetches one message at a time, remembers when, and after the third one says stop."""

    def __init__(self, stopping):
        super().__init__(services().nats_url, STREAM, streams.CONSUMER)
        self.asked_at, self._stopping = [], stopping

    async def fetch(self, most, wait_s):
        self.asked_at.append(monotonic())
        found = await super().fetch(1, wait_s)
        if len(self.asked_at) == 3:
            self._stopping.set()
        return found


async def test_it_does_not_ask_for_each_message_of_a_trickle(broker, monkeypatch):
    monkeypatch.setattr(loop, "PACE_S", 0.2)
    one = await make_pilot_device()
    await send(broker, one.id, *(readings(seq, [97.0]) for seq in range(3)))
    stopping = asyncio.Event()
    puller = Timed(stopping)
    async with lane(puller=puller, stopping=stopping) as made:
        await made.run()

    assert len(await values()) == 2  # the third one comes again
    assert all(later - first > 0.19 for first, later in pairwise(puller.asked_at))


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (asyncpg.NumericValueOutOfRangeError("x"), True),
        (asyncpg.CheckViolationError("violates check constraint"), True),
        (asyncpg.CheckViolationError("no partition of relation"), False),
        (asyncpg.DeadlockDetectedError("x"), False),
        (asyncpg.DiskFullError("x"), False),
        (asyncpg.UndefinedTableError("x"), False),
        (ConnectionResetError("x"), False),
        (RuntimeError("x"), False),
    ],
)
def test_only_what_is_wrong_with_the_message_is_its_fault(error, fault):
    assert is_fault(error) is fault
