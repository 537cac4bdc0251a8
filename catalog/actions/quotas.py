"""How much one organisation may keep: asked in the transaction that adds to it, under a lock."""

from uuid import UUID

from catalog.errors import TooManyDocuments, TooManyDrafts, TooManyPhotos
from portal import database
from portal.settings import get_settings


async def check_drafts(organisation_id: UUID) -> None:
    """Refuse one more draft while the organisation has as many as it may.

    Two at once count one after the other. Drafts of imports count as well; an import that begins
    below the limit is carried out whole, so that no file is taken over by halves.

    Raises:
        TooManyDrafts: some have to be submitted or deleted first.
    """
    most = get_settings().drafts_per_organisation
    await database.fetch(
        "SELECT pg_advisory_xact_lock(hashtextextended('drafts ' || $1, 0))", str(organisation_id)
    )
    rows = await database.fetch(
        "SELECT count(*) AS n FROM device_model WHERE organisation_id = $1 AND state = 'draft'",
        organisation_id,
    )
    if rows[0]["n"] >= most:
        raise TooManyDrafts(most=most)


async def check_photos(device_id: UUID) -> None:
    """Refuse one more photo; the caller holds the record, so nobody else adds one meanwhile.

    Raises:
        TooManyPhotos: one has to be removed first.
    """
    most = get_settings().photos_per_device
    rows = await database.fetch(
        "SELECT count(*) AS n FROM device_photo WHERE device = $1", device_id
    )
    if rows[0]["n"] >= most:
        raise TooManyPhotos(most=most)


async def check_documents(device_id: UUID) -> None:
    """Refuse one more document; the caller holds the record, so nobody else adds one meanwhile.

    Raises:
        TooManyDocuments: one has to be removed first.
    """
    most = get_settings().documents_per_device
    rows = await database.fetch(
        "SELECT count(*) AS n FROM device_document WHERE device = $1", device_id
    )
    if rows[0]["n"] >= most:
        raise TooManyDocuments(most=most)
