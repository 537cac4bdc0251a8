import pytest

from catalog.states import DeviceState
from tests.catalog.browsing import post
from tests.catalog.devices import make_device, make_terms
from tests.people import (
    make_organisation,
    organisation_of,
    sam,
    sign_in,
)


async def test_terms_are_found_without_a_script_and_with_htmx(client):
    await make_terms()
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    plain = await post(
        client,
        f"/fr/devices/mine/{row.id}/classification",
        find="1",
        emdn_words="à perfusion",
        version="1",
    )
    part = await client.get("/fr/nomenclature/terms?emdn_words=pompes")

    assert (plain.status_code, 'value="Z120301"' in plain.text) == (200, True)
    assert (part.status_code, part.text.count("emdn_pick")) == (200, 1)


async def test_the_tree_leads_from_the_top_to_the_devices(client):
    await make_terms()
    await make_device(await organisation_of(await sam()))

    top = await client.get("/en/nomenclature")
    place = await client.get("/en/nomenclature/Z1203")

    assert 'href="/en/nomenclature/Z"' in top.text
    assert 'href="/en/nomenclature/Z120301"' in place.text
    assert 'href="/en/devices?emdn=Z1203"' in place.text
    assert (await client.get("/en/nomenclature/Q99")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
async def test_the_tree_asks_as_often_however_many_devices(client, statements, count):
    await make_terms()
    maker = await make_organisation()
    for _ in range(count):
        await make_device(maker, udi_di=None)
    statements.clear()

    await client.get("/en/nomenclature/Z12")

    assert len([one for one in statements if "emdn_term" in one]) == 2


@pytest.mark.parametrize("path", ["nomenclature?q=%00", "udi?code=%00"])
async def test_a_sign_that_cannot_be_stored_breaks_nothing(client, path):
    await make_terms()

    assert (await client.get(f"/fr/{path}")).status_code == 200
