"""Sparkplug B payloads: what we write is read back, and nothing but readings gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest import sparkplug
from telemetry_ingest.metrics import metrics
from telemetry_ingest.sparkplug.schema import Payload
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import ReadingsMessage, Refused, decode

MILLIS = st.integers(0, 4_102_444_800_000)
METRICS = st.sampled_from([*metrics(), *(one.code for one in metrics().values())])
VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
MESSAGES = st.fixed_dictionaries(
    {
        "boot": st.integers(0, 2**31 - 1),
        "seq": st.integers(0, 2**52),
        "sent": MILLIS.map(lambda ms: ms * 1000),
        "readings": st.lists(
            st.tuples(MILLIS.map(lambda ms: ms * 1000), METRICS, VALUES), min_size=1, max_size=20
        ),
    }
)


def payload(*more: dict, **changes):
    made = Payload(**{"timestamp": 1_772_350_000_000} | changes)
    made.metrics.add(name="Tajhiz/boot", datatype=7, int_value=3)
    made.metrics.add(name="Tajhiz/seq", datatype=8, long_value=40)
    for one in more:
        made.metrics.add(**one)
    return made.SerializeToString()


SPO2 = {"name": "MDC_PULS_OXIM_SAT_O2", "datatype": 9, "float_value": 97.5}


@given(MESSAGES)
def test_what_is_written_is_read_back(message):
    found = decode(Topic.READINGS, sparkplug.written(message))

    assert isinstance(found, ReadingsMessage)
    assert (found.boot, found.seq, found.sent) == (
        message["boot"], message["seq"], message["sent"],
    )  # fmt: skip
    assert found.readings == tuple(message["readings"])


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(content):
    for first in (b"\x08", b"\x12", b"\x18"):
        try:
            found = decode(Topic.READINGS, first + content)
        except Refused:
            continue
        assert isinstance(found, ReadingsMessage)


def test_a_payload_of_a_device_as_makers_write_it():
    found = decode(Topic.READINGS, payload(
        SPO2, {"alias": 149530, "datatype": 3, "int_value": 2**32 - 1, "timestamp": 5},
        {"name": "MDC_RESP_RATE", "datatype": 9, "is_null": True}, seq=7,
    ))  # fmt: skip

    at = 1_772_350_000_000_000
    assert (found.boot, found.seq, found.sent) == (3, 40, at)
    assert found.readings == (
        (at, "MDC_PULS_OXIM_SAT_O2", 97.5), (5000, 149530, -1.0), (at, "MDC_RESP_RATE", None),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        (payload(), Refusal.WRONG_VALUE, "readings"),
        (payload(SPO2) + b"\x22\x04Mina", Refusal.UNKNOWN_FIELD, ""),  # uuid
        (payload(SPO2) + b"\x12\x06\x7a\x04Mina", Refusal.UNKNOWN_FIELD, ""),  # string_value
        (payload(SPO2 | {"alias": 1}), Refusal.WRONG_VALUE, "alias"),
        (payload(SPO2 | {"name": "Mina"}), Refusal.WRONG_VALUE, "readings[0][1]"),
        (payload({"double_value": 1.0}), Refusal.WRONG_VALUE, "metrics"),
        (payload(SPO2 | {"float_value": float("inf")}), Refusal.WRONG_VALUE, "readings"),
        (Payload(timestamp=1).SerializeToString(), Refusal.WRONG_VALUE, "boot"),
        (b"\x12\x02\x08", Refusal.NOT_READABLE, ""),
        # Refused by the number alone: nothing of them is looked at, not even who sends it.
        (b"\x08\x01" + b"\x12\x00" * 10_003, Refusal.TOO_LARGE, "readings"),
    ],
)
def test_what_is_not_readings_is_refused(content, reason, field):
    with pytest.raises(Refused) as caught:
        decode(Topic.READINGS, content)

    assert (caught.value.reason, caught.value.field) == (reason, field)


def test_status_and_alarms_have_no_sparkplug_form():
    with pytest.raises(Refused):
        decode(Topic.STATUS, payload(SPO2))
