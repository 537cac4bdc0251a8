import re
from datetime import UTC, datetime

import pytest

from catalog.queries.devices import device
from catalog.states import DeviceState
from catalog.tables import DeviceModel
from portal.permissions import Role
from tests.catalog.browsing import post
from tests.catalog.devices import make_attributes, make_device, make_terms
from tests.people import (
    make_organisation,
    make_person,
    mia,
    organisation_of,
    sam,
    sign_in,
    vera,
    zoe,
)


async def test_a_device_is_registered_page_by_page_reviewed_and_published(client):
    await make_terms()
    await make_attributes()
    person, verifier = await sam(), await vera()
    await sign_in(client, person)

    begun = await post(client, "/fr/devices/new", name_fr="Pompe", reference="P1")
    folder = begun.headers["location"].removesuffix("/purpose")
    pages = [
        ("purpose", {"summary_fr": "Une pompe.", "version": "1"}, "classification"),
        ("classification", {"emdn_code": "Z120301", "risk_class": "IIb", "version": "2"},
         "variants"),
        ("variant/new", {"name": "Standard", "udi_di": "6111234567895", "version": "3"},
         "variants"),
        ("values", {"value-flow_max": "1,2 L/h", "value-alarm": "yes", "version": "4"}, "origin"),
        ("origin", {"origin": "morocco", "maturity": "series", "version": "5"}, "registration"),
        ("registration", {"registration": "none", "version": "6"}, "price"),
        ("price", {"price_min_centimes": "12 500", "version": "7"}, "files"),
        ("move", {"move": "submit", "version": "8"}, "check"),
    ]  # fmt: skip
    for step, typed, following in pages:
        answer = await post(client, f"{folder}/{step}", **typed)
        assert (step, answer.status_code) == (step, 303), answer.text[:3000]
        assert (step, answer.headers["location"]) == (step, f"{folder}/{following}")

    await sign_in(client, verifier)
    assert "Pompe" in (await client.get("/fr/devices/review")).text
    published = await post(client, f"{folder}/move", move="publish", version="9")
    assert published.headers["location"] == "/fr/devices/review"

    client.cookies.clear()
    row = await DeviceModel.objects().first()
    shown = await client.get(f"/fr/devices/{row.number}-pompe")
    assert shown.status_code == 200
    one = await device(row.id)
    assert (one.state, one.emdn_known, one.attributes[1].number) == (
        DeviceState.PUBLISHED,
        True,
        1200.0,
    )


async def test_a_wrong_page_comes_back_with_what_was_typed_and_a_message_per_field(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    answer = await post(
        client, f"/en/devices/mine/{row.id}/price", price_min_centimes="beaucoup", version="1"
    )

    assert answer.status_code == 422
    assert 'value="beaucoup"' in answer.text
    assert 'href="#price_min_centimes"' in answer.text
    assert (await device(row.id)).version == 1


async def test_of_two_editors_the_second_sees_what_the_first_saved_and_loses_nothing(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)
    path = f"/en/devices/mine/{row.id}/names"

    first = await post(client, path, name_fr="La mienne", version="1")
    second = await post(client, path, name_fr="La sienne", version="1")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "La mienne" in second.text
    assert 'value="La sienne"' in second.text
    assert 'name="version" value="2"' in second.text
    assert (await device(row.id)).name_fr == "La mienne"

    third = await post(client, path, name_fr="La sienne", version="2")
    assert third.status_code == 303


async def test_the_list_of_pages_says_how_far_each_one_is_and_what_is_done_last(client):
    person = await sam()
    row = await make_device(
        await organisation_of(person), state=DeviceState.DRAFT, name_ar="", risk_class="unknown"
    )
    await sign_in(client, person)

    text = (await client.get(f"/en/devices/mine/{row.id}/names")).text

    nav = text.partition('class="record-steps"')[2].partition("</nav>")[0]
    shown = re.findall(
        r'data-state="(\w+)"( aria-current="step")?>.*?class="name">(.*?)</span>'
        r'.*?class="how-far">(.*?)</span>',
        nav,
        re.DOTALL,
    )
    assert shown == [
        ("todo", ' aria-current="step"', "Names", "1 item to complete"),
        ("done", "", "Description", "complete"),
        ("needed", "", "Classification", "1 item to complete (needed: 1)"),
        ("done", "", "Variants and identifiers", "complete"),
        ("empty", "", "Technical data", "optional, empty"),
        ("done", "", "Origin", "complete"),
        ("done", "", "Registration", "complete"),
        ("empty", "", "Price indication", "optional, empty"),
        ("todo", "", "Photos and documents", "3 items to complete"),
        ("action", "", "Check and submit", "1 needed item is missing"),
    ]


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (DeviceState.DRAFT, ("Check and submit", "ready to be submitted")),
        (DeviceState.PUBLISHED, ("Record of the device", "Published")),
    ],
)
async def test_the_last_page_is_an_action_only_while_there_is_something_to_submit(
    client, state, last
):
    person = await sam()
    row = await make_device(await organisation_of(person), state=state)
    await sign_in(client, person)

    text = (await client.get(f"/en/devices/mine/{row.id}/files")).text

    found = re.findall(r'class="name">(.*?)</span>.*?class="how-far">(.*?)</span>', text)
    assert found[-1] == last


async def test_a_draft_is_nobody_elses_business(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    path = f"/fr/devices/mine/{row.id}/check"

    assert (await client.get(path)).status_code == 303  # to sign in
    for stranger, status in ((await mia(), 403), (await zoe(), 403), (await vera(), 404)):
        await sign_in(client, stranger)
        assert (stranger.name, (await client.get(path)).status_code) == (stranger.name, status)
        assert (await client.get(f"/fr/devices/{row.number}")).status_code == 404
    assert (await client.get(f"/api/v1/devices/{row.number}")).status_code == 404


async def test_a_reader_of_the_organisation_looks_and_changes_nothing(client):
    maker = await organisation_of(await sam())
    reader = await make_person("lea@atlas.example", organisation=maker, role=Role.VIEWER)
    row = await make_device(maker, state=DeviceState.DRAFT)
    await sign_in(client, reader)

    assert (await client.get(f"/fr/devices/mine/{row.id}/check")).status_code == 200
    refused = await post(client, f"/fr/devices/mine/{row.id}/names", name_fr="x", version="1")
    moved = await post(client, f"/fr/devices/mine/{row.id}/move", move="submit", version="1")

    assert (refused.status_code, moved.status_code) == (403, 403)


@pytest.mark.parametrize("count", [1, 3])
async def test_my_devices_and_the_queue_ask_as_often_however_many_there_are(
    client, statements, count
):
    person, verifier = await sam(), await vera()
    maker = await organisation_of(person)
    for _ in range(count):
        await make_device(maker, state=DeviceState.SUBMITTED, udi_di=None)
    counted = []
    for who, path in ((person, "/fr/devices/mine"), (verifier, "/fr/devices/review")):
        await sign_in(client, who)
        await client.get(path)
        statements.clear()
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.text.count("PM-20") == (count if who is person else 0)
        counted.append(len([one for one in statements if "device_model" in one]))

    assert counted == [2, 3]


async def test_a_distributor_of_two_organisations_says_for_which(client):
    person = await sam()
    await sign_in(client, person)

    answer = await post(client, "/fr/devices/new", name_fr="x", organisation="somebody else's")

    assert answer.status_code == 422
    assert await DeviceModel.count() == 0


async def test_a_sign_that_cannot_be_stored_is_left_out(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    answer = await post(
        client, f"/fr/devices/mine/{row.id}/names", name_fr="Po\x00mpe", version="1"
    )

    assert (answer.status_code, (await device(row.id)).name_fr) == (303, "Pompe")


@pytest.mark.parametrize(
    ("role", "since", "begins"),
    [
        (Role.EDITOR, None, True),
        (Role.VIEWER, None, False),
        (Role.ADMIN, datetime(2026, 11, 22, tzinfo=UTC), False),
    ],
)
async def test_only_who_may_register_is_led_to_it_from_the_list(client, role, since, begins):
    state = {"state": "suspended", "suspended_at": since} if since else {}
    maker = await make_organisation(**state)
    await sign_in(client, await make_person(organisation=maker, role=role))

    shown = (await client.get("/fr/devices/mine")).text

    assert ("/fr/devices/new" in shown, "/fr/my/devices/import" in shown) == (begins, begins)
