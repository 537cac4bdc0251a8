"""The FHIR addresses: what they answer, to whom, page by page, and how they refuse."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from catalog.tables import DeviceVariant
from portal.permissions import OrganisationKind
from portal.settings import get_settings
from telemetry_ingest.fhir.parameters import SEARCHES
from telemetry_ingest.states import PilotState
from tests.people import make_organisation, make_person, sign_in, vera
from tests.telemetry_ingest.fhir.valid import check
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import PULSE, SPO2, store_readings

PLACE = "/fhir/r4"
STARTED = datetime(2026, 3, 1, 10, tzinfo=UTC)
FIVE = [96.0, 97.0, None, 98.5, 12.0]


async def world(state=PilotState.RUNNING):
    """Return both sides, a pilot and its unit with five saturations and two pulses."""
    sides = await two_sides()
    pilot = await make_pilot(sides, state)
    variant = await DeviceVariant.objects().where(DeviceVariant.device == sides.device.id).first()
    unit = await make_unit(pilot, "SN-7", firmware="2.1", variant=variant.id)
    await store_readings(unit.number, STARTED, FIVE)
    await store_readings(unit.number, STARTED, [71.0, 72.0], metric=PULSE, first=5)
    return sides, pilot, unit


async def bundle(client, address):
    """Return a valid bundle of an address."""
    answer = await client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/fhir+json")
    check(answer.json())
    return answer.json()


def links(found):
    return {one["relation"]: one["url"] for one in found["link"]}


def matches(found):
    return [one["resource"] for one in found.get("entry", ()) if one["search"]["mode"] == "match"]


async def all_pages(client, address):
    """Return the resources of all pages, following « next », and how many pages there were."""
    resources, pages = [], 0
    while address:
        found = await bundle(client, address)
        resources += matches(found)
        pages += 1
        following = links(found).get("next")
        parts = urlsplit(following) if following else None
        address = f"{parts.path}?{parts.query}" if parts else ""
    return resources, pages


def refusal(answer):
    """Return status and code of a refusal, which is valid FHIR and says something."""
    check(answer.json())
    (issue,) = answer.json()["issue"]
    assert answer.headers["content-type"] == "application/fhir+json"
    assert issue["details"]["text"]
    return answer.status_code, issue["code"]


async def test_the_statement_is_public_and_names_what_there_is(client):
    answer = await client.get(f"{PLACE}/metadata")

    check(answer.json())
    (rest,) = answer.json()["rest"]
    assert answer.json()["fhirVersion"] == "4.0.1"
    assert {
        one["type"]: [each["name"] for each in one["searchParam"]] for one in rest["resource"]
    } == {
        "Device": ["_id", "_tag", "identifier"],
        "DeviceMetric": ["_id", "_tag", "source", "type"],
        "Observation": ["device", "code", "date"],
    }


async def test_a_unit_is_read_with_its_udi_and_found_in_every_way(client):
    sides, pilot, unit = await world()
    await sign_in(client, sides.host)

    answer = await client.get(f"{PLACE}/Device/{unit.id}")

    check(answer.json())
    assert (answer.json()["serialNumber"], answer.json()["status"]) == ("SN-7", "active")
    assert answer.json()["udiCarrier"][0]["deviceIdentifier"]
    base = f"{get_settings().base_url}{PLACE}"
    for query in (
        "", "?identifier=SN-7", f"?identifier={base}/sid/pilot-device|{unit.id.hex}",
        f"?_tag={pilot.id}", f"?_tag={base}/sid/pilot|{pilot.id}", f"?_id={uuid4()},{unit.id}",
    ):  # fmt: skip
        found = await bundle(client, f"{PLACE}/Device{query}")
        assert matches(found) == [answer.json()], query
    for query in ("?identifier=SN-8", f"?_tag={uuid4()}", "?_tag=x|y", "?_id=x", "?_id=x&_id=y"):
        assert matches(await bundle(client, f"{PLACE}/Device{query}")) == []


async def test_devices_come_page_by_page(client):
    sides, pilot, unit = await world()
    more = [await make_unit(pilot, f"SN-{place}") for place in (8, 9)]
    await sign_in(client, sides.maker)

    found, pages = await all_pages(client, f"{PLACE}/Device?_count=1")

    assert ([one["id"] for one in found], pages) == ([str(one.id) for one in (unit, *more)], 3)


async def test_metrics_come_page_by_page_by_source_and_by_type(client):
    sides, pilot, unit = await world()
    other = await make_unit(pilot, "SN-8")
    await sign_in(client, sides.host)
    ids = [f"{one.id}-{code}" for one in (unit, other) for code in (PULSE, SPO2)]

    for count in (1, 2, 3, 4):
        found, _pages = await all_pages(client, f"{PLACE}/DeviceMetric?_count={count}")
        assert [one["id"] for one in found] == ids
    by_source = await bundle(client, f"{PLACE}/DeviceMetric?source=Device/{other.id}&type={SPO2}")
    assert [one["id"] for one in matches(by_source)] == [ids[3]]
    one = await client.get(f"{PLACE}/DeviceMetric/{ids[0]}")
    check(one.json())
    assert one.json()["source"] == {"reference": f"Device/{unit.id}"}


async def test_readings_are_observations_of_every_metric_in_order(client):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)

    found = matches(await bundle(client, f"{PLACE}/Observation?device=Device/{unit.id}"))

    assert [one["code"]["coding"][0]["code"] for one in found] == [str(PULSE)] * 2 + [str(SPO2)] * 5
    assert [one.get("valueQuantity", {}).get("value") for one in found] == [
        71,
        72,
        96,
        97,
        None,
        98.5,
        12,
    ]
    assert found[4]["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert "interpretation" in found[6]
    assert all("subject" not in one for one in found)
    for one in found:
        again = await client.get(f"{PLACE}/Observation/{one['id']}")
        assert again.json() == one


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("code=150456", 5),
        ("code=urn:iso:std:iso:11073:10101|150456", 5),
        ("code=http://loinc.org|150456", 0),
        ("code=149530,150456", 7),
        ("date=ge2026-03-01T10:00:03Z", 2),
        ("date=gt2026-03-01T10:00:03Z", 1),
        ("date=2026-03-01T10:00:01Z", 2),
        ("date=ge2026-03-01T10:00:01Z&date=lt2026-03-01T10:00:03Z&code=150456", 2),
        ("date=ge2026-03-01T11:00:03+01:00", 2),
        ("date=2026-03-01", 7),
        ("date=lt2026-03-01", 0),
        ("date=gt2027&date=lt2026", 0),
    ],
)
async def test_readings_are_chosen_by_code_and_date(client, query, count):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)

    found = await bundle(client, f"{PLACE}/Observation?device={unit.id}&{query}")

    assert len(matches(found)) == count


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 8])
async def test_pages_hold_every_reading_once_also_two_of_one_moment(client, count):
    sides, _pilot, unit = await world()
    # The same moment again, after a restart: another reading.
    await store_readings(unit.number, STARTED, [95.0, 95.5], boot=2)
    await sign_in(client, sides.host)
    whole = matches(await bundle(client, f"{PLACE}/Observation?device=Device/{unit.id}"))

    found, pages = await all_pages(
        client, f"{PLACE}/Observation?device=Device/{unit.id}&_count={count}"
    )

    assert (found, len({one["id"] for one in found}), pages) == (whole, 9, -(-9 // count))


async def test_pages_stay_when_readings_come_meanwhile(client):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)
    address = f"{PLACE}/Observation?device=DeviceMetric/{unit.id}-{SPO2}&_count=2"
    first = await bundle(client, address)

    # A late one before the page, and new ones after its end.
    await store_readings(unit.number, STARTED - timedelta(hours=1), [90.0], first=90)
    await store_readings(unit.number, STARTED + timedelta(minutes=1), [99.0], first=91)
    parts = urlsplit(links(first)["next"])
    rest, _pages = await all_pages(client, f"{parts.path}?{parts.query}")

    values = [one.get("valueQuantity", {}).get("value") for one in [*matches(first), *rest]]
    assert values == [96, 97, None, 98.5, 12, 99]


async def test_a_large_window_is_read_in_bounded_pages(client, statements):
    sides, _pilot, unit = await world()
    await store_readings(unit.number, STARTED + timedelta(days=1), [97.0] * 2_500, first=100)
    await sign_in(client, sides.host)
    statements.clear()

    found = await bundle(client, f"{PLACE}/Observation?device={unit.id}&_count=999999")
    assert len(statements) < 15
    resources, pages = await all_pages(client, f"{PLACE}/Observation?device={unit.id}&_count=1000")

    assert (len(matches(found)), "_count=1000" in links(found)["self"]) == (1_000, True)
    assert (len(resources), pages, len({one["id"] for one in resources})) == (2_507, 3, 2_507)


async def test_a_run_of_readings_can_be_read_by_its_id(client):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)
    first = matches(await bundle(client, f"{PLACE}/Observation?device={unit.id}&code={SPO2}"))[0]

    answers = [await client.get(f"{PLACE}/Observation/{first['id']}-{run}") for run in "456"]

    check(answers[0].json())
    assert answers[0].json()["valueSampledData"]["data"] == "96 97 E 98.5"
    assert [one.status_code for one in answers] == [200, 200, 404]


@pytest.mark.parametrize("state", [PilotState.CLOSED, PilotState.EVIDENCED])
async def test_what_a_closed_pilot_measured_stays(client, state):
    sides, _pilot, unit = await world(state)
    await sign_in(client, sides.maker)

    found = await bundle(client, f"{PLACE}/Observation?device={unit.id}")

    assert len(matches(found)) == 7
    assert (await client.get(f"{PLACE}/Device/{unit.id}")).json()["status"] == "inactive"


async def test_somebody_elses_pilot_does_not_exist(client):
    _sides, pilot, unit = await world()
    other = await make_person(organisation=await make_organisation(OrganisationKind.BUYER))
    await sign_in(client, other)

    for address in (
        f"Device/{unit.id}", f"DeviceMetric/{unit.id}-{SPO2}", "Observation/" + "1-1-1-1-1",
    ):  # fmt: skip
        assert refusal(await client.get(f"{PLACE}/{address}")) == (404, "not-found")
    found = await bundle(client, f"{PLACE}/Observation?device=Device/{unit.id}")
    assert [one["resource"]["issue"][0]["code"] for one in found["entry"]] == ["not-found"]
    assert matches(await bundle(client, f"{PLACE}/Device?_tag={pilot.id}")) == []


async def test_an_observation_of_somebody_elses_pilot_is_not_read_by_its_id(client):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)
    one = matches(await bundle(client, f"{PLACE}/Observation?device={unit.id}"))[0]
    address = f"{PLACE}/Observation/{one['id']}"
    assert (await client.get(address)).status_code == 200

    other = await make_person(organisation=await make_organisation(OrganisationKind.BUYER))
    await sign_in(client, other)

    assert refusal(await client.get(address)) == (404, "not-found")


async def test_strangers_are_asked_to_sign_in_and_authorities_see_all(client):
    _sides, _pilot, unit = await world()
    address = f"{PLACE}/Device/{unit.id}"

    assert refusal(await client.get(address)) == (401, "login")
    distributor = await make_organisation(OrganisationKind.DISTRIBUTOR)
    await sign_in(client, await make_person(organisation=distributor))
    assert refusal(await client.get(address)) == (403, "forbidden")
    await sign_in(client, await vera())
    assert (await client.get(address)).status_code == 200
    assert len(matches(await bundle(client, f"{PLACE}/Observation?device={unit.id}"))) == 7


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("Observation", 400, "required"),
        ("Observation?device=Device/{0}&date=yesterday", 400, "value"),
        ("Observation?device=Device/{0}&date=2026-02-30", 400, "value"),
        ("Observation?device=Device/{0}&date=ne2026-01-01", 400, "value"),
        ("Observation?device=Device/{0}&date=", 400, "value"),
        ("Observation?device=Device/{0}&_count=0", 400, "value"),
        ("Observation?device=Device/{0}&_count=-1", 400, "value"),
        ("Observation?device=Device/{0}&_count=many", 400, "value"),
        ("Observation?device=Device/{0}&_count=٣", 400, "value"),
        ("Observation?device=Device/{0}&_after=x", 400, "value"),
        ("Observation?device=Device/{0}&_after=1-1-1-1-1-5", 400, "value"),
        ("Observation?device=Device/{0}&_format=xml", 406, "not-supported"),
        ("Observation?device=Device/{0}&patient=1", 400, "not-supported"),
        ("Observation?device=Device/{0}&subject:Patient=1", 400, "not-supported"),
        ("Observation?device=Device/{0}&device=Device/{0}", 400, "not-supported"),
        ("Observation?device=Patient/1", 400, "value"),
        ("Observation?device=%00", 400, "value"),
        ("Device?_after=1-1", 400, "value"),
        ("Device?_after=99999999999999999999", 400, "value"),
        ("DeviceMetric?_after=7", 400, "value"),
        ("Device?_id=" + ",".join(["x"] * 51), 400, "value"),
        ("Device/nothing", 404, "not-found"),
        ("DeviceMetric/nothing", 404, "not-found"),
        ("DeviceMetric/{0}-1", 404, "not-found"),
        ("Observation/nothing", 404, "not-found"),
        ("Observation/zzzzzzzzzzzzz-1-1-1-1", 404, "not-found"),
        ("Patient", 404, "not-found"),
        ("Patient/1", 404, "not-found"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_what_cannot_be_answered_is_refused_in_the_shape_of_fhir(
    client, address, status, code, language
):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)
    client.cookies.delete("language")

    answer = await client.get(
        f"{PLACE}/{address.format(unit.id)}", headers={"accept-language": language}
    )

    assert refusal(answer) == (status, code)
    assert answer.json()["language"] == language


async def test_what_is_not_known_is_refused_and_with_lenience_said(client):
    sides, _pilot, unit = await world()
    await sign_in(client, sides.host)
    address = f"{PLACE}/Observation?device={unit.id}&_security=x&code=150456,1"

    strict = await client.get(address)
    lenient = await client.get(address, headers={"prefer": "handling=lenient"})
    found = lenient.json()
    check(found)

    said = [
        one["resource"]["issue"][0] for one in found["entry"] if one["search"]["mode"] == "outcome"
    ]
    assert [one["code"] for one in said] == ["not-supported", "code-invalid"]
    assert ("_security" in links(found)["self"], len(matches(found))) == (False, 5)
    assert refusal(strict) == (400, "not-supported")
    assert "_security" in strict.text
    for single in (f"Device/{unit.id}", f"DeviceMetric/{unit.id}-{SPO2}"):
        unknown = await client.get(f"{PLACE}/{single}?_count=1")
        assert refusal(unknown) == (400, "not-supported")


async def test_the_addresses_stand_in_the_description_of_the_api(client):
    document = (await client.get("/api/v1/openapi.json")).json()

    found = {path: one["get"] for path, one in document["paths"].items() if path.startswith(PLACE)}
    assert set(found) == {
        f"{PLACE}/metadata", f"{PLACE}/Device", f"{PLACE}/Device/{{resource_id}}",
        f"{PLACE}/DeviceMetric", f"{PLACE}/DeviceMetric/{{resource_id}}",
        f"{PLACE}/Observation", f"{PLACE}/Observation/{{resource_id}}",
    }  # fmt: skip
    search = found[f"{PLACE}/Observation"]
    assert [(one["name"], one["required"]) for one in search["parameters"]] == [
        (one.name, one.name == "device") for one in SEARCHES["Observation"]
    ]
    read = found[f"{PLACE}/Observation/{{resource_id}}"]
    assert [one["name"] for one in read["parameters"]] == [
        "resource_id", "_format", "_pretty", "_elements",
    ]  # fmt: skip
    assert set(search["responses"]["400"]["content"]) == {"application/fhir+json"}
    assert "/fhir/r4/Observation" in (await client.get("/en/api-docs")).text
