"""What the table definitions cannot say: partial and prefix indexes, and links to other packages."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T21:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Partial and prefix indexes, links to organisations"

FORWARDS = (
    "CREATE INDEX device_model_waiting ON device_model (submitted_at) WHERE state = 'submitted'",
    "CREATE INDEX device_model_public ON device_model (emdn_code text_pattern_ops, number)"
    " WHERE state IN ('published', 'retired')",
    "CREATE INDEX emdn_term_prefix ON emdn_term (code text_pattern_ops)",
    "ALTER TABLE device_model ADD CONSTRAINT device_model_supplier"
    " FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT",
    "ALTER TABLE supplier_profile ADD CONSTRAINT supplier_profile_supplier"
    " FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE CASCADE",
)
BACKWARDS = (
    "DROP INDEX device_model_waiting",
    "DROP INDEX device_model_public",
    "DROP INDEX emdn_term_prefix",
    "ALTER TABLE device_model DROP CONSTRAINT device_model_supplier",
    "ALTER TABLE supplier_profile DROP CONSTRAINT supplier_profile_supplier",
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
