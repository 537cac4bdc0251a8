"""What the benchmark of telemetry publishes is what devices publish."""

import pytest

from bench.telemetry import plain, plain_script, posting, publishing, surroundings
from bench.telemetry.__main__ import MESSAGES, TARGETS
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import decode


@pytest.mark.parametrize("per_message", MESSAGES)
def test_messages_are_readable_and_no_reading_comes_twice(per_message):
    made = [
        decode(Topic.READINGS, one) for one in publishing.bodies(per_message, 5, 7, 1_772_350_000)
    ]

    keys = {(code, at) for one in made for at, code, _value in one.readings}
    assert (len(keys), [one.boot for one in made]) == (5 * per_message, [7] * 5)
    assert [one.seq for one in made] == [place * per_message for place in range(5)]


def test_the_parts_are_there():
    assert set(TARGETS) < set(MESSAGES)
    assert surroundings.DEVICES >= posting.AT_ONCE
    assert callable(plain.beside_mosquitto)
    assert callable(plain_script.main)
