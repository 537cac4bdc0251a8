import pytest

from telemetry_ingest.broker import streams
from telemetry_ingest.broker.room import make_room
from telemetry_ingest.wire.subjects import PREFIX, STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared

SUBJECT = f"{PREFIX}pilots.{'ab' * 16}.readings"
ROOM = 1 << 20


@pytest.fixture
async def nc():
    """A stream with room for ten messages of 100 kB."""
    async with prepared(services()) as connection:
        await streams.prepare(connection, most_bytes=ROOM)
        yield connection
        await connection.jetstream().purge_stream(STREAM)
        await streams.prepare(connection)


async def fill(nc, count):
    for _ in range(count):
        await nc.jetstream().publish(SUBJECT, bytes(100_000))


async def store(nc, count):
    """Take messages as the ingest does once they are committed."""
    taking = await nc.jetstream().pull_subscribe_bind(consumer=streams.CONSUMER, stream=STREAM)
    for message in await taking.fetch(count):
        await message.ack_sync()


async def kept(nc):
    return (await nc.jetstream().stream_info(STREAM)).state.messages


async def test_nothing_goes_while_there_is_room(nc):
    await fill(nc, 7)
    await store(nc, 7)

    assert (await make_room(nc), await kept(nc)) == (0, 7)


async def test_the_older_half_of_what_is_stored_makes_room_and_nobody_is_refused(nc):
    await fill(nc, 10)
    await store(nc, 10)

    assert (await make_room(nc), await kept(nc)) == (5, 5)
    await fill(nc, 5)


async def test_what_is_not_stored_yet_stays_however_full_it_is(nc):
    await fill(nc, 10)
    assert (await make_room(nc), await kept(nc)) == (0, 10)

    await store(nc, 3)
    assert (await make_room(nc), await kept(nc)) == (3, 7)
