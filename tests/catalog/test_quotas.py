"""How much an organisation may keep, also when two add at the same moment."""

import asyncio
from contextlib import asynccontextmanager
from io import BytesIO

import pytest

from catalog.actions import quotas
from catalog.actions.editing import register_device
from catalog.actions.files import add_document, add_photo, remove_file
from catalog.actions.moves import move_device
from catalog.errors import TooManyDocuments, TooManyDrafts, TooManyPhotos
from catalog.importers import uploads
from catalog.queries.devices import device
from catalog.states import DeviceState, DocumentKind, Move
from catalog.tables import DeviceModel, DevicePhoto
from portal.documents import actions as documents
from portal.documents.errors import NoRoom
from portal.documents.tables import Document
from portal.settings import get_settings
from tests.catalog.browsing import post
from tests.catalog.devices import actor_for, make_device
from tests.people import organisation_of, sam, sign_in
from tests.portal.documents.files import image, upload


def limited(monkeypatch, module, **most):
    settings = get_settings().model_copy(update=most)
    monkeypatch.setattr(module, "get_settings", lambda: settings)


@asynccontextmanager
async def sent():
    """Send a file as a browser does; it is closed when the request ends."""
    file = upload(image())
    try:
        yield file
    finally:
        await file.close()


async def photo(row, actor, version):
    async with sent() as file:
        return await add_photo(row.id, file, alt={}, version=version, actor=actor)


async def paper(row, actor, version):
    async with sent() as file:
        return await add_document(
            row.id, file, kind=DocumentKind.OTHER, title="T", language="fr", public=False,
            version=version, actor=actor,
        )  # fmt: skip


async def test_drafts_are_limited_and_two_at_once_do_not_pass_the_limit(db, monkeypatch):
    limited(monkeypatch, quotas, drafts_per_organisation=2)
    person = await sam()
    organisation, actor = await organisation_of(person), await actor_for(person)
    first = await register_device(organisation.id, {"name_fr": "A"}, actor=actor)

    done = await asyncio.gather(
        *(register_device(organisation.id, {"name_fr": n}, actor=actor) for n in "BCD"),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["TooManyDrafts", "TooManyDrafts", "UUID"]
    assert await DeviceModel.count() == 2

    await DeviceModel.update({DeviceModel.state: "submitted"}).where(DeviceModel.id == first)
    await register_device(organisation.id, {"name_fr": "E"}, actor=actor)  # only drafts count


async def test_no_import_is_taken_in_at_the_limit_and_its_file_does_not_stay(
    db, monkeypatch, tmp_path
):
    limited(monkeypatch, quotas, drafts_per_organisation=1)
    monkeypatch.setattr(uploads, "folder", lambda: tmp_path)
    person = await sam()
    organisation = await organisation_of(person)
    await make_device(organisation, state=DeviceState.DRAFT)

    with pytest.raises(TooManyDrafts):
        await uploads.keep(
            "a.csv", BytesIO(b"reference\n1\n"), organisation.id, actor=await actor_for(person)
        )
    assert list(tmp_path.iterdir()) == []


async def test_the_form_says_the_limit_and_keeps_what_was_typed(client, monkeypatch):
    limited(monkeypatch, quotas, drafts_per_organisation=1)
    person = await sam()
    await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    answer = await post(client, "/en/devices/new", name_fr="Pompe à lait", reference="PL-1")

    assert answer.status_code == 422
    assert "Your organisation has 1 drafts, which is the limit." in answer.text
    assert 'value="Pompe à lait"' in answer.text


async def test_photos_and_documents_of_a_device_are_limited(db, monkeypatch):
    limited(monkeypatch, quotas, photos_per_device=1, documents_per_device=1)
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    version = await paper(row, actor, await photo(row, actor, 1))

    with pytest.raises(TooManyPhotos):
        await photo(row, actor, version)
    with pytest.raises(TooManyDocuments):
        await paper(row, actor, version)

    version = await remove_file(
        row.id, (await device(row.id)).photos[0].id, version=version, actor=actor
    )
    await photo(row, actor, version)
    assert await DevicePhoto.count() == 1


async def test_two_uploads_at_once_do_not_pass_what_an_organisation_may_keep(db, monkeypatch):
    person = await sam()
    organisation, actor = await organisation_of(person), await actor_for(person)
    rows = [await make_device(organisation, state=DeviceState.DRAFT) for _ in range(3)]
    await photo(rows[0], actor, 1)
    size = (await Document.objects().first()).size_bytes
    limited(monkeypatch, documents, bytes_per_organisation=2 * size)

    done = await asyncio.gather(
        photo(rows[1], actor, 1), photo(rows[2], actor, 1), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["NoRoom", "int"]
    assert await Document.count() == 2


async def test_a_file_taken_off_a_draft_makes_room_one_of_a_published_device_is_kept(
    db, monkeypatch
):
    person = await sam()
    organisation, actor = await organisation_of(person), await actor_for(person)
    draft = await make_device(organisation, state=DeviceState.DRAFT)
    shown = await make_device(organisation, state=DeviceState.SUBMITTED)
    await move_device(shown.id, Move.PUBLISH, actor=actor)
    for row, version in ((draft, 1), (shown, 2)):
        version = await photo(row, actor, version)
        file = (await device(row.id)).photos[0]
        await remove_file(row.id, file.id, version=version, actor=actor)

    assert [one.public for one in await Document.objects()] == [False]
    limited(monkeypatch, documents, bytes_per_organisation=1)
    with pytest.raises(NoRoom):
        await photo(draft, actor, 3)
