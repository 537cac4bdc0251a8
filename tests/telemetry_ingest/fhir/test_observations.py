import json
from datetime import UTC, datetime, timedelta
from math import inf, nan

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.fhir.keys import LONGEST_RUN
from telemetry_ingest.fhir.observations import (
    Channel,
    Cutter,
    Row,
    instant,
    plain,
    regular,
    sample,
)
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Watched
from tests.telemetry_ingest.fhir.units import BASE, unit
from tests.telemetry_ingest.fhir.valid import check

AT = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
SPO2 = Channel(BASE, unit(), unit().watched[1])
VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.builds(
    Row,
    st.integers(0, 4_102_444_800_000_000),
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**53),
    st.none() | st.floats(),
)
# Readings of a series as a table gives them: sorted, mostly regular, sometimes of one moment.
SERIES = st.lists(
    st.tuples(st.sampled_from([0, 1, 1, 1, 1, 2]), st.sampled_from([1, 1, 1, 2]), VALUES),
    max_size=60,
).map(
    lambda steps: sorted(
        {
            Row(AT + 1_000_000 * sum(one[0] for one in steps[: place + 1]), boot, place, value)
            for place, (_step, boot, value) in enumerate(steps)
        },
        key=lambda row: row[:3],
    )
)


def runs(rows, piece=60):
    """Cut rows that come in pieces."""
    cutter = Cutter()
    for place in range(0, len(rows), piece):
        yield from cutter.take(rows[place : place + piece])
    yield from cutter.rest()


def test_a_reading_is_an_observation_of_a_metric_about_a_device_and_of_no_patient():
    found = SPO2.observation(Row(AT + 250_000, 1, 5, 97.0))

    check(found)
    assert found == {
        "resourceType": "Observation",
        "id": "7-383c-hg8i1dee8g-1-5",
        "identifier": [{"system": f"{BASE}/sid/observation", "value": found["id"]}],
        "status": "final",
        "code": {
            "coding": [
                {
                    "system": "urn:iso:std:iso:11073:10101",
                    "code": "150456",
                    "display": "MDC_PULS_OXIM_SAT_O2",
                }
            ],
            "text": "Oxygen saturation",
        },
        "focus": [{"reference": f"Device/{unit().id}"}],
        "device": {"reference": f"DeviceMetric/{unit().id}-150456"},
        "effectiveDateTime": "2026-03-01T00:00:00.25Z",
        "valueQuantity": {
            "value": 97, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%",
        },
    }  # fmt: skip


def test_a_failed_measurement_has_a_reason_instead_of_a_value():
    found = SPO2.observation(Row(AT, 1, 5, None))

    check(found)
    assert ("valueQuantity" in found, found["dataAbsentReason"]["coding"][0]["code"]) == (
        False, "error",
    )  # fmt: skip
    for value, code in (
        (nan, "not-a-number"),
        (inf, "positive-infinity"),
        (-inf, "negative-infinity"),
    ):
        odd = SPO2.observation(Row(AT, 1, 5, value))
        check(odd)
        assert odd["dataAbsentReason"]["coding"][0]["code"] == code


def test_an_implausible_value_is_sent_and_says_so():
    found = SPO2.observation(Row(AT, 1, 5, 12.5))

    check(found)
    assert found["valueQuantity"]["value"] == 12.5
    assert found["interpretation"] == [
        {"text": "outside the plausible range of the protocol: 50 to 100 %"}
    ]


@settings(deadline=None)
@given(ROWS)
def test_any_reading_is_valid_fhir_and_names_no_person(row):
    found = SPO2.observation(row)

    check(found)
    assert {"subject", "performer", "encounter", "note"} & set(found) == set()
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_every_metric_there_is_can_be_sent():
    for refid in metrics():
        channel = Channel(BASE, unit(), Watched(metric=refid, low=0, high=300, every_s=1))

        check(channel.observation(Row(AT, 0, 0, 36.6)))


def test_two_readings_of_one_moment_are_two_observations():
    one, other = Row(AT, 1, 5, 97.0), Row(AT, 1, 6, 97.0)

    assert SPO2.observation(one)["id"] != SPO2.observation(other)["id"]


def test_a_regular_run_is_one_observation():
    rows = [Row(AT + place * 500_000, 1, place, value) for place, value in
            enumerate([97.0, None, 96.5, 0.00001])]  # fmt: skip

    (found,) = SPO2.cut(runs(rows))

    check(found)
    assert found["effectivePeriod"] == {
        "start": "2026-03-01T00:00:00Z", "end": "2026-03-01T00:00:01.5Z",
    }  # fmt: skip
    assert found["valueSampledData"] == {
        "origin": {"value": 0, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
        "period": 500,
        "dimensions": 1,
        "data": "97 E 96.5 0.00001",
    }


@given(SERIES, st.integers(1, 70))
def test_runs_lose_nothing_and_change_nothing_in_pieces_of_any_size(rows, piece):
    cut = list(runs(rows))

    assert list(runs(rows, piece)) == cut
    assert [row for run in cut for row in run] == rows
    for run in cut:
        assert len(run) == 1 or (3 <= len(run) <= LONGEST_RUN and regular(run))


@settings(deadline=None)
@given(SERIES)
def test_readings_come_back_from_what_is_sent(rows):
    back = []
    for one in SPO2.cut(runs(rows)):
        check(one)
        if "valueSampledData" not in one:
            back.append(one.get("valueQuantity", {}).get("value"))
            continue
        said = one["valueSampledData"]
        back += [None if text == "E" else float(text) for text in said["data"].split()]

    assert back == [row.value for row in rows]


def test_a_run_has_an_end():
    rows = [Row(AT + place, 1, place, 1.0) for place in range(LONGEST_RUN * 2 + 2)]

    assert [len(run) for run in runs(rows)] == [LONGEST_RUN, LONGEST_RUN, 1, 1]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_sample_is_the_number_without_exponent(value):
    text = sample(value)

    assert (float(text), "e" in text.lower()) == (value, False)
    assert plain(value) == value


@given(st.integers(0, 4_102_444_800_000_000))
def test_an_instant_keeps_its_microseconds(micros):
    back = datetime.fromisoformat(instant(micros)) - datetime(1970, 1, 1, tzinfo=UTC)

    assert back // timedelta(microseconds=1) == micros
