"""What gets in, in both formats, and what is refused for which reason."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.states import Condition, Priority, Refusal, Topic
from telemetry_ingest.wire import MOST_BYTES, MOST_READINGS, Refused, decode
from telemetry_ingest.wire.messages import (
    LARGEST_SEQ,
    SHAPES,
    AlarmMessage,
    ReadingsMessage,
    StatusMessage,
)

AT = 1_773_000_000_000_000
READINGS = {
    "v": 1, "boot": 3, "seq": 40, "sent": AT + 5,
    "readings": [[AT, "MDC_PULS_OXIM_SAT_O2", 97.5], [AT, 149530, 71], [AT + 1, 149530, None]],
}  # fmt: skip
STATUS = {"v": 1, "boot": 3, "seq": 0, "sent": AT, "at": AT, "state": "partial", "firmware": "1.2"}
ALARM = {
    "v": 1, "boot": 3, "seq": 9, "sent": AT, "at": AT, "code": "MDC_EVT_LO",
    "priority": "high", "active": True,
}  # fmt: skip
FORMATS = {"json": msgspec.json.encode, "msgpack": msgspec.msgpack.encode}


@pytest.fixture(params=FORMATS.values(), ids=FORMATS)
def encode(request):
    return request.param


def test_messages_are_read_in_both_formats(encode):
    assert decode(Topic.READINGS, encode(READINGS)) == ReadingsMessage(
        boot=3, seq=40, sent=AT + 5,
        readings=(
            (AT, "MDC_PULS_OXIM_SAT_O2", 97.5), (AT, 149530, 71.0), (AT + 1, 149530, None),
        ),
    )  # fmt: skip
    assert decode(Topic.STATUS, encode(STATUS)) == StatusMessage(
        boot=3, seq=0, sent=AT, at=AT, state=Condition.PARTIAL, firmware="1.2"
    )
    assert decode(Topic.ALARMS, encode(ALARM)) == AlarmMessage(
        boot=3, seq=9, sent=AT, at=AT, code="MDC_EVT_LO", priority=Priority.HIGH, active=True
    )


def test_json_may_begin_with_white_space():
    assert decode(Topic.STATUS, b"\r\n\t " + msgspec.json.encode(STATUS)).seq == 0


@pytest.mark.parametrize(
    ("topic", "message", "reason", "field"),
    [
        (Topic.READINGS, READINGS | {"patient_name": "x"}, Refusal.UNKNOWN_FIELD, "patient_name"),
        (Topic.READINGS, READINGS | {"Ahmed Alami": 1}, Refusal.UNKNOWN_FIELD, ""),
        (Topic.READINGS, READINGS | {"ahmed_alami": 1}, Refusal.UNKNOWN_FIELD, ""),
        (Topic.STATUS, STATUS | {"bed": 4}, Refusal.UNKNOWN_FIELD, "bed"),
        (Topic.READINGS, READINGS | {"seq": -1}, Refusal.WRONG_VALUE, "seq"),
        (Topic.READINGS, READINGS | {"boot": 2**31}, Refusal.WRONG_VALUE, "boot"),
        (Topic.READINGS, READINGS | {"v": 2}, Refusal.WRONG_VALUE, "v"),
        (Topic.READINGS, READINGS | {"sent": "now"}, Refusal.WRONG_VALUE, "sent"),
        (Topic.READINGS, READINGS | {"readings": []}, Refusal.WRONG_VALUE, "readings"),
        (
            Topic.READINGS, READINGS | {"readings": [[AT, 149530, 1]] * (MOST_READINGS + 1)},
            Refusal.TOO_LARGE, "readings",
        ),
        (
            Topic.READINGS, READINGS | {"readings": [[AT, "nom du patient", 1]]},
            Refusal.WRONG_VALUE, "readings[0][1]",
        ),
        (
            Topic.READINGS, READINGS | {"readings": [[AT, 149530, "97"]]},
            Refusal.WRONG_VALUE, "readings[0][2]",
        ),
        (
            Topic.READINGS, READINGS | {"seq": LARGEST_SEQ}, Refusal.WRONG_VALUE, "seq",
        ),
        (Topic.STATUS, STATUS | {"firmware": "Mme X, lit 4"}, Refusal.WRONG_VALUE, "firmware"),
        (Topic.STATUS, STATUS | {"state": "fine"}, Refusal.WRONG_VALUE, "state"),
        (Topic.ALARMS, {**ALARM, "priority": 1}, Refusal.WRONG_VALUE, "priority"),
        (Topic.READINGS, STATUS, Refusal.UNKNOWN_FIELD, "at"),
        (Topic.READINGS, [1, 2], Refusal.NOT_READABLE, ""),
    ],
)  # fmt: skip
def test_what_is_not_of_the_shape_is_refused(topic, message, reason, field):
    with pytest.raises(Refused) as caught:
        decode(topic, msgspec.msgpack.encode(message))

    assert (caught.value.reason, caught.value.field) == (reason, field)


@pytest.mark.parametrize("content", [b"not json", b" [1]", b"<html>", b'"x"', b"null", b"17", b""])
@pytest.mark.parametrize("topic", list(Topic))
def test_what_is_no_message_at_all_is_not_readable(topic, content):
    with pytest.raises(Refused) as caught:
        decode(topic, content)

    assert (caught.value.reason, caught.value.field) == (Refusal.NOT_READABLE, "")


def test_a_missing_field_is_named():
    with pytest.raises(Refused) as caught:
        decode(Topic.STATUS, b'{"v":1,"boot":1,"seq":1,"sent":1,"at":1}')

    assert (caught.value.reason, caught.value.field) == (Refusal.WRONG_VALUE, "state")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_refused(value):
    content = msgspec.msgpack.encode(READINGS | {"readings": [[AT, 149530, value]]})

    with pytest.raises(Refused) as caught:
        decode(Topic.READINGS, content)

    assert caught.value.reason == Refusal.WRONG_VALUE


def test_a_message_that_is_too_long_is_not_even_read():
    with pytest.raises(Refused) as caught:
        decode(Topic.READINGS, b"{" + b" " * MOST_BYTES)

    assert caught.value.reason == Refusal.TOO_LARGE


@given(st.sampled_from(list(Topic)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(topic, content):
    try:
        message = decode(topic, content)
    except Refused:
        return
    assert type(message) is SHAPES[topic]


def test_numbers_whose_sum_is_infinite_are_numbers():
    content = {"boot": 1, "seq": 0, "sent": 1, "readings": [[1, 150456, 1.7e308]] * 3}

    assert len(decode(Topic.READINGS, msgspec.msgpack.encode(content)).readings) == 3
