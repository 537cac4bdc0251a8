"""The stream that keeps what devices publish, and the consumer that reads it.

NATS makes `$MQTT_msgs` by itself when the first device connects, but then keeps a message only
while somebody is interested: without a consumer it would be acknowledged and thrown away. So we
make it before, with limits. PUBACK then means: stored.
"""

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from telemetry_ingest.wire.subjects import PREFIX, STREAM

CONSUMER = "ingest"
SUBJECTS = f"{PREFIX}>"
KEPT_S = 72 * 3600
MOST_BYTES = 20 << 30
# How long a batch waits for another worker after the one that had it died.
ACK_WAIT_S = 10
MOST_UNACKNOWLEDGED = 500_000


async def prepare(nc: Client, *, most_bytes: int = MOST_BYTES, replicas: int = 1) -> None:
    """Make the stream and its consumer, or bring them to what they should be; safe to repeat."""
    js = nc.jetstream()
    await _prepare_stream(js, most_bytes, replicas)
    await js.add_consumer(STREAM, consumer())


def consumer(name: str = CONSUMER) -> ConsumerConfig:
    """Return the consumer: explicit acknowledgements, « all before » loses data."""
    return ConsumerConfig(
        durable_name=name,
        # The stream's own: for any other NATS looks through all devices of a block at each message
        # (a third of its work with 1,000 of them). And not none at all: a consumer that had one and
        # loses it is told of nothing new until the broker starts again (2.15).
        filter_subject=SUBJECTS,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_ack_pending=MOST_UNACKNOWLEDGED,
        max_waiting=512,
    )


async def _prepare_stream(js: JetStreamContext, most_bytes: int, replicas: int) -> None:
    try:
        found = (await js.stream_info(STREAM)).config
    except NotFoundError:
        await js.add_stream(
            StreamConfig(
                name=STREAM,
                subjects=[SUBJECTS],
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                # Full means refused: a device then gets no PUBACK and keeps what it has.
                discard=DiscardPolicy.NEW,
                max_age=KEPT_S,
                max_bytes=most_bytes,
                num_replicas=replicas,
            )
        )
        return
    wanted = found.evolve(
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        max_age=KEPT_S,
        max_bytes=most_bytes,
        num_replicas=max(replicas, found.num_replicas or 1),
    )
    if wanted != found:
        await js.update_stream(wanted)
