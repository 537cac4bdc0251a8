from dataclasses import replace

from nats.js.api import AckPolicy, DiscardPolicy, RetentionPolicy, StreamConfig

from telemetry_ingest.broker import streams
from telemetry_ingest.broker.pull import Puller
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
    assert consumer.filter_subject == "$MQTT.msgs.>"


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


async def test_a_consumer_with_another_filter_is_mended_and_is_told_of_what_comes():
    async with prepared(services()) as nc:
        js = nc.jetstream()
        await js.delete_consumer(STREAM, streams.CONSUMER)
        earlier = replace(streams.consumer(), filter_subject=f"{PREFIX}pilots.>")
        await js.add_consumer(STREAM, earlier)
        await streams.prepare(nc)
        puller = Puller(services().nats_url, STREAM, streams.CONSUMER)
        for number in range(5):
            await js.publish(f"{PREFIX}pilots.x.readings", b"%d" % number)
        found = await puller.fetch(10, 5)
        await puller.close()

    assert [one.content for one in found] == [b"0", b"1", b"2", b"3", b"4"]
