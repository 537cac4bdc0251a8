"""Hide the organisations that were refused after a verification."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-22T02:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Refused organisations that were verified once stay hidden while they ask again"


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        await Sql.raw(
            "UPDATE organisation SET withdrawn_at = now()"
            " WHERE state = 'refused' AND verified_at IS NOT NULL AND withdrawn_at IS NULL"
        )

    async def run_backwards() -> None:
        await Sql.raw("UPDATE organisation SET withdrawn_at = NULL")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
