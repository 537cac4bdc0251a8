"""What simulated devices send, for any plan: readable, repeatable, and numbered without holes."""

from itertools import islice
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.simulate import bidmc
from telemetry_ingest.simulate.scenario import Faults, Plan, Sent, messages
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import ReadingsMessage, decode

START = 1_772_350_000_000_000
SHARE = st.sampled_from([0.0, 0.05, 0.3])
FAULTS = st.builds(
    Faults, lost=SHARE, duplicated=SHARE, offline=SHARE, failed=SHARE, jumps=SHARE, restarts=SHARE,
    offline_messages=st.integers(1, 5), drift_ppm=st.sampled_from([0.0, 50.0, -200.0]),
)  # fmt: skip
PLANS = st.builds(
    Plan, seed=st.text(max_size=5), every_s=st.sampled_from([0.1, 1.0, 60.0]),
    per_message=st.integers(1, 20), faults=FAULTS,
)  # fmt: skip


def taken(plan: Plan, count: int = 60, **more: Any) -> list[Sent]:
    return list(islice(messages(plan, 3, START, **more), count))


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_every_message_can_be_read(plan):
    for one in taken(plan):
        for content in (msgspec.json.encode(one.body), msgspec.msgpack.encode(one.body)):
            assert isinstance(decode(Topic.READINGS, content), ReadingsMessage)


@settings(max_examples=30, deadline=None)
@given(PLANS)
def test_the_same_seed_gives_the_same_messages(plan):
    assert taken(plan) == taken(plan)


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_numbers_run_on_within_a_start_and_holes_are_whole_lost_messages(plan):
    seen: dict[int, int] = {}
    for one in taken(plan):
        boot, seq, count = one.body["boot"], one.body["seq"], len(one.body["readings"])
        if one.again:
            assert seq + count == seen[boot]
            continue
        hole = seq - seen.get(boot, 0)
        assert (hole >= 0, hole % count) == (True, 0)
        assert hole == 0 or plan.faults.lost > 0
        seen[boot] = seq + count


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_what_is_sent_is_due_after_it_was_measured_and_in_order(plan):
    due = [one.due_us for one in taken(plan)]

    assert due == sorted(due)
    assert due[0] >= START


def test_without_faults_a_device_is_a_clock():
    plan = Plan(every_s=1.0, per_message=5)

    sent = taken(plan, 3)

    times = [reading[0] for one in sent for reading in one.body["readings"]]
    assert [one.body["seq"] for one in sent] == [0, 10, 20]  # two metrics
    assert sorted(set(times)) == [START + second * 1_000_000 for second in range(15)]


def test_what_was_measured_off_line_comes_as_a_burst():
    plan = Plan(per_message=1, faults=Faults(offline=0.2, offline_messages=4))

    sent = taken(plan, 200)

    at_once = [sum(one.due_us == due for one in sent) for due in {one.due_us for one in sent}]
    assert set(at_once) == {1, 4}


def test_a_recording_is_played_again_and_again():
    rows = bidmc.rows_of(["Time [s], HR, PULSE, RESP, SpO2", "0,94,93,25,97", "1,0,NaN,,98"])

    sent = taken(Plan(per_message=2), 2, rows=rows)

    values = {tuple(reading[1:]) for one in sent for reading in one.body["readings"]}
    assert values == {
        ("MDC_ECG_HEART_RATE", 94.0), ("MDC_PULS_OXIM_PULS_RATE", 93.0), ("MDC_RESP_RATE", 25.0),
        ("MDC_PULS_OXIM_SAT_O2", 97.0), ("MDC_ECG_HEART_RATE", None), ("MDC_RESP_RATE", None),
        ("MDC_PULS_OXIM_PULS_RATE", None), ("MDC_PULS_OXIM_SAT_O2", 98.0),
    }  # fmt: skip
