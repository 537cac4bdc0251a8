import asyncio

import pytest

from catalog.actions.suppliers import ProfileInput, save_profile
from catalog.errors import DeviceChangedMeanwhile, SupplierNotFound
from catalog.queries.suppliers import supplier
from catalog.states import DeviceState
from catalog.tables import new_id
from tests.catalog.devices import actor_for, make_device
from tests.people import make_organisation, mia, organisation_of, sam, sign_in

PROFILE = ProfileInput(about_fr="Des pompes.", about_ar="مضخات.", export_countries=("SN",))


async def test_save_profile_writes_and_counts_its_editions(db):
    person = await sam()
    organisation = await organisation_of(person)
    actor = await actor_for(person)

    first = await save_profile(organisation.id, PROFILE, version=0, actor=actor)
    second = await save_profile(organisation.id, PROFILE, version=1, actor=actor)

    told = (await supplier(organisation.id)).profile
    assert (first, second, told.version) == (1, 2, 2)
    assert (told.about_fr, told.export_countries) == ("Des pompes.", ("SN",))


async def test_of_two_editors_at_once_one_is_told(db):
    person = await sam()
    organisation = await organisation_of(person)
    actor = await actor_for(person)
    await save_profile(organisation.id, PROFILE, version=0, actor=actor)

    results = await asyncio.gather(
        *[save_profile(organisation.id, PROFILE, version=1, actor=actor) for _ in range(2)],
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in results) == ["DeviceChangedMeanwhile", "int"]
    with pytest.raises(DeviceChangedMeanwhile):
        await save_profile(organisation.id, PROFILE, version=1, actor=actor)


async def test_supplier_lists_what_is_published_and_nothing_else(db):
    maker = await make_organisation()
    shown = await make_device(maker)
    await make_device(maker, state=DeviceState.DRAFT)

    one = await supplier(maker.id)

    assert ([line.id for line in one.devices], one.published, one.moroccan) == ([shown.id], 1, 1)
    with pytest.raises(SupplierNotFound):
        await supplier(new_id())


async def test_the_page_of_a_supplier_that_is_not_verified_is_not_there(client):
    waiting = await make_organisation(verified=False)

    assert (await client.get(f"/fr/suppliers/{waiting.id}")).status_code == 404
    assert (await client.get(f"/api/v1/suppliers/{waiting.id}")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
async def test_the_supplier_page_asks_as_often_however_many_devices(client, statements, count):
    maker = await make_organisation(region="06")
    for _ in range(count):
        await make_device(maker, udi_di=None)
    await client.get(f"/fr/suppliers/{maker.id}")
    statements.clear()

    answer = await client.get(f"/fr/suppliers/{maker.id}")

    assert (answer.status_code, len(statements)) == (200, 2)


async def test_an_administrator_presents_the_organisation_and_nobody_else(client):
    person = await sam()
    organisation = await organisation_of(person)
    path = f"/fr/suppliers/{organisation.id}/edit"
    await sign_in(client, await mia())
    assert (await client.get(path)).status_code == 403

    await sign_in(client, person)
    form = await client.get(path)
    token = {"_csrf_token": client.cookies["csrf"], "version": "0"}
    wrong = await client.post(path, data={**token, "founded_year": "12", "about_fr": "Gardé"})
    right = await client.post(path, data={**token, "founded_year": "1999", "about_fr": "Gardé"})

    assert (form.status_code, wrong.status_code, right.status_code) == (200, 422, 303)
    assert "Gardé" in wrong.text
    assert (await supplier(organisation.id)).profile.founded_year == 1999
