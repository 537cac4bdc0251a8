"""What simulated devices send, for any plan: readable, repeatable, and numbered without holes."""

from itertools import islice
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.simulate import bidmc
from telemetry_ingest.simulate.scenario import SPO2, Break, Faults, Lost, Plan, Sent, messages
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import decode
from telemetry_ingest.wire.messages import SHAPES

START = 1_772_350_000_000_000
SHARE = st.sampled_from([0.0, 0.05, 0.3])
FAULTS = st.builds(
    Faults, lost=SHARE, duplicated=SHARE, offline=SHARE, failed=SHARE, jumps=SHARE, restarts=SHARE,
    down=SHARE, alarms=SHARE, down_messages=st.integers(1, 5), alarm_messages=st.integers(1, 5),
    offline_messages=st.integers(1, 5), drift_ppm=st.sampled_from([0.0, 50.0, -200.0]),
)  # fmt: skip
PLANS = st.builds(
    Plan, seed=st.text(max_size=5), every_s=st.sampled_from([0.1, 1.0, 60.0]),
    per_message=st.integers(1, 20), faults=FAULTS,
)  # fmt: skip


def done(plan: Plan, count: int = 60, **more: Any) -> list[Sent | Break | Lost]:
    return list(islice(messages(plan, 3, START, **more), count))


def taken(plan: Plan, count: int = 60, **more: Any) -> list[Sent]:
    sent = (one for one in messages(plan, 3, START, **more) if isinstance(one, Sent))
    return list(islice(sent, count))


def of(topic: Topic, plan: Plan, count: int = 60, **more: Any) -> list[Sent]:
    sent = (one for one in messages(plan, 3, START, **more) if isinstance(one, Sent))
    return list(islice((one for one in sent if one.topic is topic), count))


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_every_message_can_be_read(plan):
    for one in taken(plan):
        for content in (msgspec.json.encode(one.body), msgspec.msgpack.encode(one.body)):
            assert isinstance(decode(one.topic, content), SHAPES[one.topic])


@settings(max_examples=30, deadline=None)
@given(PLANS)
def test_the_same_seed_gives_the_same_messages(plan):
    assert done(plan) == done(plan)


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_numbers_run_on_within_a_start_and_holes_are_whole_lost_messages(plan):
    seen: dict[int, int] = {}
    for one in of(Topic.READINGS, plan):
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
    due = [one.due_us for one in done(plan)]

    assert due == sorted(due)
    assert due[0] >= START


def test_without_faults_a_device_is_a_clock():
    plan = Plan(every_s=1.0, per_message=5)

    sent = of(Topic.READINGS, plan, 3)

    times = [reading[0] for one in sent for reading in one.body["readings"]]
    assert [one.body["seq"] for one in sent] == [0, 10, 20]  # two metrics
    assert sorted(set(times)) == [START + second * 1_000_000 for second in range(15)]


def test_what_was_measured_off_line_comes_as_a_burst():
    plan = Plan(per_message=1, faults=Faults(offline=0.2, offline_messages=4))

    sent = of(Topic.READINGS, plan, 200)

    at_once = [sum(one.due_us == due for one in sent) for due in {one.due_us for one in sent}]
    assert set(at_once) == {1, 4}


def test_a_recording_is_played_again_and_again():
    rows = bidmc.rows_of(["Time [s], HR, PULSE, RESP, SpO2", "0,94,93,25,97", "1,0,NaN,,98"])

    sent = of(Topic.READINGS, Plan(per_message=2), 2, rows=rows)

    values = {tuple(reading[1:]) for one in sent for reading in one.body["readings"]}
    assert values == {
        ("MDC_ECG_HEART_RATE", 94.0), ("MDC_PULS_OXIM_PULS_RATE", 93.0), ("MDC_RESP_RATE", 25.0),
        ("MDC_PULS_OXIM_SAT_O2", 97.0), ("MDC_ECG_HEART_RATE", None), ("MDC_RESP_RATE", None),
        ("MDC_PULS_OXIM_PULS_RATE", None), ("MDC_PULS_OXIM_SAT_O2", 98.0),
    }  # fmt: skip


def test_a_break_comes_before_each_burst():
    plan = Plan(per_message=1, faults=Faults(offline=0.2, offline_messages=4))

    events = done(plan, 200)

    assert sum(isinstance(one, Break) for one in events) > 5
    for place, one in enumerate(events[:-5]):
        if isinstance(one, Break):
            assert {each.due_us for each in events[place + 1 : place + 5]} == {
                one.due_us + 3_000_000
            }


def test_what_is_left_out_is_said():
    events = done(Plan(per_message=2, faults=Faults(lost=0.5)), 100)

    assert {one.readings for one in events if isinstance(one, Lost)} <= {0, 4}
    assert 30 < sum(isinstance(one, Lost) for one in events) < 70


def test_a_device_says_that_it_is_up_and_after_each_start_again():
    sent = of(Topic.STATUS, Plan(per_message=1, faults=Faults(restarts=0.2)), 30)

    assert {(one.body["state"], one.body["seq"]) for one in sent} == {("up", 0)}
    assert [one.body["boot"] for one in sent] == list(range(1, 31))
    assert sent[0].due_us == START


def test_a_device_that_is_down_measures_nothing_until_it_is_up():
    plan = Plan(per_message=1, faults=Faults(down=0.2, down_messages=3))

    events, down = taken(plan, 300), 0
    for one in events:
        if one.topic is Topic.STATUS:
            down = one.body["at"] if one.body["state"] == "down" else 0
        else:
            assert not down
    states = [one.body["state"] for one in events if one.topic is Topic.STATUS]
    at = [one.body["at"] for one in events if one.topic is Topic.STATUS]

    assert len(states) > 20
    assert states == [("up", "down")[place % 2] for place in range(len(states))]
    assert {later - sooner for sooner, later in zip(at[1::2], at[2::2], strict=False)} == {
        3_000_000
    }
    assert [one.body["seq"] for one in events if one.topic is Topic.STATUS] == [*range(len(at))]


def test_alarms_begin_and_end_in_turn():
    plan = Plan(per_message=1, faults=Faults(alarms=0.3, alarm_messages=2))

    alarms = of(Topic.ALARMS, plan, 20)

    assert [one.body["active"] for one in alarms] == [True, False] * 10
    assert [one.body["seq"] for one in alarms] == [*range(20)]


def test_an_alarm_does_not_outlast_the_start_of_its_device():
    plan = Plan(per_message=1, faults=Faults(alarms=0.5, restarts=0.3, alarm_messages=50))

    alarms = of(Topic.ALARMS, plan, 20)

    assert [one.body["active"] for one in alarms] == [True, False] * 10
    ends = [(one.body["boot"] - before.body["boot"], one.body["seq"])
            for before, one in zip(alarms[::2], alarms[1::2], strict=True)]  # fmt: skip
    assert set(ends) == {(1, 0)}


def test_only_the_metrics_of_the_protocol_are_sent():
    plan = Plan(per_message=2, metrics=frozenset({SPO2}))

    (one,) = of(Topic.READINGS, plan, 1)

    assert {reading[1] for reading in one.body["readings"]} == {SPO2}
