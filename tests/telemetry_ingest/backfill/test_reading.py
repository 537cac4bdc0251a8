"""Files of readings: every fault with its line, and the same file is the same messages."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.backfill.reading import FIRST_BOOT, FileRefused, boot_of, read
from telemetry_ingest.consumer.checking import Known
from telemetry_ingest.states import PilotState, Topic
from telemetry_ingest.wire import decode

START = 1_772_323_200_000_000  # 2026-03-01, UTC
NOW = START + 3_600_000_000 * 24 * 5
DEVICE = Known(UUID(int=1), 1, PilotState.RUNNING, frozenset({150456}), START)
HEAD = "time,metric,value\n"
GOOD = HEAD + (
    "2026-03-01T08:00:00Z,MDC_PULS_OXIM_SAT_O2,97.5\n2026-03-01T09:00:01+01:00,150456,\n"
)


def test_lines_become_readings_in_utc():
    table = read(GOOD.encode(), DEVICE, NOW)

    at = START + 8 * 3_600_000_000
    assert table.readings == [(at, 150456, 97.5), (at + 1_000_000, 150456, None)]
    assert FIRST_BOOT <= table.boot < 2 * FIRST_BOOT


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("2026-03-01T08:00:00,150456,97", "time: write"),
        ("yesterday,150456,97", "time: write"),
        ("2026-02-01T08:00:00Z,150456,97", "time: it is not within"),
        ("2027-03-01T08:00:00Z,150456,97", "time: it is not within"),
        ("2026-03-01T08:00:00Z,MDC_TEMP_BODY,37", "metric:"),
        ("2026-03-01T08:00:00Z,pulse,37", "metric:"),
        ("2026-03-01T08:00:00Z,150456,«97»", "value: write a number"),
        ("2026-03-01T08:00:00Z,150456,nan", "value: write a finite"),
        ("2026-03-01T08:00:00Z", "metric:"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_sent(line, word):
    with pytest.raises(FileRefused) as caught:
        read((GOOD + line + "\n").encode(), DEVICE, NOW)

    (fault,) = caught.value.faults
    assert (fault.line, fault.said[: len(word)]) == (4, word)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", 1), (b"a,b\n1,2\n", 1), (HEAD.encode(), 2), (HEAD.encode() + b"\xff,1,2\n", 2)],
)
def test_a_file_of_something_else_is_refused(content, line):
    with pytest.raises(FileRefused) as caught:
        read(content, DEVICE, NOW)

    assert [one.line for one in caught.value.faults] == [line]


@given(st.integers(1, 1200))
def test_messages_hold_every_reading_once_and_are_always_the_same(count):
    lines = [f"2026-03-02T00:{n // 60 % 60:02}:{n % 60:02}Z,150456,{n}" for n in range(count)]
    table = read((HEAD + "\n".join(lines)).encode(), DEVICE, NOW)

    bodies = [msgspec.msgpack.encode(one) for one in table.messages(NOW)]
    messages = [decode(Topic.READINGS, one) for one in bodies]

    assert [one for message in messages for one in message.readings] == table.readings
    assert [one.seq for one in messages] == list(range(0, count, 500))
    assert bodies == [msgspec.msgpack.encode(one) for one in table.messages(NOW)]


@given(st.binary(), st.binary())
def test_the_start_comes_from_the_content_alone(one, other):
    assert (boot_of(one) == boot_of(one), FIRST_BOOT <= boot_of(other) < 2**31) == (True, True)
