from nats.js.api import AckPolicy, DiscardPolicy, RetentionPolicy, StreamConfig

from telemetry_ingest.broker import streams
from telemetry_ingest.wire.subjects import PREFIX, STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared


async def test_messages_are_kept_whether_anybody_reads_them_or_not():
    async with prepared(services()) as nc:
        stream = (await nc.jetstream().stream_info(STREAM)).config
        consumer = (await nc.jetstream().consumer_info(STREAM, streams.CONSUMER)).config

    assert (stream.retention, stream.discard, stream.max_age, stream.max_bytes) == (
        RetentionPolicy.LIMITS,
        DiscardPolicy.NEW,
        72 * 3600,
        streams.MOST_BYTES,
    )
    assert (consumer.ack_policy, consumer.ack_wait) == (AckPolicy.EXPLICIT, 10)
    assert consumer.filter_subject == "$MQTT.msgs.pilots.>"


async def test_preparing_again_changes_nothing_and_a_stream_made_by_the_broker_is_mended():
    async with prepared(services()) as nc:
        js = nc.jetstream()
        await js.publish(f"{PREFIX}pilots.x.readings", b"kept")
        await streams.prepare(nc)
        assert (await js.stream_info(STREAM)).state.messages == 1

        await js.delete_stream(STREAM)
        await js.add_stream(
            StreamConfig(name=STREAM, subjects=[f"{PREFIX}>"], retention=RetentionPolicy.INTEREST)
        )
        await streams.prepare(nc, most_bytes=1 << 20)
        mended = (await js.stream_info(STREAM)).config
        await js.delete_stream(STREAM)

    assert (mended.retention, mended.max_bytes) == (RetentionPolicy.LIMITS, 1 << 20)
