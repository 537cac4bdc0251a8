"""What a migration mends in the data of before; its statements may run twice."""

from importlib import import_module

from catalog.queries.devices import device
from catalog.states import DeviceState
from catalog.tables import DeviceDocument, DeviceMove, DevicePhoto, new_id
from portal import database
from portal.documents.tables import Document
from tests.catalog.devices import make_device
from tests.people import make_organisation

MENDING = import_module("catalog.piccolo_migrations.catalog_2026_11_22t01_05_00_000000")


async def kept(organisation, table, row, **more) -> Document:
    document = Document(
        organisation_id=organisation.id, sha256="0" * 64, name="a.png", media_type="image/png",
        size_bytes=1, public=True, actor="system",
    )  # fmt: skip
    await document.save()
    await table.insert(table(id=new_id(), device=row.id, document_id=document.id, **more))
    return document


async def mend() -> None:
    for statement in MENDING.FORWARDS:
        await database.fetch(statement)


async def test_files_of_what_is_not_public_are_private_and_those_of_what_is_stay(db):
    maker = await make_organisation()
    draft = await make_device(maker, state=DeviceState.DRAFT)
    shown = await make_device(maker)
    files = [
        await kept(maker, DevicePhoto, draft),
        await kept(maker, DeviceDocument, draft, is_public=True),
        await kept(maker, DevicePhoto, shown),
        await kept(maker, DeviceDocument, shown, is_public=True),
    ]

    await mend()
    await mend()

    public = {row.id: row.public for row in await Document.objects()}
    assert [public[one.id] for one in files] == [False, False, True, True]


async def test_a_draft_that_came_out_by_retiring_it_is_a_draft_again(db):
    maker = await make_organisation()
    states = {}
    for source in ("draft", "suspended", "published"):
        row = await make_device(maker, state=DeviceState.RETIRED)
        await DeviceMove.insert(
            DeviceMove(id=new_id(), device=row.id, move="retire", source=source, target="retired")
        )
        states[source] = row.id

    await mend()

    assert [(await device(one)).state for one in states.values()] == [
        DeviceState.DRAFT, DeviceState.SUSPENDED, DeviceState.RETIRED,
    ]  # fmt: skip
