"""Met, not met, or not enough data with how much is missing: on the conservative bound."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from telemetry_ingest.evidence.figures import figures
from telemetry_ingest.evidence.judging import Judgement, Missing, Outcome, judged, overall
from telemetry_ingest.evidence.observed import Numbers
from telemetry_ingest.protocol import Measure, Threshold
from tests.telemetry_ingest.evidence.packs import MINUTE, START, a_pack, contents, read, rows
from tests.telemetry_ingest.protocols import SPO2, STARTS


def of(measure, limit, *, given=None, least_hours=24, days=10, metric="") -> Judgement:
    threshold = Threshold(measure=measure, limit=limit, least_hours=least_hours, metric=metric)
    pack = a_pack(
        rows(days) if given is None else given,
        thresholds=(threshold,),
        ends_at=STARTS + timedelta(days=days),
    )
    (found,) = judged(pack.protocol, pack.sections["figures"])
    return found


def test_the_judgements_of_the_pack():
    pack = a_pack()
    found = judged(pack.protocol, pack.sections["figures"])

    assert [(one.place, one.device, one.outcome) for one in found] == [
        (0, 1, Outcome.MET),
        (1, 1, Outcome.MET),
        (2, 1, Outcome.NOT_ENOUGH),
    ]
    assert overall(found) is Outcome.NOT_ENOUGH
    assert overall([]) is None


def test_least_hours():
    found = of(Measure.COMPLETENESS, "0.9", least_hours=300)

    assert (found.outcome, found.missing, found.amount) == (
        Outcome.NOT_ENOUGH,
        Missing.HOURS,
        "60",
    )


def test_days_that_nothing_could_have_proven_enough_with():
    found = of(Measure.AVAILABILITY, "0.95")

    assert (found.outcome, found.missing, found.amount) == (Outcome.NOT_ENOUGH, Missing.DAYS, "58")


def test_silence_that_decides():
    """Device 1 is silent for the last six of sixteen days: nobody knows what it was."""
    given = [one for one in rows(16) if one[0] == 2 or one[4] < 10 * 144]
    found = of(Measure.AVAILABILITY, "0.7", given=given, days=16)

    assert (found.outcome, found.missing) == (Outcome.NOT_ENOUGH, Missing.SILENCE)
    assert abs(int(found.amount) - 144) <= 1


def test_silence_never_helps_nor_condemns():
    """Device 1 reports an outage in ten days; then it is silent in its place, and once more."""
    told = of(Measure.MTBF, "40")
    assert (told.outcome, told.estimate) == (Outcome.MET, "238")
    silent = [one for one in rows() if one[0] == 2 or not 1000 <= one[4] < 1030]
    hidden = of(Measure.MTBF, "40", given=silent)

    assert (hidden.outcome, hidden.missing, hidden.amount) == (
        Outcome.NOT_ENOUGH,
        Missing.SILENCE,
        "6",
    )
    assert float(hidden.bound) < float(told.bound)
    slow = of(Measure.MTTR, "45", given=silent)
    assert (slow.outcome, slow.missing) == (Outcome.NOT_ENOUGH, Missing.SILENCE)


def test_a_reference_that_refutes_needs_few_hours():
    """Half a unit too much for ten days: A_rms of at most 0.1 is refuted, also « too early »."""
    for measure in (Measure.ACCURACY, Measure.AGREEMENT, Measure.BIAS):
        found = of(measure, "0.1", metric=SPO2, least_hours=5000)
        assert found.outcome is Outcome.NOT_MET
        assert of(measure, "9", metric=SPO2, least_hours=5000).missing is Missing.HOURS


def test_accuracy_is_estimated_as_the_standard_says():
    pack = a_pack()
    (metric,) = pack.sections["figures"][0]["metrics"]
    found = of(Measure.ACCURACY, "3", metric=SPO2)

    assert found.estimate == metric["agreement"]["plain"]["accuracy"]
    assert float(found.bound) >= float(found.estimate)


def test_completeness_is_judged_where_nothing_was_heard():
    """Silence is what completeness counts: a device that never spoke has not met it."""
    given = [one for one in rows() if one[0] == 2]
    found = of(Measure.COMPLETENESS, "0.9", given=given)

    assert (found.outcome, found.estimate) == (Outcome.NOT_MET, "0")


def test_lost_alarms_decide():
    thresholds = (Threshold(measure=Measure.ALARM_RATE, limit="0.5", least_hours=24),)
    found = contents(thresholds=thresholds)
    lost = Numbers(topic=3, boot=1, stored=((0, 1), (40, 41)))
    units = (replace(found.units[0], ledger=(lost,)), found.units[1])
    (one,) = judged(found.protocol, figures(found.protocol, found.window, units, read().series()))

    assert (one.outcome, one.missing, one.amount) == (Outcome.NOT_ENOUGH, Missing.LOST, "39")


def test_a_lost_word_about_its_condition_may_have_been_a_failure():
    found = contents(thresholds=(Threshold(measure=Measure.MTBF, limit="40", least_hours=24),))
    lost = Numbers(topic=2, boot=1, stored=((0, 1), (3, 4)))
    units = (replace(found.units[0], ledger=(lost,)), found.units[1])
    (one,) = judged(found.protocol, figures(found.protocol, found.window, units, read().series()))

    assert (one.outcome, one.missing, one.amount) == (Outcome.NOT_ENOUGH, Missing.LOST, "2")


ALL = tuple(
    Threshold(measure=measure, limit=limit, least_hours=24)
    for measure, limit in (
        (Measure.AVAILABILITY, "0.25"), (Measure.COMPLETENESS, "0.9"), (Measure.MTBF, "12"),
        (Measure.MTTR, "45"),
    )
)  # fmt: skip
GOOD = [Outcome.NOT_MET, Outcome.NOT_ENOUGH, Outcome.MET]
PLACES = 4 * 144


def outcomes(first: int, after: int, told: list[int]) -> list[Outcome]:
    """Judge a device that is down, and silent, between these places, two by two.

    It is not heard from ``first`` to ``after``: neither its readings nor its words.
    """
    found = contents(thresholds=ALL, ends_at=STARTS + timedelta(days=4), reference=False)
    words = [(place, "down" if turn % 2 == 0 else "up") for turn, place in enumerate(told)]
    heard = [turn for turn, (place, _state) in enumerate(words) if not first <= place < after]
    status = tuple((START + 10 * MINUTE * words[turn][0] + 5, words[turn][1]) for turn in heard)
    ledger = Numbers(2, 1, tuple((turn, turn + 1) for turn in heard))
    down = {place for one, other in pairwise(told) if told.index(one) % 2 == 0
            for place in range(one, other)}  # fmt: skip
    silent = down | set(range(first, after))
    lines = [one for one in rows(4) if one[0] == 1 and one[4] not in silent]
    unit = replace(found.units[0], status=status, ledger=(ledger,))
    series = read(lines).series()
    return [
        one.outcome
        for one in judged(found.protocol, figures(found.protocol, found.window, (unit,), series))
    ]


@given(
    st.sets(st.integers(0, PLACES - 1), min_size=4, max_size=4),
    st.integers(0, PLACES - 5),
    st.integers(4, 200),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_whatever_is_not_heard_nothing_is_judged_better(places, first, length):
    """Readings and words of a stretch longer than the agreed silence are hidden."""
    told = sorted(places)
    before, hidden = outcomes(0, 0, told), outcomes(first, first + length, told)

    for one, other in zip(before, hidden, strict=True):
        assert GOOD.index(other) <= max(GOOD.index(one), GOOD.index(Outcome.NOT_ENOUGH))


def test_alarms_outside_the_hours_of_service_do_not_count():
    pack = a_pack(daily_from=8, daily_to=20)
    assert pack.sections["figures"][0]["alarms"] == 0  # its only one began at midnight


def test_a_rate_that_is_refuted_is_not_met_however_few_the_data():
    assert of(Measure.ALARM_RATE, "0.001").outcome is Outcome.NOT_MET
    found = of(Measure.ALARM_RATE, "0.2")
    assert (found.outcome, found.missing) == (Outcome.NOT_ENOUGH, Missing.DAYS)
    assert of(Measure.ALARM_RATE, "1").outcome is Outcome.MET


@pytest.mark.parametrize(
    ("measure", "limit", "outcome"),
    [
        (Measure.BIAS, "1", Outcome.MET),
        (Measure.BIAS, "0.1", Outcome.NOT_MET),
        (Measure.AGREEMENT, "2", Outcome.MET),
        (Measure.AGREEMENT, "0.7", Outcome.NOT_MET),
        (Measure.ACCURACY, "1", Outcome.MET),
        (Measure.ACCURACY, "0.6", Outcome.NOT_MET),
        (Measure.DRIFT, "5", Outcome.MET),
    ],
)
def test_against_the_reference(measure, limit, outcome):
    assert of(measure, limit, metric=SPO2).outcome is outcome


def test_without_pairs_there_is_nothing_to_judge():
    given = [one for one in rows() if one[0] == 1]
    found = of(Measure.BIAS, "1", given=given, metric=SPO2)

    assert (found.outcome, found.missing, found.amount) == (
        Outcome.NOT_ENOUGH,
        Missing.SESSIONS,
        "5",
    )
    assert of(Measure.DRIFT, "1", days=3, metric=SPO2).missing is Missing.DAYS


def test_repairs():
    assert of(Measure.MTTR, "1").outcome is Outcome.NOT_MET
    assert of(Measure.MTTR, "50").outcome is Outcome.MET
    assert of(Measure.MTTR, "50", days=1).missing is Missing.REPAIRS
