"""The API keeps what its description promises, whatever is asked of it."""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from catalog.demo.reading import devices
from e2e.portal import Portal

MONITOR = next(one for one in devices() if one.reference == "TM-12")
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def api(portal: Portal):
    """Return the description the running portal publishes."""
    return schemathesis.openapi.from_url(f"{portal.address}/api/v1/openapi.json")


def test_whatever_is_asked_the_answer_is_as_described(api):
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) >= 7
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy())
        def holds(case):
            case.call_and_validate()

        holds()


def test_what_is_there_is_as_described(api, portal):
    """Addresses made at random are seldom there: these are."""
    found = httpx.get(f"{portal.address}/api/v1/devices", params={"q": "TM-12"}).json()
    number = found["devices"][0]["number"]
    device = httpx.get(f"{portal.address}/api/v1/devices/{number}").json()
    asked = [
        ("/api/v1/devices", {}, {"q": "TM-12"}),
        ("/api/v1/suppliers", {}, {}),
        ("/api/v1/devices/{handle}", {"handle": str(number)}, {}),
        ("/api/v1/suppliers/{organisation_id}", {"organisation_id": device["supplier"]["id"]}, {}),
        ("/api/v1/udi", {}, {"code": MONITOR.variants[0].udi_di}),
        ("/api/v1/nomenclature", {}, {}),
        ("/api/v1/nomenclature/{code}", {"code": MONITOR.emdn}, {}),
    ]
    # The standards beside it have stories of their own.
    ours = {path for path in api if path.startswith("/api/v1/")}
    assert {path for path, *_ in asked} == ours
    for path, parts, query in asked:
        answer = api[path]["GET"].Case(path_parameters=parts, query=query).call_and_validate()
        assert answer.status_code == 200, path
