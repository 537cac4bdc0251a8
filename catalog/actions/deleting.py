"""Deleting a draft that was never published: nobody outside can have relied on it."""

from uuid import UUID

from catalog.errors import DeviceChangedMeanwhile, DeviceNotFound, NotDeletable
from catalog.states import DeviceState
from portal import database
from portal.audit.actions import record
from portal.documents.actions import remove_document
from portal.permissions import Actor

FILES = """
SELECT document_id FROM device_photo WHERE device = $1
UNION SELECT document_id FROM device_document WHERE device = $1
"""
ELSEWHERE = """
SELECT document_id FROM device_photo WHERE document_id = ANY($1)
UNION SELECT document_id FROM device_document WHERE document_id = ANY($1)
"""


async def delete_draft(device_id: UUID, *, version: int, actor: Actor) -> None:
    """Delete a draft with all it contains, its photos and documents too; the audit keeps that.

    Raises:
        DeviceNotFound: there is none with this id.
        NotDeletable: it is no draft, or was published once.
        DeviceChangedMeanwhile: it is not the edition that was looked at.
    """
    async with database.transaction():
        rows = await database.fetch(
            "SELECT organisation_id, state, version, published_at FROM device_model WHERE id = $1"
            " FOR UPDATE",
            device_id,
        )
        if not rows:
            raise DeviceNotFound
        row = rows[0]
        if row["state"] != DeviceState.DRAFT or row["published_at"] is not None:
            raise NotDeletable
        if row["version"] != version:
            raise DeviceChangedMeanwhile
        files = {one["document_id"] for one in await database.fetch(FILES, device_id)}
        await database.fetch("DELETE FROM device_model WHERE id = $1", device_id)
        used = {one["document_id"] for one in await database.fetch(ELSEWHERE, list(files))}
        for document_id in sorted(files - used):
            await remove_document(document_id, actor=actor)
        await record(
            "device.deleted",
            subject=("device", device_id),
            actor=actor,
            organisation_id=row["organisation_id"],
            files=len(files - used),
        )
