"""Photos and documents of a device."""

from typing import Any
from uuid import UUID

from litestar.datastructures import UploadFile

from catalog.actions.editing import finish, hold
from catalog.actions.order import next_place
from catalog.actions.quotas import check_documents, check_photos
from catalog.errors import FileNotFound
from catalog.rules.completeness import Step
from catalog.states import PUBLIC_STATES, DocumentKind
from catalog.tables import DeviceDocument, DevicePhoto, new_id
from portal import database
from portal.documents.actions import remove_document, set_public, store_upload
from portal.documents.kinds import IMAGES, PDF
from portal.permissions import Actor
from portal.settings import LANGUAGES


async def add_photo(
    device_id: UUID, upload: UploadFile, *, alt: dict[str, str], version: int, actor: Actor
) -> int:
    """Keep a photo of a device with its description by language; return the new edition.

    Raises:
        FileRefused: the file is no image, or one we cannot keep.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.FILES)
        await check_photos(device_id)
        document_id = await store_upload(
            upload,
            organisation_id=held.organisation_id,
            actor=actor,
            kinds=IMAGES,
            public=held.state in PUBLIC_STATES,
        )
        described: dict[str, Any] = {f"alt_{code}": alt.get(code, "") for code in LANGUAGES}
        await DevicePhoto.insert(
            DevicePhoto(
                id=new_id(),
                device=device_id,
                document_id=document_id,
                position=await next_place("photo", device_id),
                **described,
            )
        )
        return await finish(held, Step.FILES, actor=actor, photo=document_id, change="added")


async def add_document(
    device_id: UUID,
    upload: UploadFile,
    *,
    kind: DocumentKind,
    title: str,
    language: str,
    public: bool,
    version: int,
    actor: Actor,
) -> int:
    """Keep a document of a device; return the new edition.

    Raises:
        FileRefused: the file is neither PDF nor image, or one we cannot keep.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.FILES)
        await check_documents(device_id)
        document_id = await store_upload(
            upload,
            organisation_id=held.organisation_id,
            actor=actor,
            kinds=PDF | IMAGES,
            public=public and held.state in PUBLIC_STATES,
        )
        await DeviceDocument.insert(
            DeviceDocument(
                id=new_id(),
                device=device_id,
                document_id=document_id,
                kind=kind,
                title=title,
                language=language,
                is_public=public,
            )
        )
        more = {"document": document_id, "kind": kind, "change": "added"}
        return await finish(held, Step.FILES, actor=actor, **more)


async def remove_file(device_id: UUID, file_id: UUID, *, version: int, actor: Actor) -> int:
    """Take a photo or document off a device.

    What a published device once showed is kept for its organisation alone; of a device that
    nobody has seen, nothing is kept.

    Raises:
        FileNotFound: the device has no such file.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.FILES)
        gone = await database.fetch(
            "WITH d AS (DELETE FROM device_document WHERE id = $1 AND device = $2"
            " RETURNING document_id),"
            " p AS (DELETE FROM device_photo WHERE id = $1 AND device = $2 RETURNING document_id)"
            " SELECT document_id FROM d UNION ALL SELECT document_id FROM p",
            file_id,
            device_id,
        )
        if not gone:
            raise FileNotFound
        await _put_away(held.id, gone[0]["document_id"], actor)
        return await finish(
            held, Step.FILES, actor=actor, document=gone[0]["document_id"], change="removed"
        )


async def _put_away(device_id: UUID, document_id: UUID, actor: Actor) -> None:
    rows = await database.fetch("SELECT published_at FROM device_model WHERE id = $1", device_id)
    if rows[0]["published_at"] is None:
        await remove_document(document_id, actor=actor)
    else:
        await set_public([document_id], public=False)


async def show_files(device_id: UUID, *, public: bool) -> None:
    """Let everybody read a device's photos and public documents, or only those concerned."""
    rows = await database.fetch(
        "SELECT document_id FROM device_photo WHERE device = $1 UNION ALL"
        " SELECT document_id FROM device_document WHERE device = $1 AND is_public",
        device_id,
    )
    await set_public([row["document_id"] for row in rows], public=public)
