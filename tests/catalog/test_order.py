import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions.files import remove_file
from catalog.actions.order import place
from catalog.errors import DeviceChangedMeanwhile, FileNotFound, NotEditable, VariantNotFound
from catalog.queries.devices import device
from catalog.queries.suppliers import supplier
from catalog.rules.order import moved
from catalog.search import load_devices
from catalog.states import DeviceState
from catalog.tables import DevicePhoto, DeviceVariant, new_id
from tests.catalog.browsing import post
from tests.catalog.devices import actor_for, make_device
from tests.catalog.test_files import photo
from tests.people import organisation_of, sam, sign_in
from tests.portal.documents.files import image


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.data())
def test_moved_keeps_every_item_and_stops_at_the_ends(items, data):
    item = data.draw(st.sampled_from(items))
    by = data.draw(st.integers(-9, 9))

    after = moved(items, item, by)

    assert sorted(after) == sorted(items)
    assert after.index(item) == min(max(items.index(item) + by, 0), len(items) - 1)
    assert [one for one in after if one != item] == [one for one in items if one != item]


async def with_photos(state=DeviceState.DRAFT):
    person = await sam()
    row = await make_device(await organisation_of(person), state=state)
    for place_, alt in enumerate(("a", "b", "c")):
        await DevicePhoto.insert(
            DevicePhoto(
                id=new_id(), device=row.id, document_id=new_id(), position=place_, alt_fr=alt
            )
        )
    return person, row, await actor_for(person)


def alts(one):
    return [photo.alt_fr for photo in one.photos]


async def test_place_moves_a_photo_and_the_first_one_stands_in_lists(db):
    _person, row, actor = await with_photos(DeviceState.PUBLISHED)
    last = (await device(row.id)).photos[2]

    version = await place("photo", row.id, last.id, by=-1, version=1, actor=actor)
    version = await place("photo", row.id, last.id, by=-1, version=version, actor=actor)
    at_the_end = await place("photo", row.id, last.id, by=-1, version=version, actor=actor)

    one = await device(row.id)
    assert (alts(one), one.version, at_the_end) == (["c", "a", "b"], 3, 3)
    assert (await supplier(row.organisation_id)).devices[0].photo == last.document_id
    assert (await load_devices([row.id]))[0].card["photo"] == str(last.document_id)


async def test_of_two_people_who_move_at_once_one_is_told(db):
    _person, row, actor = await with_photos()
    photos = (await device(row.id)).photos

    results = await asyncio.gather(
        place("photo", row.id, photos[2].id, by=-1, version=1, actor=actor),
        place("photo", row.id, photos[0].id, by=1, version=1, actor=actor),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in results) == ["DeviceChangedMeanwhile", "int"]
    one = await device(row.id)
    assert (sorted(alts(one)), one.version) == (["a", "b", "c"], 2)


async def test_place_refuses_what_is_not_there_or_fixed(db):
    _person, row, actor = await with_photos(DeviceState.PUBLISHED)
    one = await device(row.id)

    with pytest.raises(FileNotFound):
        await place("photo", row.id, new_id(), by=1, version=1, actor=actor)
    with pytest.raises(VariantNotFound):
        await place("variant", row.id, one.photos[0].id, by=1, version=1, actor=actor)
    with pytest.raises(DeviceChangedMeanwhile):
        await place("photo", row.id, one.photos[0].id, by=1, version=7, actor=actor)
    await DeviceVariant.insert(DeviceVariant(id=new_id(), device=row.id, position=9))
    with pytest.raises(NotEditable):
        await place("variant", row.id, one.variants[0].id, by=1, version=1, actor=actor)


async def test_a_photo_added_after_a_removal_comes_last(db):
    _person, row, actor = await with_photos()
    first = (await device(row.id)).photos[0]

    version = await remove_file(row.id, first.id, version=1, actor=actor)
    await photo(row, image(), fr="d", version=version, actor=actor)

    places = await DevicePhoto.select(DevicePhoto.position).order_by(DevicePhoto.position)
    assert (alts(await device(row.id)), [one["position"] for one in places]) == (
        ["b", "c", "d"],
        [1, 2, 3],
    )


async def test_the_buttons_work_without_javascript_and_tell_the_second_of_two_people(client):
    person, row, _actor = await with_photos()
    photos = (await device(row.id)).photos
    await sign_in(client, person)
    path = f"/en/devices/mine/{row.id}/photo/{photos[1].id}/place"

    shown = await client.get(f"/en/devices/mine/{row.id}/files")
    done = await post(client, path, way="up", version="1")
    late = await post(client, path, way="down", version="1")
    wrong = await post(client, path, way="sideways", version="2")

    assert shown.text.count('aria-disabled="true"') == 2
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/en/devices/mine/{row.id}/files#photo-{photos[1].id}",
    )
    assert (late.status_code, wrong.status_code) == (409, 422)
    assert "Somebody else has changed this record" in late.text
    assert 'name="version" value="2"' in late.text
    assert alts(await device(row.id)) == ["b", "a", "c"]


async def test_with_htmx_the_page_comes_back_and_says_where_the_variant_stands(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT, variants=2)
    variants = (await device(row.id)).variants
    await sign_in(client, person)
    await client.get("/fr/udi")

    answer = await client.post(
        f"/en/devices/mine/{row.id}/variant/{variants[1].id}/place",
        data={"_csrf_token": client.cookies["csrf"], "way": "up", "version": "1"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )

    assert (answer.status_code, 'data-announce="Now number 1 of 2."' in answer.text) == (200, True)
    assert [one.id for one in (await device(row.id)).variants] == [variants[1].id, variants[0].id]
