import json

import pytest

from telemetry_ingest.fhir.devices import device, metrics_of
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.fhir.units import BASE, unit
from tests.telemetry_ingest.fhir.valid import check


def test_a_unit_is_a_device_with_its_label():
    found = device(BASE, unit())

    check(found)
    assert found["udiCarrier"] == [
        {
            "deviceIdentifier": "06110000000015",
            "issuer": "http://hl7.org/fhir/NamingSystem/gs1-di",
        }
    ]
    assert (found["serialNumber"], found["modelNumber"], found["manufacturer"]) == (
        "SN-7", "OX-2", "Atlas Médical",
    )  # fmt: skip
    assert found["version"] == [
        {
            "type": {
                "coding": [
                    {
                        "system": "urn:iso:std:iso:11073:10101",
                        "code": "531976",
                        "display": "MDC_ID_PROD_SPEC_FW",
                    }
                ],
                "text": "firmware",
            },
            "value": "2.1",
        }
    ]
    assert found["property"][0]["valueCode"] == [{"text": "device under test"}]
    assert found["meta"]["tag"][0] == {
        "system": f"{BASE}/sid/pilot",
        "code": "0198c3a1-0000-7000-8000-0000000000bb",
        "display": "Pilot 3",
    }


def test_what_is_not_said_is_left_out():
    bare = unit(
        firmware="", site="", model="", emdn_code="", variant_name="", udi_di="", is_reference=True
    )

    found = device(BASE, bare)

    check(found)
    assert {"udiCarrier", "version", "location", "modelNumber", "type"} & set(found) == set()
    assert found["property"][0]["valueCode"] == [{"text": "reference device"}]
    assert '""' not in json.dumps(found)


def test_an_agency_without_an_address_of_fhir_has_none():
    found = device(BASE, unit(agency="IFA"))

    check(found)
    assert found["udiCarrier"] == [{"deviceIdentifier": "06110000000015"}]


@pytest.mark.parametrize(
    ("state", "revoked", "status", "on"),
    [
        (PilotState.RUNNING, False, "active", "on"),
        (PilotState.RUNNING, True, "inactive", "off"),
        (PilotState.AGREED, False, "active", "off"),
        (PilotState.CLOSED, False, "inactive", "off"),
        (PilotState.EVIDENCED, False, "inactive", "off"),
    ],
)
def test_a_unit_that_may_not_send_is_inactive(state, revoked, status, on):
    one = unit(state=state, is_revoked=revoked)

    assert device(BASE, one)["status"] == status
    assert {each["operationalStatus"] for each in metrics_of(BASE, one)} == {on}


def test_a_metric_says_code_unit_rate_and_its_device():
    found = metrics_of(BASE, unit())

    for one in found:
        check(one)
    assert [one["id"].rpartition("-")[2] for one in found] == ["149530", "150456"]
    saturation = found[1]
    assert saturation["type"]["coding"] == [
        {
            "system": "urn:iso:std:iso:11073:10101",
            "code": "150456",
            "display": "MDC_PULS_OXIM_SAT_O2",
        }
    ]
    assert [one["code"] for one in saturation["unit"]["coding"]] == ["262688", "%"]
    assert saturation["source"] == {"reference": f"Device/{unit().id}"}
    assert saturation["measurementPeriod"]["repeat"]["period"] == 1
    assert [one["code"] for one in found[0]["unit"]["coding"]] == ["264864", "/min"]
