"""What shapes an answer: every word of it is known, and a part of a resource says it is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.fhir.alarms import Alarms
from telemetry_ingest.fhir.devices import device, metrics_of
from telemetry_ingest.fhir.errors import (
    FormatNotSupported,
    ParameterNotReadable,
    ParameterNotSupported,
)
from telemetry_ingest.fhir.observations import Channel, Row
from telemetry_ingest.fhir.shaping import ELEMENTS, IDENTITY, REQUIRED, Shape, of_one
from telemetry_ingest.fhir.terms import SUBSETTED
from telemetry_ingest.metrics import metrics
from telemetry_ingest.queries.alarms import Alarm
from tests.telemetry_ingest.fhir.units import BASE, unit
from tests.telemetry_ingest.fhir.valid import check

SPO2 = metrics()["MDC_PULS_OXIM_SAT_O2"].code


def resources():
    """Return one resource of each shape that we write."""
    one = unit()
    channel = Channel(BASE, one, one.watched[0])
    rows = [Row(1_772_359_200_000_000 + place, 1, place, 96.0) for place in range(4)]
    alarm = Alarm(1_772_359_200_000_000, 1, 7, SPO2, "high", True)
    return [
        device(BASE, one), *metrics_of(BASE, one), channel.observation(rows[0]),
        channel.observation(rows[0]._replace(value=None)),
        channel.observation(rows[0]._replace(value=1e9)), channel.sampled(rows),
        Alarms(BASE, one).observation(alarm),
    ]  # fmt: skip


def test_the_elements_are_those_that_we_write():
    written = {}
    for one in resources():
        written.setdefault(one["resourceType"], set()).update(one)
    for kind, names in written.items():
        assert names - {"resourceType"} <= ELEMENTS[kind]
        assert set(REQUIRED[kind]) <= names | {"meta"}


@given(st.data())
def test_a_part_of_a_resource_is_valid_and_says_it_is_one(data):
    for one in resources():
        kind = one["resourceType"]
        wanted = data.draw(st.sets(st.sampled_from(sorted(ELEMENTS[kind])), min_size=1))
        shape = Shape(kind)
        assert shape.take("_elements", ",".join(sorted(wanted)))
        part = shape.trimmed(one)
        check(part)
        assert part["meta"]["tag"][-1] == SUBSETTED
        prefixes = tuple(wanted & {"value", "effective"})
        assert {name for name in part if name != "meta"} == {
            name
            for name in one
            if name != "meta"
            and (name in {*wanted, *REQUIRED[kind]} or (prefixes and name.startswith(prefixes)))
        }
        assert Shape(kind).trimmed(one) == one


def test_an_alarm_is_an_observation_of_its_device():
    alarm = Alarm(1_772_359_200_500_000, 3, 7, SPO2, "medium", False)
    found = Alarms(BASE, unit()).observation(alarm)
    check(found)
    assert found["device"] == found["focus"][0] == {"reference": f"Device/{unit().id}"}
    assert found["code"]["coding"] == [
        {"system": "urn:iso:std:iso:11073:10101", "code": "196616", "display": "MDC_EVT_ALARM"}
    ]
    assert found["valueCodeableConcept"]["coding"][0]["display"] == "MDC_PULS_OXIM_SAT_O2"
    assert [(one["code"]["text"], one["valueString"]) for one in found["component"]] == [
        ("MDC_ATTR_ALARM_STATE", "inactive"), ("MDC_ATTR_ALARM_PRIORITY", "medium"),
    ]  # fmt: skip
    unknown = Alarms(BASE, unit()).observation(Alarm(1, 1, 1, 5, "low", True))
    check(unknown)
    assert unknown["valueCodeableConcept"] == {
        "coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "5"}]
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("_sort", "code"), ("_sort", "date,_id"), ("_sort", "--date"), ("_total", "yes"),
     ("_summary", "true"), ("_summary", "text"), ("_elements", "subject"), ("_elements", ""),
     ("_include", "Observation:subject"), ("_include", "*"), ("_pretty", "maybe"),
     ("_include", "Observation:device:Patient"), ("_revinclude", "Observation:device")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(name, value):
    with pytest.raises(ParameterNotReadable) as refused:
        Shape("Observation").take(name, value)
    assert name in refused.value.text()


def test_a_single_resource_is_asked_for_elements_only():
    shape = of_one("Device", [("_elements", "Device.status"), ("_pretty", "true")])
    assert (shape.elements, shape.pretty) == ({"status"}, True)
    assert of_one("Device", [("_count", "1")], lenient=True) == Shape("Device")
    with pytest.raises(ParameterNotSupported):
        of_one("Device", [("_count", "1")])
    with pytest.raises(FormatNotSupported):
        of_one("Device", [("_format", "xml")])
    assert REQUIRED["Device"] == IDENTITY
