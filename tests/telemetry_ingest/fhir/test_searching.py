from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_ingest.fhir.bundles import Page, searchset
from telemetry_ingest.fhir.errors import FhirRefused, ParameterNotReadable, ParameterNotSupported
from telemetry_ingest.fhir.keys import Key, written
from telemetry_ingest.fhir.outcomes import outcome
from telemetry_ingest.fhir.parameters import MOST, SEARCHES, USUAL
from telemetry_ingest.fhir.searching import Target, search
from tests.telemetry_ingest.fhir.units import BASE
from tests.telemetry_ingest.fhir.valid import check

UNIT = UUID("0198c3a1-0000-7000-8000-00000000000a")
NAMES = sorted(
    {one.name for each in SEARCHES.values() for one in each} | {"patient", "_security", ""}
)
# What comes close to being right, and what does not.
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [f"Device/{UNIT}", f"{BASE}/Device/{UNIT}", f"DeviceMetric/{UNIT}-150456", str(UNIT), "|",
         "urn:iso:std:iso:11073:10101|150456", "ge2026-03-01", "2026", "json", "7-150456", "7", ",",
         "-date", "_id", "accurate", "count", "Observation:focus", "DeviceMetric:source:Device",
         "id,value", "true"]
    ),
    st.integers().map(str),
    st.from_regex(r"[0-9a-z]{1,14}(-[0-9a-z]{1,14}){4,5}", fullmatch=True),
)  # fmt: skip


@settings(deadline=None)  # the library that checks is slow
@given(
    st.sampled_from(sorted(SEARCHES)),
    st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=10), VALUES), max_size=6),
    st.booleans(),
)
def test_any_address_is_a_search_or_refused_in_words(kind, pairs, lenient):
    try:
        asked = search(kind, pairs, BASE, lenient=lenient)
    except FhirRefused as error:
        check(outcome("error", error.code, error.text()))
        return
    assert 1 <= asked.shape.count <= MOST
    check(searchset(BASE, asked, Page([])))


def observations(*pairs):
    return search("Observation", [("device", f"Device/{UNIT}"), *pairs], BASE)


def test_a_search_of_readings_is_read():
    key = Key(7, 150456, 5, 1, 2)

    asked = observations(
        ("code", "urn:iso:std:iso:11073:10101|150456,149530"),
        ("_count", "20"),
        ("_after", written(key)),
    )

    assert (asked.targets, asked.codes, asked.shape.count, asked.after_reading) == (
        [Target(UNIT)], [150456, 149530], 20, key,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", [f"DeviceMetric/{UNIT}-150456", f"{BASE}/DeviceMetric/{UNIT}-150456"]
)
def test_a_device_is_named_by_a_reference_or_an_address(text):
    asked = search("Observation", [("device", text)], BASE)

    assert asked.targets == [Target(UNIT, 150456)]


def test_a_parameter_that_comes_twice_narrows_and_dates_too():
    asked = observations(
        ("code", "1,2"), ("code", "2,3"), ("date", "ge2026-03-01T00:00:00Z"), ("date", "lt2026"),
    )  # fmt: skip

    assert (asked.codes, asked.span[0] > asked.span[1]) == ([2], True)


def test_too_many_are_cut_and_the_page_says_so():
    asked = observations(("_count", "999999"))

    found = searchset(BASE, asked, Page([], "x"))

    assert asked.shape.count == MOST
    assert [one["relation"] for one in found["link"]] == ["self", "next"]
    assert all(f"_count={MOST}" in one["url"] for one in found["link"])
    assert observations().shape.count == USUAL


def test_unknown_parameters_are_refused_or_remembered():
    for name in ("_security", "date:missing", "_sort:asc", "_include:iterate"):
        with pytest.raises(ParameterNotSupported) as refused:
            observations((name, "true"))
        assert name in refused.value.text()
    device = ("device", f"Device/{UNIT}")
    pairs = [device, ("_security", "x"), ("date:missing", "true")]
    asked = search("Observation", pairs, BASE, lenient=True)
    assert (asked.ignored, asked.used) == (["_security", "date:missing"], [device])
    for name in ("patient", "patient.name", "subject:Patient", "encounter"):
        with pytest.raises(ParameterNotSupported):
            search("Observation", [device, (name, "1")], BASE, lenient=True)


def test_a_list_has_an_end():
    with pytest.raises(ParameterNotReadable):
        observations(("code", ",".join(["1"] * 51)))
