"""What follows from a batch, beside the same worked out one reading at a time."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.consumer import following
from telemetry_ingest.consumer.batch import Batch
from telemetry_ingest.consumer.following import HOUR_US, MINUTE_US
from telemetry_ingest.consumer.ledger import merged, range_of
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import subject_of
from telemetry_ingest.wire.arrived import Arrived
from tests.telemetry_ingest.consumer.test_columns import NOW, PULSE, SPO2, known

ats = st.integers(NOW, NOW + 3) | st.integers(NOW - 5 * HOUR_US, NOW)
readings = st.tuples(ats, st.sampled_from([SPO2, PULSE]), st.none() | st.floats(-9, 9))
messages = st.lists(
    st.fixed_dictionaries(
        {
            "device": st.integers(1, 3),
            "boot": st.integers(0, 2),
            "seq": st.integers(0, 9),
            "sent": st.integers(NOW - 1000, NOW),
            "readings": st.lists(readings, min_size=1, max_size=5),
        }
    ),
    min_size=1,
    max_size=8,
)
DEVICES = {known(number).id: known(number) for number in (1, 2, 3)}


def gathered(found) -> Batch:
    came = []
    for place, one in enumerate(found):
        [device] = [each.id for each in DEVICES.values() if each.number == one["device"]]
        content = {name: part for name, part in one.items() if name != "device"}
        body = msgspec.msgpack.encode(content)
        came.append(Arrived(subject_of(device, Topic.READINGS), body, NOW + place))
    return gather(came, DEVICES.get)


def rows(found):
    """Yield place of the message, device, boot, seq, at, metric, value."""
    for place, one in enumerate(found):
        for seq, (at, metric, value) in enumerate(one["readings"], one["seq"]):
            yield place, one["device"], one["boot"], seq, at, metric, value


@given(messages)
def test_the_hours_are_those_of_the_readings(found):
    assert gathered(found).hours() == {(row[1], row[4] // HOUR_US) for row in rows(found)}


@given(messages)
def test_the_ledger_has_every_number_and_no_other(found):
    came = {}
    for place, device, boot, seq, at, _metric, _value in rows(found):
        came.setdefault((device, 1, boot), []).append((seq, at, NOW + place))

    said = {
        key: (merged(one.ranges), one.first_us, one.last_us, one.received_us)
        for key, one in gathered(found).ledger().items()
    }

    assert said == {
        key: (
            range_of(sorted({seq for seq, _, _ in parts})),
            min(at for _, at, _ in parts),
            max(at for _, at, _ in parts),
            max(received for _, _, received in parts),
        )
        for key, parts in came.items()
    }


@given(messages)
def test_the_last_reading_is_the_first_that_came_of_the_latest_ones(found):
    latest = {}
    for place, device, boot, seq, at, metric, value in rows(found):
        new = (at, boot, seq, value, NOW + place)
        if (device, metric) not in latest or new[:3] > latest[device, metric][:3]:
            latest[device, metric] = new

    assert gathered(found).last() == latest


@given(messages)
def test_the_clock_is_the_smallest_delay_of_the_messages(found):
    delays = {}
    for place, one in enumerate(found):
        key = (one["device"], (NOW + place) // MINUTE_US)
        delays.setdefault(key, []).append(NOW + place - one["sent"])

    clock = gathered(found).clock(None, set())

    assert clock == {key: (min(each), len(each)) for key, each in delays.items()}
    assert gathered(found).clock(set(), set()) == {}


@given(messages)
def test_of_what_is_new_each_beginning_counts_once(found):
    begins = {(one["device"], 1, one["boot"], one["seq"], one["readings"][0][0]) for one in found}

    clock = gathered(found).clock(begins, set())

    assert sum(count for _, count in clock.values()) == len(begins)


@given(messages, st.integers(1, 6))
def test_the_tail_of_a_device_is_in_the_order_it_came(found, most):
    tails = {}
    for _place, device, _boot, _seq, at, metric, value in rows(found):
        tails.setdefault(device, []).append((at, metric, value))

    expected = {device: rows[-most:] for device, rows in tails.items()}
    assert following.tails(gathered(found).columns, most) == expected
