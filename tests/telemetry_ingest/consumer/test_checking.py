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


def message(*readings, seq=10):
    content = {"boot": 1, "seq": seq, "sent": NOW, "readings": readings}
    return decode(Topic.READINGS, msgspec.json.encode(content))


def alarm(**changes):
    content = {
        "boot": 1, "seq": 0, "sent": NOW, "at": NOW, "code": 5, "priority": "high", "active": True,
    }  # fmt: skip
    return decode(Topic.ALARMS, msgspec.json.encode(content | changes))


def columns(checked):
    return [
        tuple(one) for one in (checked.seqs, checked.ats, checked.codes, checked.values)
    ], checked.refused


def test_a_whole_message_passes_with_its_numbers():
    found = check(message([NOW, SPO2, 97.5], [NOW, SPO2, None]), known(), NOW)

    assert columns(found) == ([(10, 11), (NOW, NOW), (SPO2, SPO2), (97.5, None)], {})


def test_a_metric_may_be_named():
    found = check(message([NOW, "MDC_PULS_OXIM_SAT_O2", 97]), known(), NOW)

    assert columns(found) == ([(10,), (NOW,), (SPO2,), (97.0,)], {})


def test_single_readings_are_refused_and_the_others_keep_their_numbers():
    found = check(
        message(
            [NOW, HEART, 60], [NOW, SPO2, 97], [NOW + 2 * DAY_US, SPO2, 97], [NOW, "MDC_NONE", 1]
        ),
        known(),
        NOW,
    )

    assert columns(found) == (
        [(11,), (NOW,), (SPO2,), (97.0,)],
        {Refusal.UNKNOWN_METRIC: 2, Refusal.TIME_OUT_OF_RANGE: 1},
    )


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        (START - DAY_US - 1, False),
        (START - DAY_US, True),
        (NOW + DAY_US, True),
        (NOW + DAY_US + 1, False),
    ],
)
def test_times_have_bounds(at, stored):
    assert bool(check(message([at, SPO2, 97]), known(), NOW).seqs) is stored


@pytest.mark.parametrize("state", [PilotState.CLOSED, PilotState.EVIDENCED])
def test_a_closed_pilot_takes_what_was_measured_before(state):
    closed = known(state, closed_us=NOW)

    found = check(message([NOW, SPO2, 97], [NOW + 1, SPO2, 98]), closed, NOW + DAY_US)

    assert columns(found) == ([(10,), (NOW,), (SPO2,), (97.0,)], {Refusal.NOT_RUNNING: 1})


@pytest.mark.parametrize("state", [PilotState.PROPOSED, PilotState.AGREED, PilotState.WITHDRAWN])
def test_a_pilot_that_does_not_run_takes_nothing(state):
    with pytest.raises(Refused) as refused:
        check(message([NOW, SPO2, 97]), known(state), NOW)

    assert refused.value.reason is Refusal.NOT_RUNNING


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
