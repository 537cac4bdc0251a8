"""SensorThings by address: every reading once, to those who may, as the description says."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from portal import database
from telemetry_ingest.queries.things import Which, count_streams, streams
from telemetry_ingest.sensorthings.kinds import KINDS
from telemetry_ingest.states import PilotState
from tests.people import make_organisation, make_person, sign_in
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import PULSE, SPO2, store_readings

BASE = "/sensorthings/v1.1"
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)


@pytest.fixture
async def world(client):
    """Two units of a pilot, of which one has sent; a pilot of others; a maker who has signed in."""
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    unit, other = await make_unit(row), await make_unit(row, "SN-2", is_reference=True)
    await store_readings(unit.number, AT, [97.0, None, 300.0, 98.5])
    # Another reading of the same moment.
    await store_readings(unit.number, AT + timedelta(seconds=1), [96.0], boot=2)
    # As the ingest leaves it: the roll-ups of these hours are still to be counted.
    await database.fetch(
        "INSERT INTO dirty_hour"
        " SELECT DISTINCT device, date_bin('1 hour', at, 'epoch') FROM reading"
    )
    await sign_in(client, sides.maker)
    return sides, unit.number, other.number


async def read(client, path, **params):
    answer = await client.get(path if path.startswith(BASE) else BASE + path, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def test_links_lead_from_the_root_to_every_entity(client, world):
    waiting, seen, kinds = [BASE], set(), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        body = await read(client, path)
        for one in body.get("value", [body]):
            links = [text for name, text in one.items() if "Link" in name or name == "url"]
            waiting += [local(link) for link in links]
            if "@iot.selfLink" in one:
                kinds.add(one["@iot.selfLink"].rpartition("/")[2].partition("(")[0])
    assert kinds == set(KINDS)


async def test_what_a_stream_says_of_itself(client, world):
    _sides, number, other = world
    stream = await read(client, f"/Datastreams('{number}-{SPO2}')")

    first, last = stream["phenomenonTime"].split("/")
    assert datetime.fromisoformat(first) == AT
    assert datetime.fromisoformat(last) == AT + timedelta(seconds=3)
    assert stream["unitOfMeasurement"] == {
        "name": "%", "symbol": "%", "definition": "http://unitsofmeasure.org",
    }  # fmt: skip
    prop = await read(client, f"/Datastreams('{number}-{SPO2}')/ObservedProperty")
    assert (prop["@iot.id"], prop["definition"]) == (
        SPO2, f"urn:iso:std:iso:11073:10101#{SPO2}",
    )  # fmt: skip
    silent = await read(client, f"/Datastreams('{other}-{PULSE}')")
    assert silent["phenomenonTime"] is None
    site = await read(client, f"/Things({number})/Locations")
    assert [one["location"] for one in site["value"]] == ["Réanimation"]
    sensor = await read(client, f"/Sensors({other})", **{"$select": "name,metadata"})
    assert sensor == {"name": "Reference device", "metadata": "SN-2"}


async def test_readings_with_their_quality_two_of_one_moment_both(client, world):
    readings = f"/Datastreams('{world[1]}-{SPO2}')/Observations"
    body = await read(client, readings, **{"$count": "true", "$select": "result,resultQuality"})

    assert body["@iot.count"] == 5
    assert [(one["result"], one["resultQuality"]) for one in body["value"]] == [
        (97.0, "plausible"), (None, "failed"), (96.0, "plausible"), (300.0, "implausible"),
        (98.5, "plausible"),
    ]  # fmt: skip
    second = (AT + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    both = await read(client, readings, **{"$filter": f"phenomenonTime eq {second}"})
    assert [one["parameters"] for one in both["value"]] == [
        {"boot": 1, "seq": 1}, {"boot": 2, "seq": 0},
    ]  # fmt: skip
    one = both["value"][1]
    assert await read(client, local(one["@iot.selfLink"])) == one
    newest = await read(client, readings, **{"$orderby": "phenomenonTime desc", "$top": "1"})
    assert newest["value"][0]["result"] == 98.5


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_paging_neither_skips_nor_repeats_while_readings_come(client, world, order):
    number = world[1]
    await store_readings(number, AT + timedelta(minutes=1), [90.0] * 40, boot=3)
    path = f"{BASE}/Datastreams('{number}-{SPO2}')/Observations"
    query = {"$top": "7", "$orderby": f"phenomenonTime {order}"}
    body, found, turn = await read(client, path, **query), [], 0
    while True:
        found += [one["@iot.id"] for one in body["value"]]
        if "@iot.nextLink" not in body:
            break
        turn += 1
        # One at each end while the reader is in between.
        for minutes in (-5, 5):
            at = AT + timedelta(minutes=minutes, seconds=turn)
            await store_readings(number, at, [1.0], boot=10 + (minutes > 0), first=turn)
        body = await read(client, local(body["@iot.nextLink"]))

    before = [one for one in found if one.split("-")[3] in {"1", "2", "3"}]
    assert (len(before), len(set(found))) == (45, len(found))
    keys = [tuple(map(int, one.split("-")[2:])) for one in found]
    assert keys == sorted(keys, reverse=order == "desc")


async def test_sets_come_in_pages_too(client, world):
    found, body = [], await read(client, "/Datastreams", **{"$top": "1", "$count": "true"})
    assert (body["@iot.count"], await count_streams(Which())) == (4, 4)
    while True:
        found += [one["@iot.id"] for one in body["value"]]
        if "@iot.nextLink" not in body:
            break
        body = await read(client, local(body["@iot.nextLink"]))
    assert found == [f"{n}-{code}" for n in sorted(world[1:]) for code in sorted((SPO2, PULSE))]
    of_metric = await read(client, f"/ObservedProperties({PULSE})/Datastreams")
    assert [one["@iot.id"] for one in of_metric["value"]] == [f"{n}-{PULSE}" for n in world[1:]]
    assert [one.key for one in await streams(Which(), most=1)] == [(world[1], PULSE)]


async def test_what_is_not_offered_is_refused_in_json_with_what_is(client, world):
    readings = f"{BASE}/Datastreams('{world[1]}-{SPO2}')/Observations"
    for path, query, status, said in (
        (readings, {"$skip": "5"}, 400, "$skiptoken"),
        (readings, {"$filter": "serial eq 5"}, 400, "phenomenonTime ge"),
        (readings, {"$orderby": "result"}, 400, "phenomenonTime desc"),
        (readings, {"$top": "10000"}, 400, "$top=100"),
        (f"{BASE}/Things", {"$expand": "Sensors"}, 400, "$expand=Locations,Datastreams"),
        (
            f"{BASE}/Things",
            {"$expand": "Datastreams/Thing/Datastreams/Thing/Datastreams"},
            400,
            "4",
        ),
        (f"{BASE}/Things", {"$orderby": "name", "$skiptoken": "999999"}, 400, "nextLink"),
        (f"{BASE}/Observations", {}, 404, "/Datastreams"),
        (f"{BASE}/Things(2000000)", {}, 404, "/Things"),
    ):
        answer = await client.get(path, params=query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, str(status))
        assert said in answer.json()["error"]["message"]


async def test_others_see_none_of_it(client, world):
    paths = [f"/Things({world[1]})", f"/Datastreams('{world[1]}-{SPO2}')/Observations"]
    client.cookies.clear()
    for path in ("", "/Things", *paths):
        answer = await client.get(BASE + path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "401")
    stranger = await make_person(organisation=await make_organisation(), name="Zoé")
    await sign_in(client, stranger)
    for name in ("Things", "Locations", "Sensors", "Datastreams"):
        assert await read(client, f"/{name}", **{"$count": "true"}) == {
            "@iot.count": 0, "value": [],
        }  # fmt: skip
    for path in paths:
        assert (await client.get(BASE + path)).status_code == 404


async def test_every_answer_is_as_the_description_says(client, world):
    document = await read(client, "/openapi.json")
    number = world[1]
    reading = (await read(client, f"/Datastreams('{number}-{SPO2}')/Observations"))["value"][0]
    ids = {
        "Things": number, "Sensors": number, "ObservedProperties": SPO2,
        "Datastreams": f"{number}-{SPO2}", "Observations": reading["@iot.id"],
        "Locations": (await read(client, "/Locations"))["value"][0]["@iot.id"],
    }  # fmt: skip
    for path, methods in document["paths"].items():
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {"$ref": schema["$ref"], "components": document["components"]}
        name = path.strip("/").partition("(")[0]
        body = await read(client, path.replace("{id}", str(ids.get(name, ""))).rstrip("/"))
        assert not list(jsonschema_rs.Draft202012Validator(whole).iter_errors(body)), path
    assert len(document["paths"]) == 22
