"""What shapes answers in FHIR, against rows in Python: order, totals, parts, what comes along."""

from datetime import timedelta

import pytest

from portal import database
from portal.permissions import OrganisationKind
from portal.settings import get_settings
from telemetry_ingest.fhir.parameters import OF_ONE
from telemetry_ingest.states import PilotState
from tests.people import make_organisation, make_person, sign_in, vera
from tests.telemetry_ingest.api.test_fhir import (
    PLACE,
    STARTED,
    all_pages,
    bundle,
    links,
    matches,
    refusal,
    world,
)
from tests.telemetry_ingest.fhir.valid import check
from tests.telemetry_ingest.pilots import make_pilot, make_unit
from tests.telemetry_ingest.readings import PULSE, SPO2, alarm, store_readings

ALARM = 196616


async def settle():
    """Mark all hours as the ingest does: their roll-ups are still to be counted."""
    await database.fetch(
        "INSERT INTO dirty_hour SELECT DISTINCT device, date_bin('1 hour', at, 'epoch')"
        " FROM reading ON CONFLICT DO NOTHING"
    )


@pytest.fixture
async def two(client):
    """A unit with readings and alarms, another one with readings of the same moments."""
    sides, pilot, unit = await world()
    other = await make_unit(pilot, "SN-8")
    await store_readings(other.number, STARTED, [90.0, 91.0])
    await store_readings(unit.number, STARTED, [95.0, 95.5], boot=2)
    await alarm(unit.number, STARTED + timedelta(seconds=1))
    await alarm(unit.number, STARTED + timedelta(seconds=3), active=False, seq=1)
    await settle()
    await sign_in(client, sides.host)
    return sides, unit, other


def kinds(found, mode):
    return sorted(
        one["resource"]["resourceType"]
        for one in found.get("entry", ())
        if one["search"]["mode"] == mode
    )


def when(one):
    return one["effectiveDateTime"]


async def test_alarms_are_observations_of_their_device(client, two):
    _sides, unit, _other = two
    address = f"{PLACE}/Observation?device=Device/{unit.id}"

    whole = matches(await bundle(client, address))
    (begins, ends) = matches(await bundle(client, f"{address}&code={ALARM}"))

    assert whole[-2:] == [begins, ends]
    assert [one["component"][0]["valueString"] for one in (begins, ends)] == ["active", "inactive"]
    assert (await client.get(f"{PLACE}/Observation/{ends['id']}")).json() == ends
    assert refusal(await client.get(f"{PLACE}/Observation/{ends['id']}-5")) == (404, "not-found")
    later = await bundle(client, f"{address}&code={ALARM}&date=gt2026-03-01T10:00:02Z")
    assert matches(later) == [ends]
    by_metric = f"{PLACE}/Observation?device=DeviceMetric/{unit.id}-{SPO2}"
    assert len(matches(await bundle(client, by_metric))) == 7


@pytest.mark.parametrize("sort", ["", "date", "-date"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 13, 14])
async def test_observations_are_sorted_and_paged_as_python_sorts(client, two, sort, count):
    _sides, unit, other = two
    address = f"{PLACE}/Observation?device=Device/{unit.id},Device/{other.id}"
    whole = matches(await bundle(client, address))
    assert len(whole) == 13
    expected = sorted(whole, key=when)  # stable: those of one moment stay in the usual order
    if sort == "-date":
        expected = sorted(reversed(whole), key=when, reverse=True)
    asked = f"{address}&_count={count}" + (f"&_sort={sort}" if sort else "")

    found, pages = await all_pages(client, asked)

    assert (found, pages) == (expected if sort else whole, -(-13 // count))


async def test_sorted_pages_stay_when_readings_come_meanwhile(client, two):
    _sides, unit, _other = two
    asked = f"{PLACE}/Observation?device=Device/{unit.id}&code={SPO2}&_sort=-date&_count=3"
    first = await bundle(client, asked)
    await store_readings(unit.number, STARTED + timedelta(minutes=1), [99.0], first=91)
    following = links(first)["next"].removeprefix(get_settings().base_url)
    rest, _pages = await all_pages(client, following)
    values = [one.get("valueQuantity", {}).get("value") for one in [*matches(first), *rest]]
    assert values == [12, 98.5, None, 95.5, 97, 95, 96]


@pytest.mark.parametrize("kind", ["Device", "DeviceMetric"])
@pytest.mark.parametrize("count", [1, 3, 9])
async def test_devices_are_sorted_by_id(client, two, kind, count):
    whole = matches(await bundle(client, f"{PLACE}/{kind}"))
    for sort in ("_id", "-_id"):
        found, _pages = await all_pages(client, f"{PLACE}/{kind}?_sort={sort}&_count={count}")
        assert found == sorted(whole, key=lambda one: one["id"], reverse=sort == "-_id")


@pytest.mark.parametrize(
    ("query", "total"),
    [("Device?", 2), ("Device?identifier=SN-8", 1), ("DeviceMetric?", 4),
     (f"DeviceMetric?type={SPO2}", 2), ("Observation?device={0}", 11),
     ("Observation?device={0},{1}", 13), ("Observation?device={0}&code=196616", 2),
     ("Observation?device={0}&date=gt2026-03-01T10:00:00Z&date=le2026-03-01T10:00:03Z", 7),
     ("Observation?device={0}&date=gt2027&date=lt2026", 0), ("Device?_id=x", 0)],
)  # fmt: skip
async def test_totals(client, two, query, total):
    _sides, unit, other = two
    address = f"{PLACE}/{query.format(unit.id, other.id)}"

    for asked in ("_total=accurate&_count=1", "_total=estimate"):
        found = await bundle(client, f"{address}&{asked}")
        assert found["total"] == total
    only = await bundle(client, f"{address}&_summary=count")
    assert (only["total"], [one["relation"] for one in only["link"]]) == (total, ["self"])
    assert matches(only) == []
    assert "total" not in await bundle(client, f"{address}&_total=none&_summary=false")
    assert len((await all_pages(client, address))[0]) == total


async def test_what_observations_name_comes_along_once(client, two):
    _sides, unit, other = two
    address = f"{PLACE}/Observation?device=Device/{unit.id},Device/{other.id}"

    devices = await bundle(client, f"{address}&_include=Observation:focus")
    measured = await bundle(client, f"{address}&_include=Observation:device:DeviceMetric")
    both = await bundle(
        client, f"{address}&_include=Observation:device&_include=Observation:focus&_total=accurate"
    )
    page = await bundle(client, f"{address}&code={PULSE}&_include=Observation:device&_count=1")

    assert kinds(devices, "include") == ["Device"] * 2
    assert kinds(measured, "include") == ["DeviceMetric"] * 3
    assert kinds(both, "include") == ["Device"] * 2 + ["DeviceMetric"] * 3
    assert (both["total"], kinds(both, "match")) == (13, ["Observation"] * 13)
    assert [one["resource"]["id"] for one in page["entry"]][1:] == [f"{unit.id}-{PULSE}"]
    assert "_include=Observation:device" in links(page)["next"]


async def test_devices_and_their_metrics_come_together(client, two):
    _sides, unit, other = two
    forth = await bundle(client, f"{PLACE}/DeviceMetric?_include=DeviceMetric:source")
    back = await bundle(client, f"{PLACE}/Device?_id={unit.id}&_revinclude=DeviceMetric:source")

    assert (kinds(forth, "match"), kinds(forth, "include")) == (
        ["DeviceMetric"] * 4,
        ["Device"] * 2,
    )
    assert [one["resource"]["id"] for one in back["entry"]] == [
        str(unit.id), f"{unit.id}-{PULSE}", f"{unit.id}-{SPO2}",
    ]  # fmt: skip
    assert str(other.id) not in str(back)


async def test_a_part_of_resources_and_what_did_not_change(client, two):
    _sides, unit, _other = two
    asked = f"{PLACE}/Observation?device={unit.id}&_elements=value,effectiveDateTime&_count=3"
    for one in matches(await bundle(client, asked)):
        assert set(one) - {"valueQuantity"} == {
            "resourceType", "id", "meta", "status", "code", "effectiveDateTime",
        }  # fmt: skip
    part = await client.get(f"{PLACE}/Device/{unit.id}?_elements=serialNumber&_pretty=true")
    check(part.json())
    assert (len(part.text.splitlines()) > 10, "manufacturer" in part.json()) == (True, False)
    for address in (
        f"{PLACE}/Device/{unit.id}", f"{PLACE}/metadata", "/sensorthings/v1.1",
        f"/sensorthings/v1.1/Things({unit.number})",
    ):  # fmt: skip
        first = await client.get(address)
        mark = first.headers["etag"]
        again = await client.get(address, headers={"if-none-match": mark})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
        for known in (mark.removeprefix("W/"), "*"):
            again = await client.get(address, headers={"if-none-match": known})
            assert again.status_code == 304
        other = await client.get(address, headers={"if-none-match": 'W/"other"'})
        assert other.json() == first.json()


async def test_the_statement_says_what_the_addresses_do(client, two):
    """Every parameter, every link and every interaction that is announced, and no other."""
    _sides, unit, _other = two
    statement = (await client.get(f"{PLACE}/metadata")).json()
    check(statement)
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    (rest,) = statement["rest"]
    every = {
        f"{kind}{name}:{value}"
        for kind in ("_include=", "_revinclude=")
        for name in ("Device", "DeviceMetric", "Observation")
        for value in ("source", "device", "focus", "subject")
    }
    for resource in rest["resource"]:
        kind = resource["type"]
        device = f"device=Device/{unit.id}&" if kind == "Observation" else ""
        assert {one["code"] for one in resource["interaction"]} == {"read", "search-type"}
        described = {one["name"] for one in paths[f"{PLACE}/{kind}"]["get"]["parameters"]}
        announced = {one["name"] for one in resource["searchParam"]}
        shaping = resource["documentation"].partition("Result parameters: ")[2]
        named = {one.strip() for one in shaping.partition(";")[0].split(",")}
        assert (described, announced & named) == (announced | named, set())
        single = paths[f"{PLACE}/{kind}/{{resource_id}}"]["get"]["parameters"]
        assert {one["name"] for one in single} - {"resource_id"} == {one.name for one in OF_ONE}
        offered = {f"_include={one}" for one in resource.get("searchInclude", ())}
        offered |= {f"_revinclude={one}" for one in resource.get("searchRevInclude", ())}
        for one in every:
            answer = await client.get(f"{PLACE}/{kind}?{device}{one}")
            assert (answer.status_code == 200) == (one in offered), one
        for name in sorted(described - {"device"}):
            answer = await client.get(f"{PLACE}/{kind}?{device}{name}=%00")
            assert refusal(answer)[0] in {400, 406}  # known: it is the value that is refused
            assert refusal(answer)[1] != "not-supported" or name == "_format"
    types = {one["type"] for one in rest["resource"]}
    assert {path.split("/")[3] for path in paths if path.startswith(PLACE)} - {"metadata"} == types


async def test_what_one_may_not_see_is_in_no_total_and_no_include(client, two):
    sides, unit, _other = two
    buyer = await make_organisation(OrganisationKind.BUYER)
    hidden = await make_unit(await make_pilot(sides, PilotState.RUNNING, host=buyer.id), "HIDDEN-9")
    await store_readings(hidden.number, STARTED, [50.0])
    await alarm(hidden.number, STARTED)
    await settle()
    stranger = await make_person(
        organisation=await make_organisation(OrganisationKind.BUYER), name="Zoé"
    )
    guest = await make_person(organisation=buyer, name="Adil")
    observed = f"Observation?device=Device/{unit.id},Device/{hidden.id}&_include=Observation:focus"
    for person, devices, readings, sees in (
        (sides.host, 2, 11, False), (sides.maker, 3, 13, True), (guest, 1, 2, True),
        (stranger, 0, 0, False), (await vera(), 3, 13, True),
    ):  # fmt: skip
        await sign_in(client, person)
        for query, total in (
            ("Device?_revinclude=DeviceMetric:source&_sort=-_id", devices),
            ("DeviceMetric?_include=DeviceMetric:source&_sort=_id", 2 * devices),
            (f"{observed}&_sort=-date", readings),
            (f"{observed}&code={ALARM},{SPO2}", readings and readings - 2 * (person is not guest)),
        ):
            found = await bundle(client, f"{PLACE}/{query}&_total=accurate")
            shown = [one["resource"] for one in found.get("entry", ())
                     if one["search"]["mode"] != "outcome"]  # fmt: skip
            assert found["total"] == total == len(matches(found))
            assert (str(hidden.id) in str(shown), "HIDDEN-9" in str(shown)) == (sees, sees)
            only = await bundle(client, f"{PLACE}/{query}&_summary=count")
            assert only["total"] == total
