"""Our resources beside the examples that HL7 publishes: the same elements, of the same types."""

import json
from functools import cache
from typing import Any

import pytest

from telemetry_ingest.fhir.devices import device, metrics_of
from telemetry_ingest.fhir.observations import Channel, Row
from telemetry_ingest.fhir.terms import MDC, UCUM
from tests.sources import ROOT
from tests.telemetry_ingest.fhir.units import BASE, unit
from tests.telemetry_ingest.fhir.valid import check, shape

# Beside the repository where it is developed, not in it.
FOLDER = ROOT.parent / "shared/data/fhir_device_examples/r4_official"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the examples are not in {FOLDER}")

CHANNEL = Channel(BASE, unit(), unit().watched[1])
ROWS = [Row(1_772_323_200_000_000 + place * 10_000, 1, place, 97.5) for place in range(5)]


@cache
def example(name: str) -> dict[str, Any]:
    """Return an example without its text and its mark « for tests »."""
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key not in {"text", "meta"}}


def elements(resource: dict[str, Any]) -> set[tuple[str, ...]]:
    return shape({key: value for key, value in resource.items() if key != "meta"})


NAMES = (
    "device-example", "devicemetric-example", "observation-example-satO2",
    "observation-example-sample-data",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_library_takes_the_examples(name):
    check(example(name))


def test_a_device_says_at_least_what_the_example_says():
    assert elements(example("device-example")) - elements(device(BASE, unit())) == set()


def test_a_metric_says_what_the_example_says_but_what_no_pilot_knows():
    saturation = metrics_of(BASE, unit())[1]
    theirs = {one for one in elements(example("devicemetric-example"))
              if one[0] not in {"calibration", "color", "parent"}}  # fmt: skip

    assert theirs - elements(saturation) == set()
    assert saturation["type"]["coding"] == example("devicemetric-example")["type"]["coding"]
    ours, given = (
        one["unit"]["coding"][0] for one in (saturation, example("devicemetric-example"))
    )
    assert ours == given


def test_a_saturation_is_written_as_in_the_example_but_for_the_patient():
    found, given = CHANNEL.observation(ROWS[0]), example("observation-example-satO2")
    about_the_person = {"subject", "category", "partOf", "interpretation", "referenceRange"}

    assert {one for one in elements(given) if one[0] not in about_the_person} - elements(
        found
    ) == set()
    (theirs,) = [one for one in given["code"]["coding"] if one["system"] == MDC]
    assert found["code"]["coding"] == [theirs]
    assert found["valueQuantity"] | {"value": 95} == given["valueQuantity"]
    assert found["valueQuantity"]["system"] == UCUM
    assert found["device"]["reference"].partition("/")[0] == "DeviceMetric"


def test_a_run_is_sampled_data_as_in_the_example():
    found = CHANNEL.sampled(ROWS)["valueSampledData"]
    given = example("observation-example-sample-data")["component"][0]["valueSampledData"]

    assert set(given) - set(found) == {"factor", "lowerLimit", "upperLimit"}
    assert {one for one in shape(given) if one[0] in found} - shape(found) == set()
    assert found["period"] == given["period"] == 10
