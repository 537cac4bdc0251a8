from uuid import uuid4

from telemetry_ingest.live.events import HEARTBEAT, HELLO, event
from telemetry_ingest.live.hub import QUEUE, Hub
from telemetry_ingest.live.streaming import stream

DEVICE = uuid4().hex


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def test_a_stream_greets_sends_what_comes_and_says_that_it_is_still_there():
    hub = Hub()
    opened = stream(hub, [DEVICE], uuid4(), yes, heartbeat_s=0.02, check_s=60)

    assert await anext(opened) == HELLO
    hub.tell(DEVICE, b"one\n\n")
    hub.tell(DEVICE, b"two\n\n")
    assert await anext(opened) == b"one\n\ntwo\n\n"
    assert await anext(opened) == HEARTBEAT

    await opened.aclose()
    assert len(hub) == 0


async def test_a_slow_reader_is_told_how_much_was_skipped_before_the_rest():
    hub = Hub()
    opened = stream(hub, [DEVICE], uuid4(), yes)
    await anext(opened)
    for _ in range(QUEUE + 3):
        hub.tell(DEVICE, b"x\n\n")

    assert await anext(opened) == event("skipped", {"events": 3}) + b"x\n\n" * QUEUE
    await opened.aclose()


async def test_a_stream_ends_when_its_reader_may_no_longer_read():
    hub = Hub()
    opened = stream(hub, [DEVICE], uuid4(), no, heartbeat_s=0.01, check_s=0)

    assert [one async for one in opened] == [HELLO, event("ended", {})]
    assert len(hub) == 0


async def test_a_stream_ends_when_the_process_stops():
    hub = Hub()
    opened = stream(hub, [DEVICE], uuid4(), yes)
    await anext(opened)
    hub.tell(DEVICE, b"last\n\n")
    hub.close()

    assert [one async for one in opened] == [b"last\n\n"]
