"""Take back what became public without having been reviewed, and files of records that are not."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-22T01:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Nothing unreviewed is public: retired drafts, files of drafts"

FORWARDS = (
    # A retired device is readable: a draft or a suspended device must not come out by retiring it.
    "UPDATE device_model d SET state = m.source, version = version + 1 FROM ("
    " SELECT DISTINCT ON (device) device, move, source FROM device_move"
    " ORDER BY device, moved_at DESC, id DESC) m"
    " WHERE m.device = d.id AND d.state = 'retired' AND m.move = 'retire'"
    " AND m.source IN ('draft', 'suspended')",
    # Files uploaded to drafts were public until the next move of the device.
    "WITH used AS ("
    " SELECT p.document_id, d.state FROM device_photo p JOIN device_model d ON d.id = p.device"
    " UNION ALL"
    " SELECT c.document_id, d.state FROM device_document c JOIN device_model d ON d.id = c.device"
    " WHERE c.is_public)"
    " UPDATE document SET public = false WHERE public"
    " AND id IN (SELECT document_id FROM used)"
    " AND id NOT IN (SELECT document_id FROM used WHERE state IN ('published', 'retired'))",
)


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="catalog", description=DESCRIPTION)

    async def run() -> None:
        for statement in FORWARDS:
            await Sql.raw(statement)

    manager.add_raw(run)
    return manager
