"""A block says what decoding says, or nothing."""

import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.states import Topic
from telemetry_ingest.wire.blocks import block_of
from telemetry_ingest.wire.messages import LATEST_US, MOST_READINGS, shaped

AT = 1_772_323_200_000_000
ats = st.integers(2**32, LATEST_US) | st.integers(0, LATEST_US)
readings = st.tuples(ats, st.integers(2**16, 2**32 - 1), st.floats(allow_nan=False) | st.none())
bodies = st.fixed_dictionaries(
    {"boot": st.integers(-1, 3), "seq": st.integers(0, 9), "sent": st.just(AT)},
    optional={"v": st.integers(0, 2), "patient": st.text(max_size=3)},
)


def body(**changes):
    content = {"boot": 1, "seq": 2, "sent": AT, "readings": [[AT, 150456, 97.5]] * 20}
    return msgspec.msgpack.encode(content | changes)


def rows(block):
    return [struct.unpack(">xxQxIxd", block.rows[at : at + 24])
            for at in range(0, len(block.rows), 24)]  # fmt: skip


@pytest.mark.parametrize("size", [1, 15, 16, MOST_READINGS])
def test_uniform_readings_are_a_block(size):
    block = block_of(body(readings=[[AT + n, 150456, 97.5] for n in range(size)]))

    assert (block.boot, block.seq, block.sent, block.size) == (1, 2, AT, size)
    assert rows(block) == [(AT + n, 150456, 97.5) for n in range(size)]


@given(bodies, st.lists(readings, max_size=20))
def test_a_block_is_what_decoding_says(content, found):
    whole = msgspec.msgpack.encode(content | {"readings": found})
    block = block_of(whole)
    if block is None:
        return
    message = shaped(Topic.READINGS, whole)
    assert (block.boot, block.seq, block.sent, block.size) == (
        message.boot, message.seq, message.sent, len(found),
    )  # fmt: skip
    assert rows(block) == list(message.readings)


@given(st.binary(max_size=80), st.integers(0, 600), st.integers(0, 600))
def test_bytes_put_in_anywhere_are_no_block_that_decoding_refuses(junk, at, until):
    whole = body()
    whole = whole[:at] + junk + whole[until:]
    block = block_of(whole)
    if block is not None:
        assert len(rows(block)) == block.size


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x81\xa1a\x01",
        body(readings=[]),
        body(readings="\xcf" * 24),
        body(readings=[[AT, 150456, None]]),
        body(readings=[[AT, "MDC_PULS_OXIM_SAT_O2", 97.5]]),
        body(readings=[[AT, 150456, 97.5]] * (MOST_READINGS + 1)),
        body(patient="somebody"),
        body(boot=-1),
        body(v=2),
        body() + b"x",
    ],
)
def test_anything_else_is_none(content):
    assert block_of(content) is None
