from uuid import uuid4

import msgspec

from telemetry_ingest.live.events import event, told


def test_an_event_is_a_name_and_one_line():
    assert event("readings", {"text": "a\nb"}) == b'event: readings\ndata: {"text":"a\\nb"}\n\n'


def test_what_the_ingest_says_is_read_and_the_rest_is_left_out():
    device = uuid4().hex
    said = {
        "device": device, "number": 7, "readings": [[1_000_000, 150456, 97.5], [2, 150456, None]],
        "status": None, "alarms": [],
    }  # fmt: skip

    one = told(msgspec.msgpack.encode(said))

    assert one is not None
    assert (one.device, one.readings) == (device, [(1_000_000, 150456, 97.5), (2, 150456, None)])


def test_what_is_not_of_the_shape_is_nothing():
    assert [told(one) for one in (b"", b"\xc1", msgspec.msgpack.encode({"device": "x"}))] == [
        None, None, None,
    ]  # fmt: skip
