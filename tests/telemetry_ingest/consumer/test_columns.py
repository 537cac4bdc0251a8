"""What of messages of readings is stored, and why the rest is not."""

import struct
from math import inf, nan
from uuid import UUID

import msgspec
import numpy as np
import pytest

from telemetry_ingest.consumer.checking import DAY_US, Known
from telemetry_ingest.consumer.columns import Came, columns_of
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.wire.arrived import Arrived
from telemetry_ingest.wire.blocks import block_of
from telemetry_ingest.wire.messages import LARGEST_SEQ, LATEST_US, shaped

SPO2, PULSE, HEART = 150456, 149530, 147842
START = 1_772_323_200_000_000
NOW = START + 2 * DAY_US


def known(number=7, **changes):
    parts = {"codes": frozenset({SPO2, PULSE}), "starts_us": START, "state": PilotState.RUNNING}
    return Known(**{"id": UUID(int=number), "number": number} | parts | changes)


def came(*readings, seq=10, of=None, received_us=NOW):
    content = {"boot": 1, "seq": seq, "sent": NOW, "readings": readings}
    body = msgspec.msgpack.encode(content)
    message = shaped(Topic.READINGS, body)
    return Came(of or known(), message, len(readings), Arrived("", body, received_us))


def block(*rows, seq=10, of=None):
    """Return the same as a block: everything in its full width."""
    body = msgspec.msgpack.encode({"boot": 1, "seq": seq, "sent": NOW, "readings": []})[:-1]
    body += b"\xdc" + struct.pack(">H", len(rows))
    body += b"".join(b"\x93" + struct.pack(">cQcIcd", b"\xcf", at, b"\xce", code, b"\xcb", value)
                     for at, code, value in rows)  # fmt: skip
    message = block_of(body)
    assert message is not None
    return Came(of or known(), message, len(rows), Arrived("", body, NOW))


def stored(*messages):
    """Return (device, seq, at, code, value) of what is stored, and what is refused."""
    found, refused = columns_of(messages)
    series = found.series[found.kind]
    columns = (found.numbers[series >> 32], found.seq, found.at, series & (2**32 - 1))
    values = [None if np.isnan(one) else one for one in found.value.tolist()]
    return list(zip(*(one.tolist() for one in columns), values, strict=True)), refused


def test_whole_messages_pass_with_their_numbers():
    found = stored(
        came([NOW, SPO2, 97.5], [NOW, PULSE, None]),
        came([NOW + 5, SPO2, 96], of=known(3), seq=0),
    )

    assert found == (
        [(7, 10, NOW, SPO2, 97.5), (7, 11, NOW, PULSE, None), (3, 0, NOW + 5, SPO2, 96.0)],
        {},
    )


def test_a_metric_may_be_named():
    assert stored(came([NOW, "MDC_PULS_OXIM_SAT_O2", 97], [NOW, PULSE, 60])) == (
        [(7, 10, NOW, SPO2, 97.0), (7, 11, NOW, PULSE, 60.0)],
        {},
    )


def test_single_readings_are_refused_and_the_others_keep_their_numbers():
    found = stored(
        came([NOW, SPO2, 96], seq=3),
        came([NOW, HEART, 60], [NOW, SPO2, 97], [NOW + 2 * DAY_US, SPO2, 97], [NOW, "MDC_NONE", 1]),
    )

    assert found == (
        [(7, 3, NOW, SPO2, 96.0), (7, 11, NOW, SPO2, 97.0)],
        {1: ({Refusal.UNKNOWN_METRIC: 2, Refusal.TIME_OUT_OF_RANGE: 1}, "")},
    )


@pytest.mark.parametrize("code", [-1, 0, 2**31, 2**32 + SPO2, 2**63, 2**64 - 1])
def test_what_is_no_code_is_an_unknown_metric(code):
    assert stored(came([NOW, code, 60])) == ([], {0: ({Refusal.UNKNOWN_METRIC: 1}, "")})


def test_a_metric_of_another_protocol_is_unknown():
    other = known(8, codes=frozenset({HEART}))

    found, refused = stored(came([NOW, HEART, 60], of=other), came([NOW, HEART, 60]))

    assert ([one[0] for one in found], set(refused)) == ([8], {1})


def test_a_protocol_that_cannot_be_read_allows_nothing():
    assert stored(came([NOW, SPO2, 97], of=known(codes=frozenset())))[0] == []


@pytest.mark.parametrize(
    ("at", "passes"),
    [
        (START - DAY_US - 1, False),
        (START - DAY_US, True),
        (NOW + DAY_US, True),
        (NOW + DAY_US + 1, False),
    ],
)
def test_times_have_bounds(at, passes):
    assert bool(stored(came([at, SPO2, 97]))[0]) is passes


def test_a_closed_pilot_takes_what_was_measured_before():
    closed = known(closed_us=NOW)

    found = stored(came([NOW, SPO2, 97], [NOW + 1, SPO2, 98], of=closed, received_us=NOW + DAY_US))

    assert found == ([(7, 10, NOW, SPO2, 97.0)], {0: ({Refusal.NOT_RUNNING: 1}, "")})


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_is_no_number_refuses_its_whole_message(value):
    found = stored(came([NOW, SPO2, 97], [NOW, SPO2, value]), came([NOW, SPO2, None], seq=0))

    assert found == ([(7, 0, NOW, SPO2, None)], {0: ({Refusal.WRONG_VALUE: 1}, "readings")})


def test_a_sequence_has_an_end():
    last = came([NOW, SPO2, 97], seq=LARGEST_SEQ - 1)
    beyond = came([NOW, SPO2, 97], [NOW, SPO2, 97], seq=LARGEST_SEQ - 1)

    found, refused = stored(last, beyond)

    assert ([one[1] for one in found], refused) == (
        [LARGEST_SEQ - 1],
        {1: ({Refusal.WRONG_VALUE: 1}, "seq")},
    )


def test_the_order_is_that_of_the_key():
    found, _ = columns_of(
        [
            came([NOW + 1, SPO2, 1], [NOW, SPO2, 2], [NOW, PULSE, 3]),
            came([NOW, SPO2, 4], of=known(3)),
        ]
    )

    assert found.value[found.ordered()].tolist() == [4.0, 3.0, 2.0, 1.0]


def test_blocks_and_others_keep_their_order():
    found = stored(
        block((NOW, SPO2, 1.5), (NOW + 1, PULSE, 2.5)),
        came([NOW, "MDC_PULS_OXIM_SAT_O2", 3.5], of=known(3)),
        block((NOW, SPO2, 4.5), seq=0),
    )

    assert found == (
        [
            (7, 10, NOW, SPO2, 1.5),
            (7, 11, NOW + 1, PULSE, 2.5),
            (3, 10, NOW, SPO2, 3.5),
            (7, 0, NOW, SPO2, 4.5),
        ],
        {},
    )


@pytest.mark.parametrize(
    "row", [(2**64 - 1, SPO2, 1.0), (LATEST_US + 1, SPO2, 1.0), (NOW, SPO2, nan), (NOW, SPO2, inf)]
)
def test_a_block_beyond_the_limits_is_refused_as_any_message(row):
    found, refused = stored(block((NOW, SPO2, 97.0), row), block((NOW, SPO2, 98.0)))

    assert ([one[4] for one in found], [reason for reason, _ in refused.values()]) == (
        [98.0],
        [{Refusal.WRONG_VALUE: 1}],
    )


@pytest.mark.parametrize("code", [HEART, 2**31, 2**32 - 1])
def test_a_code_of_a_block_may_be_unknown(code):
    assert stored(block((NOW, code, 1.0))) == ([], {0: ({Refusal.UNKNOWN_METRIC: 1}, "")})
