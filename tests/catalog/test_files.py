from contextlib import asynccontextmanager

import pytest

from catalog.actions.files import add_document, add_photo, remove_file
from catalog.actions.moves import move_device
from catalog.errors import DeviceChangedMeanwhile, FileNotFound, NotEditable
from catalog.queries.devices import device, public_part
from catalog.states import DeviceState, DocumentKind, Move
from catalog.tables import DeviceModel, new_id
from portal.documents.errors import FileRefused
from tests.catalog.devices import actor_for, make_device
from tests.people import organisation_of, sam
from tests.portal.documents.files import image, upload


@asynccontextmanager
async def sent(data: bytes):
    """Send a file as a browser does; it is closed when the request ends."""
    file = upload(data)
    try:
        yield file
    finally:
        await file.close()


async def photo(row, data, *, version, actor, **alt):
    async with sent(data) as file:
        return await add_photo(row.id, file, alt=alt, version=version, actor=actor)


async def add(row, actor, version, kind=DocumentKind.OTHER, public=False):
    async with sent(image()) as file:
        return await add_document(
            row.id,
            file,
            kind=kind,
            title="Titre",
            language="fr",
            public=public,
            version=version,
            actor=actor,
        )


async def test_photos_and_documents_are_added_and_removed(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person))

    version = await photo(row, image(), fr="De face", version=1, actor=actor)
    version = await add(row, actor, version, public=True)
    version = await add(row, actor, version)

    one = await device(row.id)
    assert [photo.alt_fr for photo in one.photos] == ["De face"]
    assert [(file.title, file.is_public) for file in one.documents] == [
        ("Titre", True),
        ("Titre", False),
    ]
    assert len(public_part(one).documents) == 1

    version = await remove_file(row.id, one.photos[0].id, version=version, actor=actor)
    await remove_file(row.id, one.documents[0].id, version=version, actor=actor)
    assert ((await device(row.id)).photos, len((await device(row.id)).documents)) == ((), 1)


async def test_a_proof_of_origin_raises_the_level_and_its_removal_lowers_it(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person))

    version = await add(row, actor, 1, DocumentKind.ORIGIN_PROOF)
    one = await device(row.id)
    assert one.origin_level == "documented"

    await remove_file(row.id, one.documents[0].id, version=version, actor=actor)
    assert (await device(row.id)).origin_level == "declared"


async def test_a_refused_file_leaves_nothing(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person))

    with pytest.raises(FileRefused):
        await photo(row, b"MZ not an image", version=1, actor=actor)
    with pytest.raises(DeviceChangedMeanwhile):
        await photo(row, image(), version=5, actor=actor)
    with pytest.raises(FileNotFound):
        await remove_file(row.id, new_id(), version=1, actor=actor)

    one = await device(row.id)
    assert (one.photos, one.version) == ((), 1)


async def test_files_are_fixed_while_a_record_is_reviewed(db):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.SUBMITTED)

    with pytest.raises(NotEditable):
        await photo(row, image(), version=1, actor=await actor_for(person))


async def readable(client, document_id) -> int:
    return (await client.get(f"/documents/{document_id}")).status_code


async def test_a_strangers_view_of_files_follows_the_life_of_the_device(client):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    version = await photo(row, image(), version=1, actor=actor)
    version = await add(row, actor, version, public=True)
    version = await add(row, actor, version)
    one = await device(row.id)
    shown = [one.photos[0].document_id, *(d.document_id for d in one.documents if d.is_public)]
    hidden = next(d.document_id for d in one.documents if not d.is_public)

    assert [await readable(client, one) for one in (*shown, hidden)] == [303, 303, 303]

    await DeviceModel.update({DeviceModel.state: "submitted"}).where(DeviceModel.id == row.id)
    await move_device(row.id, Move.PUBLISH, actor=actor)
    assert [await readable(client, one) for one in (*shown, hidden)] == [200, 200, 303]

    await move_device(row.id, Move.SUSPEND, actor=actor, reason="Une raison assez longue.")
    assert [await readable(client, one) for one in (*shown, hidden)] == [303, 303, 303]

    await move_device(row.id, Move.REINSTATE, actor=actor)
    held = await device(row.id)
    await remove_file(row.id, held.photos[0].id, version=held.version, actor=actor)
    assert [await readable(client, one) for one in (*shown, hidden)] == [303, 200, 303]
