"""Options of SensorThings against rows in Python: what they choose, how much, and for whom."""

import operator
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from portal import database
from portal.permissions import OrganisationKind
from telemetry_ingest.sensorthings import finding, picking
from telemetry_ingest.sensorthings.description import description
from telemetry_ingest.states import PilotState
from tests.people import make_organisation, make_person, sign_in, vera
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import PULSE, SPO2, store_readings

BASE = "/sensorthings/v1.1"
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
RESULTS = [97.0, None, 300.0, 98.5, 90.0, 91.0, 92.0, 90.0]


@pytest.fixture
async def world(client):
    """Three units of two pilots of one maker, of which the first has sent; mia runs both."""
    sides = await two_sides()
    first = await make_pilot(sides, PilotState.RUNNING)
    second = await make_pilot(sides, PilotState.CLOSED, site="Urgences")
    units = [
        await make_unit(first), await make_unit(first, "SN-2", is_reference=True),
        await make_unit(second, "A-3"),
    ]  # fmt: skip
    await store_readings(units[0].number, AT, RESULTS)
    await store_readings(units[0].number, AT + timedelta(seconds=2), [95.0], boot=2)
    await store_readings(units[0].number, AT, [70.0, 71.0], metric=PULSE)
    await database.fetch(
        "INSERT INTO dirty_hour"
        " SELECT DISTINCT device, date_bin('1 hour', at, 'epoch') FROM reading"
    )
    await sign_in(client, sides.host)
    return sides, [one.number for one in units]


async def asked(client, path, status=200, **options):
    params = {f"${name}": text for name, text in options.items()} or None
    answer = await client.get(path if path.startswith(BASE) else BASE + path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


def local(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def all_pages(client, path, **options):
    """Return the entities of all pages, and how many pages there were."""
    body, found, pages = await asked(client, path, **options), [], 1
    while True:
        found += body["value"]
        if "@iot.nextLink" not in body:
            return found, pages
        body, pages = await asked(client, local(body["@iot.nextLink"])), pages + 1


def readings(number, metric=SPO2):
    return f"/Datastreams('{number}-{metric}')/Observations"


def second(place):
    return (AT + timedelta(seconds=place)).isoformat().replace("+00:00", "Z")


CASES = [
    ("result gt 91", lambda one: one["result"] is not None and one["result"] > 91),
    ("result eq null", lambda one: one["result"] is None),
    ("phenomenonTime eq null", lambda one: False),
    ("result ne null", lambda one: one["result"] is not None),
    ("not (result le 91)", lambda one: one["result"] is None or one["result"] > 91),
    (f"resultTime gt {second(1)} and (result eq 90 or result eq 95)",
     lambda one: one["phenomenonTime"] > second(1)[:-1] and one["result"] in {90, 95}),
    (f"phenomenonTime lt {second(2)} or result eq 92",
     lambda one: one["phenomenonTime"] < second(2)[:-1] or one["result"] == 92),
    (f"phenomenonTime ne {second(2)}",
     lambda one: not one["phenomenonTime"].startswith(second(2)[:-1])),
    ("resultQuality eq 'implausible' or parameters/boot eq 2",
     lambda one: one["resultQuality"] == "implausible" or one["parameters"]["boot"] == 2),
    ("100 lt result", lambda one: (one["result"] or 0) > 100),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "function"), CASES)
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_readings_are_chosen_as_python_chooses_them(
    client, world, condition, function, order
):
    path = readings(world[1][0])
    whole = (await asked(client, path, orderby=f"phenomenonTime {order},id {order}"))["value"]
    expected = [one for one in whole if function(one)]

    body = await asked(
        client, path, filter=condition, orderby=f"phenomenonTime {order}", count="true"
    )
    assert (len(whole), body["value"], body["@iot.count"]) == (9, expected, len(expected))
    paged, _pages = await all_pages(
        client, path, filter=condition, orderby=f"resultTime {order}", top="1"
    )
    assert paged == expected


async def test_a_reading_is_chosen_by_its_id(client, world):
    path = readings(world[1][0])
    whole = (await asked(client, path))["value"]
    one = whole[3]
    assert (await asked(client, path, filter=f"id eq '{one['@iot.id']}'"))["value"] == [one]
    others = await asked(client, path, filter=f"id ne '{one['@iot.id']}'")
    assert others["value"] == whole[:3] + whole[4:]
    assert (await asked(client, path, filter="id eq 'x'"))["value"] == []


async def test_an_answer_looks_at_a_bounded_number_of_readings(client, world, monkeypatch):
    monkeypatch.setattr(picking, "PIECE", 2)
    monkeypatch.setattr(finding, "Allowance", partial(picking.Allowance, readings=4, counted=9))
    number = world[1][0]

    found, pages = await all_pages(client, readings(number), filter="result eq 90")
    assert ([one["result"] for one in found], pages) == ([90, 90], 3)
    inside = await asked(
        client, f"/Things({number})",
        expand="Datastreams($expand=Observations($filter=result eq 90))",
    )  # fmt: skip
    results = []
    for stream in inside["Datastreams"]:
        results += [one["result"] for one in stream["Observations"]]
        if "Observations@iot.nextLink" in stream:
            rest, _pages = await all_pages(client, local(stream["Observations@iot.nextLink"]))
            results += [one["result"] for one in rest]
    assert results == [90, 90]
    counted = await asked(client, readings(number), filter="result eq 90", count="true")
    assert counted["@iot.count"] == 2
    # Eleven readings of both streams are more than nine.
    expand = "Datastreams($expand=Observations($filter=result eq 90;$count=true))"
    body = await asked(client, f"/Things({number})", 400, expand=expand)
    assert "$count" in body["error"]["message"]


async def test_rows_without_names(client, world):
    path = readings(world[1][0])
    body = await asked(client, path, resultFormat="dataArray", top="4", count="true")
    (part,) = body["value"]
    named = (await asked(client, path, top="4"))["value"]
    assert part["components"] == [
        "id", "phenomenonTime", "resultTime", "result", "resultQuality", "parameters",
    ]  # fmt: skip
    assert part["dataArray"] == [
        [one["@iot.id" if name == "id" else name] for name in part["components"]] for one in named
    ]
    assert (body["@iot.count"], part["dataArray@iot.count"]) == (9, 4)
    pages, _count = await all_pages(
        client, path, resultFormat="dataArray", select="result", top="4"
    )
    assert [row for one in pages for row in one["dataArray"]] == [
        [one["result"]] for one in (await asked(client, path))["value"]
    ]
    empty = await asked(client, path, resultFormat="dataArray", filter="result gt 999")
    assert empty == {"value": []}
    await asked(client, path, resultFormat="dataArray", top="10000")
    await asked(client, path, 400, resultFormat="dataArray", expand="Datastream")


COMPARES = {"eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "le": operator.le}


@pytest.mark.parametrize("name", sorted(COMPARES))
async def test_sets_are_filtered_and_sorted_as_python_does(client, world, name):
    whole = (await asked(client, "/Things"))["value"]
    compare = COMPARES[name]
    for path, key, value, written in (
        ("id", lambda one: one["@iot.id"], world[1][1], str(world[1][1])),
        ("name", lambda one: one["name"], "SN-001", "'SN-001'"),
        ("properties/pilotState", lambda one: one["properties"]["pilotState"], "running",
         "'running'"),
    ):  # fmt: skip
        expected = [one for one in whole if compare(key(one), value)]
        body = await asked(client, "/Things", filter=f"{path} {name} {written}", count="true")
        assert (body["value"], body["@iot.count"]) == (expected, len(expected))
        ordered = sorted(expected, key=key, reverse=True)
        paged, _pages = await all_pages(
            client, "/Things", filter=f"{path} {name} {written}", orderby=f"{path} desc", top="1"
        )
        assert paged == ordered


async def test_sets_can_be_skipped_into(client, world):
    whole = (await asked(client, "/Datastreams"))["value"]
    found, pages = await all_pages(client, "/Datastreams", skip="1", top="2")
    assert (found, pages) == (whole[1:], 3)
    assert (await asked(client, "/Things", skip="100000", count="true")) == {
        "@iot.count": 3, "value": [],
    }  # fmt: skip
    by_name, _pages = await all_pages(
        client, "/Things", orderby="properties/isReference desc,name asc", top="2", select="name"
    )
    assert [one["name"] for one in by_name] == ["SN-2", "A-3", "SN-001"]


async def test_links_are_expanded_with_options_of_their_own(client, world, statements):
    _sides, numbers = world
    whole = await asked(client, f"/Things({numbers[0]})/Datastreams")
    body = await asked(
        client, "/Things", select="name", orderby="id",
        expand="Locations($select=name),Datastreams($count=true;$orderby=id desc;$top=1;"
        "$expand=ObservedProperty($select=name),Observations($orderby=phenomenonTime desc;"
        "$top=2;$select=result;$count=true))",
    )  # fmt: skip
    first, other, third = body["value"]
    assert [one["Locations"] for one in (first, other, third)] == [
        [{"name": "Réanimation"}], [{"name": "Réanimation"}], [{"name": "Urgences"}],
    ]  # fmt: skip
    (stream,) = first.pop("Datastreams")
    assert (first["name"], first["Datastreams@iot.count"]) == ("SN-001", 2)
    assert stream["@iot.id"] == f"{numbers[0]}-{SPO2}"
    assert [one["result"] for one in stream["Observations"]] == [90, 92]
    assert stream["Observations@iot.count"] == 9
    assert set(stream["ObservedProperty"]) == {"name"}
    assert other["Datastreams"][0]["Observations"] == []
    rest, _pages = await all_pages(client, local(stream["Observations@iot.nextLink"]))
    assert [one["result"] for one in rest] == [91, 90, 98.5, 95, 300, None, 97]
    next_stream = await asked(client, local(first["Datastreams@iot.nextLink"]))
    assert [one["@iot.id"] for one in next_stream["value"]] == [f"{numbers[0]}-{PULSE}"]
    expanded = await asked(client, f"/Things({numbers[0]})", expand="Datastreams")
    assert expanded["Datastreams"] == whole["value"]
    statements.clear()
    await asked(client, "/Things", expand="Locations,Datastreams/Sensor", filter="name eq 'A-3'")
    one = len(statements)
    statements.clear()
    await asked(client, "/Things", expand="Locations,Datastreams/Sensor", filter="id gt 0")
    assert len(statements) == one


async def test_every_expanded_answer_is_as_described(client, world):
    number = world[1][0]
    document = description("x")
    for path, schema, expand in (
        ("/Things", "ThingsPage", "Datastreams/Observations,Locations/Things"),
        ("/Locations", "LocationsPage", "Things($count=true;$top=1)"),
        ("/ObservedProperties", "ObservedPropertiesPage", "Datastreams($top=1)"),
        (readings(number), "ObservationsPage", "Datastream/Thing,Datastream/ObservedProperty"),
        (f"/Sensors({number})", "Sensor", "Datastreams"),
        (f"/Datastreams('{number}-{SPO2}')", "Datastream", "Thing/Locations,Sensor,Observations"),
    ):
        body = await asked(client, path, expand=expand)
        whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        assert not list(jsonschema_rs.Draft202012Validator(whole).iter_errors(body)), path


async def test_an_answer_that_would_be_too_large_is_refused(client, world, monkeypatch):
    monkeypatch.setattr(finding, "Allowance", partial(picking.Allowance, entities=30))
    body = await asked(client, "/Things", 400, expand="Datastreams/Observations")
    assert "$top" in body["error"]["message"]
    monkeypatch.setattr(finding, "READ_AT_ONCE", 2)
    monkeypatch.setattr(finding, "MOST_IN_ARRAY", 2)
    await asked(client, "/Datastreams", 400, filter="name eq 'x'")


async def test_what_many_entities_lead_to_is_chosen_once(client, world, monkeypatch):
    chosen, names = finding.chosen, []

    def noted(name, shaped, options):
        names.append(name)
        return chosen(name, shaped, options)

    monkeypatch.setattr(finding, "chosen", noted)
    body = await asked(client, "/Things", expand="Locations($expand=Things($select=name))")

    sites = [one["Locations"][0] for one in body["value"]]
    assert [len(one["Things"]) for one in sites] == [2, 2, 1]  # three units of two pilots
    assert names == ["Locations", "Locations", "Things", "Things"]


async def test_what_one_may_not_see_is_in_no_answer(client, world):
    sides, _numbers = world
    other = await make_organisation(OrganisationKind.BUYER)
    elsewhere = await make_pilot(sides, PilotState.RUNNING, host=other.id)
    hidden = await make_unit(elsewhere, "HIDDEN-9")
    await store_readings(hidden.number, AT, [50.0])
    streams = "Datastreams/Observations,Datastreams/Thing/Locations"
    paths = [
        ("/Things", {"expand": streams, "filter": "id gt 0", "count": "true"}),
        ("/ObservedProperties", {"expand": "Datastreams/Observations"}),
        ("/Locations", {"expand": "Things/Datastreams", "orderby": "name"}),
        ("/Datastreams", {"expand": "Sensor,Observations", "skip": "0", "count": "true"}),
    ]  # fmt: skip
    stranger = await make_person(organisation=await make_organisation(OrganisationKind.BUYER))
    guest = await make_person(organisation=other, name="Zoé")
    # Who, how many Things and Datastreams they see, and whether the hidden one is among them.
    for person, count, sees in (
        (sides.host, 3, False), (sides.maker, 4, True), (guest, 1, True), (stranger, 0, False),
        (await vera(), 4, True),
    ):  # fmt: skip
        await sign_in(client, person)
        for path, options in paths:
            answer = await client.get(
                BASE + path, params={f"${name}": text for name, text in options.items()}
            )
            assert ("HIDDEN-9" in answer.text) == sees
            assert (f"{hidden.number}-{SPO2}" in answer.text) == sees
            if "count" in options:
                times = 1 if path == "/Things" else 2
                assert answer.json()["@iot.count"] == count * times
        named = await asked(client, "/Things", filter="name eq 'HIDDEN-9'", count="true")
        assert named["@iot.count"] == int(sees)


async def test_the_root_says_what_is_true(client, world):
    root = await asked(client, "")
    said = {one.rpartition("/")[2] for one in root["serverSettings"]["conformance"]}
    assert said == {
        "status-code", "query-status-code", "order", "expand", "select", "top", "count",
        "pagination",
    }  # fmt: skip
