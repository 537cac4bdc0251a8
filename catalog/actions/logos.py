"""The logo an organisation shows on its supplier page and beside what it offers."""

from uuid import UUID

from litestar.datastructures import UploadFile

from catalog.actions.editing import SUPPLIERS
from catalog.errors import DeviceChangedMeanwhile
from portal import database
from portal.audit.actions import record
from portal.documents.actions import set_public, store_upload
from portal.documents.kinds import IMAGES
from portal.permissions import Actor
from portal.search.dirty import mark_dirty

# The old logo is read in the same statement that puts the new one in its place.
CHANGE = """
WITH before AS (SELECT logo_document_id FROM supplier_profile WHERE organisation_id = $1)
INSERT INTO supplier_profile AS s (organisation_id, logo_document_id, version, updated_at)
VALUES ($1, $3, 1, now())
ON CONFLICT (organisation_id) DO UPDATE SET logo_document_id = $3, version = s.version + 1,
  updated_at = now()
WHERE s.version = $2
RETURNING s.version, (SELECT logo_document_id FROM before) AS before
"""
FOLLOW = """
UPDATE document SET public = EXISTS (
  SELECT 1 FROM organisation o WHERE o.id = $1 AND o.state = 'verified')
WHERE id = (SELECT logo_document_id FROM supplier_profile WHERE organisation_id = $1)
"""


async def set_logo(organisation_id: UUID, upload: UploadFile, *, version: int, actor: Actor) -> int:
    """Keep a logo, checked and written anew as every picture is; return the new edition.

    Raises:
        FileRefused: the file is no image, or one we cannot keep.
        DeviceChangedMeanwhile: somebody else saved the presentation after it was opened.
    """
    async with database.transaction():
        document_id = await store_upload(
            upload, organisation_id=organisation_id, actor=actor, kinds=IMAGES
        )
        return await _put(organisation_id, document_id, version, actor)


async def remove_logo(organisation_id: UUID, *, version: int, actor: Actor) -> int:
    """Take the logo away; the file is kept for its organisation alone. Return the new edition.

    Raises:
        DeviceChangedMeanwhile: somebody else saved the presentation after it was opened.
    """
    async with database.transaction():
        return await _put(organisation_id, None, version, actor)


async def _put(organisation_id: UUID, document_id: UUID | None, version: int, actor: Actor) -> int:
    rows = await database.fetch(CHANGE, organisation_id, version, document_id)
    if not rows:
        raise DeviceChangedMeanwhile
    if rows[0]["before"]:
        await set_public([rows[0]["before"]], public=False)
    await show_logo(organisation_id)
    await mark_dirty(SUPPLIERS, [organisation_id])
    await record(
        "supplier.presented",
        subject=("organisation", organisation_id),
        actor=actor,
        organisation_id=organisation_id,
        version=rows[0]["version"],
        logo=document_id,
    )
    return int(rows[0]["version"])


async def show_logo(organisation_id: UUID) -> None:
    """Let everybody see the logo of a verified organisation, and of any other its members only."""
    await database.fetch(FOLLOW, organisation_id)
