"""Making room in the stream: what is stored gives way before anybody is refused.

Messages stay 72 hours, so that a database that was lost can be filled again. But a stream that is
full refuses every device, and one that sends nonsense as fast as it can fills it in minutes.
"""

import asyncio
import logging

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from telemetry_ingest.broker import streams
from telemetry_ingest.wire.subjects import STREAM

log = logging.getLogger(__name__)

EVERY_S = 5.0
# NATS writes a session of every client identifier down and keeps it for ever: a device may make up
# as many as it likes. A million are some 0.3 GB, and far more than devices connect to one broker.
# A device has nothing in its session; one that finds it gone is let in when it tries again.
SESSIONS = "$MQTT_sess"
MOST_SESSIONS = 1_000_000
TIGHT = 0.8  # of the stream's room


async def keep_room(nc: Client) -> None:
    """Make room for ever; several processes may."""
    while True:
        try:
            await make_room(nc)
            await bound_sessions(nc)
        except Exception:  # the broker is away; it is asked again
            log.exception("Whether the stream has room is not known.")
        await asyncio.sleep(EVERY_S)


async def make_room(nc: Client) -> int:
    """Forget the older half of a stream that is nearly full, as far as it is stored.

    Return how many messages that were; what is not acknowledged stays, however full it is.
    """
    js = nc.jetstream()
    stream = await js.stream_info(STREAM)
    most, state = stream.config.max_bytes or 0, stream.state
    if most <= 0 or state.bytes < TIGHT * most:
        return 0
    floor = (await js.consumer_info(STREAM, streams.CONSUMER)).ack_floor
    stored = floor.stream_seq + 1 if floor is not None else 0
    until = min(stored, (state.first_seq + state.last_seq + 1) // 2)
    if until <= state.first_seq:
        log.warning("The stream is nearly full of messages that are not stored yet.")
        return 0
    await js.purge_stream(STREAM, seq=until)
    gone = until - state.first_seq
    log.warning(
        "The stream was nearly full: older messages, all stored, made room.",
        extra={"messages": gone},
    )
    return gone


async def bound_sessions(nc: Client, most: int = MOST_SESSIONS) -> None:
    """Let NATS forget the oldest sessions beyond so many; it makes their stream itself."""
    js = nc.jetstream()
    try:
        found = (await js.stream_info(SESSIONS)).config
    except NotFoundError:
        return  # no device ever connected
    if found.max_msgs != most:
        await js.update_stream(found.evolve(max_msgs=most))
