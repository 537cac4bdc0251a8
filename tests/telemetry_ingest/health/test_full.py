"""A device on MQTT and a full stream: no acknowledgement, so the device keeps what it has."""

import pytest
from nats.js.errors import APIError

from portal.settings import get_settings
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.health.broker import ask
from tests.services import services
from tests.telemetry_ingest.broker.brokers import on_mqtt, prepared
from tests.telemetry_ingest.broker.enrolling import enrol

FILLING = "$MQTT.msgs.pilots.{}.readings".format("a" * 32)


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        deciding = Callout(connection, Issuer(get_settings().nats_issuer_seed.get_secret_value()))
        await deciding.start()
        yield connection
        await deciding.stop()
        await connection.jetstream().purge_stream("$MQTT_msgs")
        await streams.prepare(connection)


async def test_nothing_is_acknowledged_while_it_is_full_and_all_is_when_there_is_room(nc):
    mine = await enrol()
    topic = f"pilots/{mine.hex}/readings"
    await streams.prepare(nc, most_bytes=1024**2)
    with pytest.raises(APIError, match="maximum bytes"):
        while True:
            await nc.jetstream().publish(FILLING, b"x" * 1000)
    before = (await ask(services().nats_url)).messages

    async with on_mqtt(services(), mine.hex, mine.token) as unit:
        refused = await unit.publish(topic, b"x" * 1000, within_s=3)
    kept = (await ask(services().nats_url)).messages
    await streams.prepare(nc, most_bytes=2 * 1024**2)
    async with on_mqtt(services(), mine.hex, mine.token) as unit:
        taken = await unit.publish(topic, b"x" * 1000)

    assert (refused, kept - before, taken) == (False, 0, True)
