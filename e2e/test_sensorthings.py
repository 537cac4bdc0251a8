"""SensorThings keeps what its description promises to somebody who has signed in."""

import httpx
import pytest
import schemathesis
from hypothesis import given
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.demo.loading import PASSWORD
from e2e.people import address_of
from e2e.portal import Portal
from e2e.test_api import BOUNDED

PLACE = "/sensorthings/v1.1"
# Not the one that wants every text the schema allows to be taken: $filter is a language.
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def session(portal: Portal) -> str:
    """Return the cookies of the demonstration's engineer."""
    with httpx.Client(base_url=portal.address) as client:
        client.get("/fr/sign-in")
        answer = client.post(
            "/fr/sign-in",
            data={"email": address_of("mia"), "password": PASSWORD},
            headers={"x-csrftoken": client.cookies["csrf"]},
        )
        assert answer.status_code == 303, answer.text
        return "; ".join(f"{name}={text}" for name, text in client.cookies.items())


def test_whatever_is_asked_the_answer_is_as_described(portal, session):
    service = schemathesis.openapi.from_url(f"{portal.address}{PLACE}/openapi.json")
    operations = [found.ok() for found in service.get_all_operations()]
    assert len(operations) == 22
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy())
        def holds(case):
            case.call_and_validate(headers={"Cookie": session}, checks=CHECKS)

        holds()


def test_a_unit_is_found_from_the_root(portal, session):
    with httpx.Client(headers={"Cookie": session}) as client:
        root = client.get(f"{portal.address}{PLACE}").json()
        sets = {one["name"]: one["url"] for one in root["value"]}
        thing = client.get(sets["Things"], params={"$top": "1"}).json()["value"][0]
        streams = client.get(thing["Datastreams@iot.navigationLink"]).json()["value"]
        readings = client.get(streams[0]["Observations@iot.navigationLink"])
    assert (readings.status_code, "value" in readings.json()) == (200, True)
