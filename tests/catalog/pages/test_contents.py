from catalog.queries.devices import device
from catalog.states import DeviceState
from tests.catalog.browsing import post
from tests.catalog.devices import make_attributes, make_device, make_terms
from tests.people import (
    organisation_of,
    sam,
    sign_in,
)
from tests.portal.documents.files import image


async def test_a_photo_and_a_document_are_handed_in(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)
    await client.get("/fr/udi")
    token = client.cookies["csrf"]
    folder = f"/fr/devices/mine/{row.id}"

    photo = await client.post(
        f"{folder}/photo",
        data={"_csrf_token": token, "version": "1", "alt_fr": "De face"},
        files={"photo": ("a.png", image(), "image/png")},
    )
    nothing = await client.post(
        f"{folder}/document", data={"_csrf_token": token, "version": "2", "kind": "other"}
    )

    assert (photo.status_code, nothing.status_code) == (303, 422)
    assert [one.alt_fr for one in (await device(row.id)).photos] == ["De face"]


async def test_a_variant_is_changed_and_removed(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)
    variant = (await device(row.id)).variants[0]
    path = f"/en/devices/mine/{row.id}/variant/{variant.id}"

    shown = await client.get(path)
    wrong = await post(client, path, name="New", udi_di="6111234567894", version="1")
    right = await post(client, path, name="New", udi_di="6111234567895", version="1")
    old = await post(client, path, name="Newer", version="1")

    assert [one.status_code for one in (shown, wrong, right, old)] == [200, 422, 303, 422]
    assert 'value="6111234567894"' in wrong.text
    assert "Somebody else has changed this record" in old.text
    assert (await device(row.id)).variants[0].name == "New"

    gone = await post(client, f"{path}/remove", version="2")
    assert (gone.status_code, (await device(row.id)).variants) == (303, ())


async def test_a_wrong_technical_datum_is_told_with_the_unit_to_write(client):
    await make_terms()
    await make_attributes()
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    answer = await post(
        client,
        f"/en/devices/mine/{row.id}/values",
        **{"value-flow_max": "12 kg", "value-alarm": "yes", "version": "1"},
    )

    assert answer.status_code == 422
    assert "Write the number in mL/h, or in a unit of the same kind." in answer.text
    assert 'value="12 kg"' in answer.text
    assert (await device(row.id)).attributes == ()


async def test_of_two_people_the_second_sees_the_page_as_it_is_now_and_what_they_typed(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT, variants=2)
    variants = (await device(row.id)).variants
    await sign_in(client, person)
    folder = f"/en/devices/mine/{row.id}"

    first = await post(client, f"{folder}/variant/{variants[0].id}/remove", version="1")
    second = await post(client, f"{folder}/variant/{variants[1].id}/remove", version="1")
    photo = await client.post(
        f"{folder}/photo",
        data={"_csrf_token": client.cookies["csrf"], "version": "1", "alt_fr": "De face"},
        files={"photo": ("a.png", image(), "image/png")},
    )

    assert [one.status_code for one in (first, second, photo)] == [303, 409, 409]
    assert 'value="De face"' in photo.text
    assert 'name="version" value="2"' in second.text
    one = await device(row.id)
    assert ([variant.id for variant in one.variants], one.photos) == ([variants[1].id], ())
