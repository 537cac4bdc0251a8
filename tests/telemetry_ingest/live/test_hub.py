from uuid import uuid4

import pytest

from telemetry_ingest.live import hub as hubs
from telemetry_ingest.live.hub import QUEUE, Hub, TooManyWatch

ONE, OTHER = uuid4().hex, uuid4().hex


async def test_only_those_who_watch_a_device_get_its_events_in_order():
    hub = Hub()
    with hub.watching([ONE], uuid4()) as first, hub.watching([ONE, OTHER], uuid4()) as second:
        hub.tell(ONE, b"a")
        hub.tell(OTHER, b"b")
        hub.tell(uuid4().hex, b"nobody's")

        assert (await first.take(1), await second.take(1)) == ([b"a"], [b"a", b"b"])
        assert await first.take(0.01) == []
        assert (hub.watched(ONE), len(hub)) == (True, 2)

    assert (hub.watched(ONE), hub.watched(OTHER), len(hub)) == (False, False, 0)


async def test_a_slow_reader_keeps_the_latest_and_learns_how_many_are_gone():
    hub = Hub()
    with hub.watching([ONE], uuid4()) as slow:
        for number in range(QUEUE + 6):
            hub.tell(ONE, b"%d" % number)

        assert await slow.take(1) == [b"%d" % number for number in range(6, QUEUE + 6)]
        assert (slow.take_skipped(), slow.take_skipped()) == (6, 0)


async def test_closing_ends_streams_that_are_open_and_those_that_open_later():
    hub = Hub()
    with hub.watching([ONE], uuid4()) as early:
        hub.close()
        with hub.watching([ONE], uuid4()) as late:
            assert (early.ended, late.ended, await late.take(5)) == (True, True, [])


async def test_there_is_a_limit_for_a_person_and_for_the_process(monkeypatch):
    hub, person = Hub(), uuid4()
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 1)
    with hub.watching([ONE], person):
        with pytest.raises(TooManyWatch):
            hub.admit(person)
        hub.admit(uuid4())
        monkeypatch.setattr(hubs, "MOST_WATCHERS", 1)
        with pytest.raises(TooManyWatch):
            hub.admit(uuid4())
