"""What of a message is stored, and why the rest is not."""

from uuid import UUID

import msgspec
import pytest

from telemetry_ingest.consumer.checking import DAY_US, Known, bounds, check
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.wire import Refused, decode

SPO2, PULSE, HEART = 150456, 149530, 147842
START = 1_772_323_200_000_000
NOW = START + 2 * DAY_US


def known(state=PilotState.RUNNING, **changes):
    parts = {"id": UUID(int=1), "number": 7, "codes": frozenset({SPO2, PULSE}), "starts_us": START}
    return Known(**parts | {"state": state} | changes)


def alarm(**changes):
    content = {
        "boot": 1, "seq": 0, "sent": NOW, "at": NOW, "code": 5, "priority": "high", "active": True,
    }  # fmt: skip
    return decode(Topic.ALARMS, msgspec.json.encode(content | changes))


def test_an_alarm_has_its_code():
    assert [check(alarm(code=one), known(), NOW).code for one in (5, "MDC_ECG_HEART_RATE")] == [
        5,
        HEART,
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "MDC_NONE"}, Refusal.UNKNOWN_METRIC),
        ({"code": -1}, Refusal.WRONG_VALUE),
        ({"code": 2**31}, Refusal.WRONG_VALUE),
        ({"at": NOW + 2 * DAY_US}, Refusal.TIME_OUT_OF_RANGE),
    ],
)
def test_an_alarm_is_refused(changes, reason):
    with pytest.raises(Refused) as refused:
        check(alarm(**changes), known(), NOW)

    assert refused.value.reason is reason


def test_the_last_moment_is_that_of_closing():
    assert bounds(known(closed_us=NOW + 5), NOW) == (START - DAY_US, NOW + 5)
