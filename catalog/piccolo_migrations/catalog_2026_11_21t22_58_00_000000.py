"""Let the counts of the nomenclature and of the home page be read from the index alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Counts of public devices from the index alone"

FORWARDS = (
    "DROP INDEX device_model_public",
    "CREATE INDEX device_model_public ON device_model (emdn_code text_pattern_ops, number)"
    " INCLUDE (state, origin, is_reference, organisation_id)"
    " WHERE state IN ('published', 'retired')",
)
BACKWARDS = (
    "DROP INDEX device_model_public",
    "CREATE INDEX device_model_public ON device_model (emdn_code text_pattern_ops, number)"
    " WHERE state IN ('published', 'retired')",
)


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="catalog", description=DESCRIPTION)

    async def run() -> None:
        for statement in FORWARDS:
            await Sql.raw(statement)

    async def run_backwards() -> None:
        for statement in BACKWARDS:
            await Sql.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
