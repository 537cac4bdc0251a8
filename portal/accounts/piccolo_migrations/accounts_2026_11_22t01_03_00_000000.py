"""Give the organisations that are suspended already the day of this migration."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-22T01:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Suspended organisations are so since now at the latest"


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        await Sql.raw(
            "UPDATE organisation SET suspended_at = now()"
            " WHERE state = 'suspended' AND suspended_at IS NULL"
        )

    async def run_backwards() -> None:
        await Sql.raw("UPDATE organisation SET suspended_at = NULL")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
