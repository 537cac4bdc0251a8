"""The figures of a small pilot, each counted by hand."""

import numpy as np
import pytest

from telemetry_ingest.evidence.figures import figures, of_pairs, states
from telemetry_ingest.evidence.readings import Series
from telemetry_ingest.statistics.intervals import DAY, HOUR
from tests.telemetry_ingest.evidence.packs import START, a_pack, contents, read, rows


@pytest.fixture(scope="module")
def found():
    given = contents()
    return figures(given.protocol, given.window, given.units, read().series())


def test_a_device_under_test(found):
    """Ten days, one outage of two hours, one failed measurement, one alarm said twice."""
    one = found[0]

    assert (one["device"], one["is_reference"], one["alarms"], one["lost"]["alarms"]) == (
        1,
        False,
        1,
        0,
    )
    assert one["times"] == {"up": 238 * HOUR, "partial": 0, "down": 2 * HOUR, "unknown": 0}
    assert one["availability"]["of_known"] == "0.991666666667"  # 238/240
    assert one["failures"] == {
        "hours": "238", "failures": 1, "repairs": 1, "repair_hours": "2", "silences": 0,
        "mtbf": "238", "mttr": "2",
    }  # fmt: skip
    assert [state for _start, _end, state in one["intervals"]] == ["up", "down", "up"]
    assert [sum(rest) for _day, *rest in one["days"]] == [DAY] * 10
    assert one["numbers"] == [{"topic": 1, "boot": 1, "stored": 1440, "given": 1440}]
    (metric,) = one["metrics"]
    assert (metric["stored"], metric["failed"], metric["expected"]) == (1440, 1, 1440)
    assert (metric["completeness"], metric["implausible"], len(metric["daily"])) == ("1", 0, 10)
    assert metric["agreement"]["pairs"] == 1439
    assert sum(count for *_cell, count in metric["agreement"]["plot"]["cells"]) == 1439


def test_a_reference_is_compared_with_nothing(found):
    assert found[1]["is_reference"]
    assert found[1]["metrics"][0]["agreement"] is None


def test_nothing_was_heard():
    given = contents()
    one, _reference = figures(given.protocol, given.window, given.units[1:] * 2, {})

    assert one["times"]["unknown"] == 10 * DAY
    assert one["availability"] == {"of_known": None, "if_up": "1", "if_down": "0"}
    assert (one["failures"]["mtbf"], one["failures"]["silences"]) == (None, 1)
    assert (one["metrics"][0]["completeness"], one["metrics"][0]["daily"]) == ("0", [])


def test_days_are_sessions():
    at = np.array([START, START + HOUR, START + DAY, START + DAY + HOUR])
    found = of_pairs(Series(at, np.array([1.0, 3.0, 5.0, 7.0])))

    assert (found["pairs"], found["sessions"]) == (4, 2)
    assert (found["repeated"]["means"], found["repeated"]["within"]) == ("8", "2")
    assert set(of_pairs(Series(at[:1], at[:1] * 1.0))) == {"pairs", "sessions"}


def test_states_leave_no_hole():
    given = contents()
    found = states(given.protocol, given.window, given.units[0], read(rows(5)).series())

    assert (found[0].start, found[-1].end) == (given.window.start, given.window.end)
    assert [one.state for one in found] == ["up", "down", "up", "unknown"]


def test_the_digests_of_a_pack_are_what_they_were():
    """A pack that was made before has to verify for ever; « engine » names versions, so not it."""
    digests = {one["name"]: one["digest"] for one in a_pack().data["sections"]}

    assert digests["readings"] == "4f41171b5929f666bd72acee4a329a693cd80c486cbe67496f1ba1bf0b12adee"
    assert (
        digests["judgements"] == "c8c538484c5a405ca87d9eeba3e6127330c62ad97a5806be679876ae60dc0f04"
    )
