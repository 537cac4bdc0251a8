import asyncio
from datetime import UTC, datetime

import pytest

from catalog.actions.deleting import delete_draft
from catalog.actions.editing import save_step
from catalog.actions.files import add_document, add_photo
from catalog.errors import DeviceChangedMeanwhile, DeviceNotFound, NotDeletable
from catalog.rules.completeness import Step
from catalog.states import DeviceState, DocumentKind
from catalog.tables import DeviceModel, DevicePhoto, DeviceVariant, new_id
from portal import database
from portal.documents.tables import Document
from tests.catalog.browsing import post
from tests.catalog.devices import actor_for, make_device
from tests.people import make_organisation, make_person, organisation_of, sam, sign_in
from tests.portal.documents.files import image, upload


async def test_a_draft_goes_with_all_it_contains_and_the_audit_keeps_that(db):
    person = await sam()
    organisation, actor = await organisation_of(person), await actor_for(person)
    draft = await make_device(organisation, state=DeviceState.DRAFT)
    other = await make_device(organisation, state=DeviceState.DRAFT)
    await add_photo(draft.id, upload(image()), alt={}, version=1, actor=actor)
    await add_document(
        draft.id, upload(image()), kind=DocumentKind.OTHER, title="T", language="fr", public=True,
        version=2, actor=actor,
    )  # fmt: skip
    await add_photo(other.id, upload(image()), alt={}, version=1, actor=actor)

    await delete_draft(draft.id, version=3, actor=actor)

    assert [row.id for row in await DeviceModel.objects()] == [other.id]
    assert {row.device for row in await DeviceVariant.objects()} == {other.id}
    kept = await DevicePhoto.objects().first()
    assert [row.id for row in await Document.objects()] == [kept.document_id]
    last = (await database.fetch("SELECT * FROM audit_record ORDER BY seq DESC LIMIT 1"))[0]
    assert (last["event"], last["organisation_id"]) == ("device.deleted", organisation.id)
    with pytest.raises(DeviceNotFound):
        await delete_draft(draft.id, version=3, actor=actor)


@pytest.mark.parametrize("state", [one for one in DeviceState if one is not DeviceState.DRAFT])
async def test_only_a_draft_is_deleted(db, state):
    person = await sam()
    row = await make_device(await organisation_of(person), state=state)

    with pytest.raises(NotDeletable):
        await delete_draft(row.id, version=1, actor=await actor_for(person))


async def test_a_draft_that_was_public_once_is_not_deleted(db):
    person = await sam()
    row = await make_device(
        await organisation_of(person), state=DeviceState.DRAFT, published_at=datetime.now(UTC)
    )

    with pytest.raises(NotDeletable):
        await delete_draft(row.id, version=1, actor=await actor_for(person))


async def test_what_somebody_else_saves_meanwhile_is_not_lost(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)

    done = await asyncio.gather(
        save_step(row.id, Step.NAMES, {"brand": "Neuve"}, version=1, actor=actor),
        delete_draft(row.id, version=1, actor=actor),
        return_exceptions=True,
    )
    [refused] = [one for one in done if isinstance(one, BaseException)]
    assert isinstance(refused, DeviceChangedMeanwhile | DeviceNotFound)
    assert await DeviceModel.count() == int(isinstance(refused, DeviceChangedMeanwhile))
    with pytest.raises(DeviceNotFound):
        await delete_draft(new_id(), version=1, actor=actor)


async def test_the_maker_is_asked_then_the_draft_is_gone_and_nobody_else_may(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    address = f"/en/devices/mine/{row.id}/delete"

    await sign_in(client, await make_person(organisation=await make_organisation(name="Autre")))
    assert (await client.get(address)).status_code in {403, 404}
    assert (await post(client, address, version="1")).status_code in {403, 404}

    await sign_in(client, person)
    check = await client.get(f"/en/devices/mine/{row.id}/check")
    asked = await client.get(address)
    assert address in check.text
    assert "It cannot be brought back." in asked.text
    assert await DeviceModel.count() == 1
    gone = await post(client, address, version="1")
    assert (gone.status_code, gone.headers["location"]) == (303, "/en/devices/mine")
    assert await DeviceModel.count() == 0


async def test_a_published_device_offers_no_deletion(client):
    person = await sam()
    row = await make_device(await organisation_of(person))
    await sign_in(client, person)

    check = await client.get(f"/en/devices/mine/{row.id}/check")

    assert f"/devices/mine/{row.id}/delete" not in check.text
    back = await client.get(f"/en/devices/mine/{row.id}/delete")
    assert back.headers["location"] == f"/en/devices/mine/{row.id}/check"
    assert (await post(client, f"/en/devices/mine/{row.id}/delete", version="1")).status_code == 409
