import asyncio
import time
from uuid import uuid4

import pytest

from telemetry_ingest.broker.pull import Puller
from telemetry_ingest.broker.streams import CONSUMER
from telemetry_ingest.states import Topic
from telemetry_ingest.wire.subjects import STREAM, subject_of
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared

SUBJECT = subject_of(uuid4(), Topic.READINGS)


@pytest.fixture
async def nc():
    async with prepared(services()) as connection:
        yield connection


@pytest.fixture
async def puller(nc):
    one = Puller(services().nats_url, STREAM, CONSUMER)
    yield one
    await one.close()


async def publish(nc, *contents, headers=None):
    js = nc.jetstream()
    for content in contents:
        await js.publish(SUBJECT, content, headers=headers)


async def unacknowledged(nc):
    info = await nc.jetstream().consumer_info(STREAM, CONSUMER)
    return info.num_ack_pending, info.num_pending


async def test_what_was_published_comes_in_order_with_how_it_came(nc, puller):
    before = time.time()
    contents = [b"", b"one\r\ntwo", bytes(range(256)) * 40, b"\r\n" * 3]
    await publish(nc, *contents)

    found = await puller.fetch(10, 1)

    assert [one.content for one in found] == contents
    assert {one.subject for one in found} == {SUBJECT}
    assert [one.delivered for one in found] == [1] * 4
    assert [one.pending for one in found] == [3, 2, 1, 0]
    assert [one.sequence - found[0].sequence for one in found] == [0, 1, 2, 3]
    assert all(before - 1 <= one.received_us / 1e6 <= time.time() + 1 for one in found)


async def test_headers_are_no_part_of_the_message(nc, puller):
    await publish(nc, b"content", headers={"Nats-Msg-Id": uuid4().hex})

    assert [one.content for one in await puller.fetch(10, 1)] == [b"content"]


async def test_nothing_there_is_an_empty_answer_after_the_wait(nc, puller):
    await puller.fetch(1, 0.01)  # connects
    began = time.monotonic()

    assert await puller.fetch(10, 0.2) == []
    assert 0.15 < time.monotonic() - began < 10


async def test_what_comes_during_the_wait_ends_it(nc, puller):
    waiting = asyncio.create_task(puller.fetch(10, 60))
    await asyncio.sleep(0.2)
    await publish(nc, b"late")
    began = time.monotonic()

    assert [one.content for one in await waiting] == [b"late"]
    assert time.monotonic() - began < 20


async def test_no_more_than_asked_for(nc, puller):
    await publish(nc, *[b"%d" % number for number in range(25)])

    sizes = [len(await puller.fetch(10, 0.2)) for _ in range(4)]

    assert sizes == [10, 10, 5, 0]


async def test_many_large_messages_come_in_portions_that_fit_into_memory(nc, puller):
    await publish(nc, *[bytes(7_000_000)] * 5)

    first = await puller.fetch(100, 1)
    second = await puller.fetch(100, 1)

    assert (len(first), len(second)) == (3, 2)


async def test_acknowledged_is_done_and_the_rest_is_not(nc, puller):
    await publish(nc, *[b"%d" % number for number in range(10)])
    found = await puller.fetch(10, 1)

    await puller.ack(one.reply for one in found[:7])
    assert await puller.fetch(1, 0.05) == []  # the broker has read what came before this request

    assert await unacknowledged(nc) == (3, 0)


async def test_two_pullers_share_the_work(nc, puller):
    other = Puller(services().nats_url, STREAM, CONSUMER)
    await publish(nc, *[b"%d" % number for number in range(20)])

    mine, others = await puller.fetch(10, 1), await other.fetch(20, 1)
    await other.close()

    assert sorted(int(one.content) for one in mine + others) == list(range(20))
    assert (len(mine), len(others)) == (10, 10)


async def test_a_connection_that_breaks_is_made_again(nc, puller):
    await publish(nc, b"first")
    assert len(await puller.fetch(1, 1)) == 1
    puller._writer.transport.abort()  # what a killed broker looks like
    await publish(nc, b"second")

    found = [await puller.fetch(1, 1) for _ in range(3)]

    assert [[one.content for one in each] for each in found if each] == [[b"second"]]
    assert puller.connections == 2


async def test_a_broker_that_is_not_there_is_an_empty_answer():
    puller = Puller("nats://a:b@127.0.0.1:1", STREAM, CONSUMER)

    assert await puller.fetch(10, 0.1) == []
    assert not puller.connected
    assert puller.trouble.startswith("ConnectionRefusedError")


async def test_a_wrong_password_and_a_missing_consumer_are_said(nc):
    url = services().nats_url
    wrong = Puller(url.replace("tajhiz:", "tajhiz:x"), STREAM, CONSUMER)
    missing = Puller(url, STREAM, "nobody")

    assert (await wrong.fetch(1, 0.1), await missing.fetch(1, 0.1)) == ([], [])
    assert ("Authorization Violation" in wrong.trouble, "no such" in missing.trouble) == (
        True,
        True,
    )
